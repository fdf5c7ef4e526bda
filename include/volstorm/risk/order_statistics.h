#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "volstorm/risk/cells.h"
#include "volstorm/risk/weights.h"

namespace volstorm {

/// Bits that sort as the numbers do: negative numbers have all bits flipped, the others their sign bit. Both zeros have
/// the key of 0.0.
constexpr std::uint32_t order_key(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value + 0.0f);
    return bits & 0x8000'0000u ? ~bits : bits | 0x8000'0000u;
}

constexpr float value_of_key(std::uint32_t key) {
    return std::bit_cast<float>(key & 0x8000'0000u ? key & 0x7fff'ffffu : ~key);
}

/// Counts of 16-bit numbers: halves of keys. Memory comes in pages of 2 kB, only where something was counted.
class HalfCounts {
 public:
    void add(std::uint32_t half, std::uint64_t count = 1) {
        std::unique_ptr<Page>& page = pages_[half / kPage];
        if (!page) page = std::make_unique<Page>();
        (*page)[half % kPage] += count;
    }
    void add(const HalfCounts& other);
    std::uint64_t at(std::uint32_t half) const {
        const std::unique_ptr<Page>& page = pages_[half / kPage];
        return page ? (*page)[half % kPage] : 0;
    }
    std::uint64_t total() const { return below(0x10000); }
    /// How many are below `half`.
    std::uint64_t below(std::uint32_t half) const;

    static constexpr std::uint32_t kPage = 256;
    bool has_page(std::uint32_t number) const { return pages_[number] != nullptr; }

 private:
    using Page = std::array<std::uint64_t, kPage>;
    std::array<std::unique_ptr<Page>, 0x10000 / kPage> pages_;
};

/// Counts by cell.
using CellCounts = std::array<HalfCounts, kCells>;
void add(CellCounts& counts, const CellCounts& more);

/// First pass: the upper halves of the keys. `cells` has one for each value. Counts are sums of masses here and below.
void count_upper_halves(std::span<const float> values, std::span<const std::uint8_t> cells, CellCounts& counts,
                        const PathMasses& masses = {});

/// The entry at `rank` (0: the smallest) among the paths of some cells.
struct RankQuery {
    CellSet cells;
    std::uint64_t rank;
};

/// Exact order statistics of one column within unions of cells, from three passes whatever their number: upper halves
/// of the keys, third bytes, last bytes. Counts of several threads or pieces are simply added, so no order matters.
class OrderStatistics {
 public:
    /// After the first pass. Throws std::invalid_argument for a rank outside its cells.
    OrderStatistics(const CellCounts& upper, std::span<const RankQuery> queries);

    /// How often each next byte follows a beginning of a key that some rank has: by slot (beginning) and cell.
    using ByteCounts = std::vector<std::array<std::array<std::uint64_t, 256>, kCells>>;
    ByteCounts no_counts() const { return ByteCounts(slots_); }
    /// Second and third pass.
    void count_bytes(std::span<const float> values, std::span<const std::uint8_t> cells, ByteCounts& counts,
                     const PathMasses& masses = {}) const;
    static void add(ByteCounts& counts, const ByteCounts& more);
    /// After the second and after the third.
    void refine(const ByteCounts& counts);

    /// After all: the entry of each query, and the mass of the paths of its cells that equal it.
    struct Entry {
        float value;
        std::uint64_t equal;
    };
    std::vector<Entry> entries() const;

 private:
    struct Place {
        CellSet cells;
        std::uint32_t beginning;  // of the key, as far as it is known
        std::uint64_t rank;       // among the entries with that beginning
        std::uint64_t equal;      // how many have it
    };
    std::uint32_t slot(std::uint32_t key) const;
    std::vector<Place> places_;
    std::uint32_t known_bits_ = 16;
    std::size_t slots_ = 0;
    std::vector<std::uint32_t> slot_of_half_;  // of each upper half, from 1; 0: no rank lies there
    std::vector<std::uint32_t> slot_of_byte_;  // of each slot of upper halves: of the third byte
};

}  // namespace volstorm

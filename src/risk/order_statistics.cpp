#include "volstorm/risk/order_statistics.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace volstorm {
namespace {

constexpr std::uint32_t kHalves = 0x10000;

std::uint64_t at(const CellCounts& counts, CellSet cells, std::uint32_t half) {
    std::uint64_t sum = 0;
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        if (contains(cells, cell)) sum += counts[cell].at(half);
    }
    return sum;
}

bool has_page(const CellCounts& counts, CellSet cells, std::uint32_t page) {
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        if (contains(cells, cell) && counts[cell].has_page(page)) return true;
    }
    return false;
}

/// The half that holds a rank; leaves in `rank` that among the entries that share it.
std::uint32_t find(const CellCounts& counts, CellSet cells, std::uint64_t& rank) {
    for (std::uint32_t page = 0; page < kHalves / HalfCounts::kPage; ++page) {
        if (!has_page(counts, cells, page)) continue;
        for (std::uint32_t half = page * HalfCounts::kPage; half < (page + 1) * HalfCounts::kPage; ++half) {
            const std::uint64_t here = at(counts, cells, half);
            if (rank < here) return half;
            rank -= here;
        }
    }
    throw std::invalid_argument("the rank is " + std::to_string(rank) + " entries beyond the last");
}

}  // namespace

void HalfCounts::add(const HalfCounts& other) {
    for (std::uint32_t page = 0; page < pages_.size(); ++page) {
        if (!other.pages_[page]) continue;
        if (!pages_[page]) pages_[page] = std::make_unique<Page>();
        for (std::uint32_t i = 0; i < kPage; ++i) (*pages_[page])[i] += (*other.pages_[page])[i];
    }
}

std::uint64_t HalfCounts::below(std::uint32_t half) const {
    std::uint64_t sum = 0;
    for (std::uint32_t page = 0; page * kPage < half; ++page) {
        if (!pages_[page]) continue;
        for (std::uint32_t i = 0; i < kPage && page * kPage + i < half; ++i) sum += (*pages_[page])[i];
    }
    return sum;
}

void add(CellCounts& counts, const CellCounts& more) {
    for (std::size_t cell = 0; cell < kCells; ++cell) counts[cell].add(more[cell]);
}

void count_upper_halves(std::span<const float> values, std::span<const std::uint8_t> cells, CellCounts& counts,
                        const PathMasses& masses) {
    for (std::size_t i = 0; i < values.size(); ++i) counts[cells[i]].add(order_key(values[i]) >> 16, masses[i]);
}

OrderStatistics::OrderStatistics(const CellCounts& upper, std::span<const RankQuery> queries)
    : slot_of_half_(kHalves, 0) {
    for (const RankQuery& query : queries) {
        Place place{query.cells, 0, query.rank, 0};
        place.beginning = find(upper, query.cells, place.rank);
        place.equal = at(upper, query.cells, place.beginning);
        std::uint32_t& slot = slot_of_half_[place.beginning];
        if (slot == 0) slot = static_cast<std::uint32_t>(++slots_);
        places_.push_back(place);
    }
}

std::uint32_t OrderStatistics::slot(std::uint32_t key) const {
    const std::uint32_t first = slot_of_half_[key >> 16];
    if (known_bits_ == 16 || first == 0) return first;
    return slot_of_byte_[256 * (first - 1) + (key >> 8 & 0xff)];
}

void OrderStatistics::count_bytes(std::span<const float> values, std::span<const std::uint8_t> cells,
                                  ByteCounts& counts, const PathMasses& masses) const {
    const std::uint32_t shift = 24 - known_bits_;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint32_t key = order_key(values[i]), place = slot(key);
        if (place > 0) counts[place - 1][cells[i]][key >> shift & 0xff] += masses[i];
    }
}

void OrderStatistics::add(ByteCounts& counts, const ByteCounts& more) {
    for (std::size_t slot = 0; slot < counts.size(); ++slot) {
        for (std::size_t cell = 0; cell < kCells; ++cell) {
            for (std::size_t byte = 0; byte < 256; ++byte) counts[slot][cell][byte] += more[slot][cell][byte];
        }
    }
}

void OrderStatistics::refine(const ByteCounts& counts) {
    std::vector<std::uint32_t> slot_of_byte(256 * slots_, 0);
    std::uint32_t slots = 0;
    for (Place& place : places_) {
        const std::uint32_t old = slot(place.beginning << (32 - known_bits_));
        std::uint32_t byte = 0;
        for (;; ++byte) {
            place.equal = 0;
            for (std::size_t cell = 0; cell < kCells; ++cell) {
                if (contains(place.cells, cell)) place.equal += counts[old - 1][cell][byte];
            }
            if (place.rank < place.equal) break;
            place.rank -= place.equal;
        }
        place.beginning = place.beginning << 8 | byte;
        std::uint32_t& next = slot_of_byte[256 * (old - 1) + byte];
        if (next == 0) next = ++slots;
    }
    slot_of_byte_ = std::move(slot_of_byte);
    slots_ = slots;
    known_bits_ += 8;
}

std::vector<OrderStatistics::Entry> OrderStatistics::entries() const {
    std::vector<Entry> result;
    for (const Place& place : places_) result.push_back({value_of_key(place.beginning), place.equal});
    return result;
}

}  // namespace volstorm

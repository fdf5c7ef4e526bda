#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace volstorm {

/// How the paths of a sample count. In a plain sample each counts 1; in strata those of one stratum count alike: as
/// whole multiples of one unit, so that sums of them are exact in any order.
struct PathWeights {
    std::vector<std::uint64_t> mass = {};  // of each path, by stratum; empty: plain
    std::size_t replicates = 0;            // independent randomisations, which tell the errors; 0: plain
    double effective = 0.0;                // what all paths are worth: (sum w)^2 / sum w^2 (Kish 1965)
    bool is_plain() const { return mass.empty(); }
    /// The masses, so coarse that sums of their squares are exact too: 12 bits.
    std::vector<std::uint64_t> coarse() const {
        std::uint64_t most = 1;
        for (const std::uint64_t m : mass) most = m > most ? m : most;
        const int shift = static_cast<int>(std::bit_width(most)) - 12;
        std::vector<std::uint64_t> list;
        for (const std::uint64_t m : mass) list.push_back(shift > 0 ? m >> shift : m);
        return list;
    }
};

/// What each path of a piece counts.
class PathMasses {
 public:
    PathMasses() = default;  // plain
    PathMasses(const PathWeights& weights, std::span<const std::uint8_t> stratum)
        : mass_(weights.is_plain() ? nullptr : weights.mass.data()), stratum_(stratum.data()) {}
    std::uint64_t operator[](std::size_t i) const { return mass_ == nullptr ? 1 : mass_[stratum_[i]]; }

 private:
    const std::uint64_t* mass_ = nullptr;
    const std::uint8_t* stratum_ = nullptr;
};

}  // namespace volstorm

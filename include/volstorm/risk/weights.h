#pragma once
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
    bool is_plain() const { return mass.empty(); }
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

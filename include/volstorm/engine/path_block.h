#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace volstorm {

inline constexpr std::size_t kBlockPaths = 512;
inline constexpr std::size_t kNormalsPerStep = 3;  // SPX, v, m
inline constexpr std::size_t kStepsPerFill = 4;    // four steps of three normals from three calls of four words

/// What the first jumps of one family draw on a block of paths, where a sample in strata decides it.
struct alignas(64) FirstJumps {
    alignas(64) std::array<float, kBlockPaths> exponential, normal;
    /// The clock after the first jump: that very time where it is positive, else an exponential and as much more.
    alignas(64) std::array<float, kBlockPaths> second_clock;
    /// Of the second jump; below 0 where it draws for itself.
    alignas(64) std::array<float, kBlockPaths> second_exponential;
    alignas(64) std::array<float, kBlockPaths> second_normal;
};

/// The state of a block of paths on its way: structure of arrays, x = ln(S / S_entry).
struct alignas(64) PathBlock {
    alignas(64) std::array<std::uint32_t, kBlockPaths> number_low, number_high;  // which paths: halves of their numbers
    alignas(64) std::array<float, kBlockPaths> x, v, m;
    std::uint64_t number(std::size_t i) const {
        return static_cast<std::uint64_t>(number_high[i]) << 32 | number_low[i];
    }
    alignas(64) std::array<float, kBlockPaths> positive_v;  // max(v, 0) at the start of the last step
    alignas(64) std::array<float, kBlockPaths> vix_squared_max;
    alignas(64) std::array<std::array<float, kBlockPaths>, kStepsPerFill * kNormalsPerStep> normals;
    std::vector<std::array<float, kBlockPaths>> clocks;         // of each jump family: hazard left until the next jump
    std::vector<std::array<std::uint32_t, kBlockPaths>> jumps;  // of each family so far
    // Of a sample in strata: how far the normals of x, v and m still lead, and the first jumps of each family.
    alignas(64) std::array<std::array<float, kBlockPaths>, kNormalsPerStep> ways;
    std::vector<FirstJumps> first_jumps;
    std::vector<std::array<double, kBlockPaths>> own;  // what another generator keeps of each path, from step to step
    std::vector<std::array<std::int32_t, kBlockPaths>> drawn;  // by draw: the session of history, days since 1970
};

}  // namespace volstorm

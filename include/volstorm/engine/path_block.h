#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace volstorm {

inline constexpr std::size_t kBlockPaths = 512;
inline constexpr std::size_t kNormalsPerStep = 3;  // SPX, v, m
inline constexpr std::size_t kStepsPerFill = 4;    // four steps of three normals from three calls of four words

/// The state of a block of paths on its way: structure of arrays, x = ln(S / S_entry).
struct alignas(64) PathBlock {
    alignas(64) std::array<std::uint32_t, kBlockPaths> number_low, number_high;  // which paths: halves of their numbers
    alignas(64) std::array<float, kBlockPaths> x, v, m;
    alignas(64) std::array<float, kBlockPaths> positive_v;  // max(v, 0) at the start of the last step
    alignas(64) std::array<float, kBlockPaths> vix_squared_max;
    alignas(64) std::array<std::array<float, kBlockPaths>, kStepsPerFill * kNormalsPerStep> normals;
    std::vector<std::array<float, kBlockPaths>> clocks;         // of each jump family: hazard left until the next jump
    std::vector<std::array<std::uint32_t, kBlockPaths>> jumps;  // of each family so far
    std::vector<std::array<double, kBlockPaths>> own;  // what another generator keeps of each path, from step to step
    std::vector<std::array<std::int32_t, kBlockPaths>> drawn;  // by draw: the session of history, days since 1970
};

}  // namespace volstorm

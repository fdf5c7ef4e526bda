#pragma once
#include <array>
#include <cstddef>

#include "volstorm/engine/path_kernel.h"

namespace volstorm {

/// The lowest and highest x that the paths of a block have reached, between the ends of the steps too.
struct alignas(64) Extremes {
    alignas(64) std::array<float, kBlockPaths> low, high;
    alignas(64) std::array<float, kBlockPaths> x_before;  // at the start of the step under way

    /// Begins to watch where the block stands now.
    void start(const PathBlock& block);
    /// To be called before each advance_block(plan, step, block) that is watched, and `after` after it.
    void before(const PathBlock& block) { x_before = block.x; }
    /// Draws the step's low and high from the law of the Brownian bridge between its ends (each right by itself; their
    /// dependence inside a step is left out): high = (a + b + sqrt((b - a)^2 - 2 v dt ln u)) / 2. A jump inside a step
    /// counts as part of its move. With `looks` above 0 they are what is seen at so many equal distances in the step:
    /// nearer by 0.5826 sqrt(v dt / looks) (Broadie, Glasserman, Kou 1997), but not nearer than the ends.
    void after(const PathPlan& plan, std::size_t step, const PathBlock& block, float looks = 0.0f);
};

}  // namespace volstorm

#include "volstorm/engine/extremes.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>

#include "volstorm/math/normal.h"

using namespace volstorm;

namespace {

constexpr double kVolatility = 0.2;

// A Brownian motion without drift, of 20 % a year, over a year in so many steps.
PathPlan brownian(int steps) {
    PathPlan plan;
    plan.v0 = static_cast<float>(kVolatility * kVolatility);
    plan.seed = 5;
    StepConstants step{};
    step.dt = 1.0f / static_cast<float>(steps);
    plan.steps.assign(static_cast<std::size_t>(steps), step);
    plan.event_of_step.assign(static_cast<std::size_t>(steps), kNoEvent);
    plan.is_bar_end.assign(static_cast<std::size_t>(steps), 0);
    return plan;
}

struct Shares {
    double above = 0.0, below = 0.0, error = 0.0;  // of paths whose high or low passes the barrier
};

Shares passing(const PathPlan& plan, double barrier, float looks, std::size_t paths) {
    const auto block = std::make_unique<PathBlock>();
    const auto extremes = std::make_unique<Extremes>();
    double above = 0.0, below = 0.0;
    for (std::size_t first = 0; first < paths; first += kBlockPaths) {
        start_block(plan, first, *block);
        extremes->start(*block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) {
            extremes->before(*block);
            advance_block(plan, step, *block);
            extremes->after(plan, step, *block, looks);
        }
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            above += extremes->high[i] > barrier ? 1.0 : 0.0;
            below += extremes->low[i] < -barrier ? 1.0 : 0.0;
        }
    }
    const auto n = static_cast<double>(paths);
    return {above / n, below / n, std::sqrt(above / n * (1.0 - above / n) / n)};
}

}  // namespace

TEST_CASE("highs and lows follow the reflection principle, whatever the step") {
    const double barrier = 0.25, share = 2.0 * normal_distribution(-barrier / kVolatility);
    for (const int steps : {1, 4, 64}) {
        const Shares found = passing(brownian(steps), barrier, 0.0f, 262'144);
        CAPTURE(steps);
        CHECK(std::abs(found.above - share) < 4.0 * found.error);
        CHECK(std::abs(found.below - share) < 4.0 * found.error);
    }
}

TEST_CASE("seen at a few moments, an extreme is nearer, as far as a path in as many steps says") {
    // 64 looks in 4 steps of 16 against the ends of 64 steps, which a step of no variance sees.
    const double barrier = 0.25;
    const Shares seen = passing(brownian(4), barrier, 16.0f, 1'048'576);
    const PathPlan plan = brownian(64);
    const auto block = std::make_unique<PathBlock>();
    double above = 0.0;
    const std::size_t paths = 1'048'576;
    for (std::size_t first = 0; first < paths; first += kBlockPaths) {
        start_block(plan, first, *block);
        std::array<float, kBlockPaths> high = block->x;
        for (std::size_t step = 0; step < plan.steps.size(); ++step) {
            advance_block(plan, step, *block);
            for (std::size_t i = 0; i < kBlockPaths; ++i) high[i] = std::max(high[i], block->x[i]);
        }
        for (std::size_t i = 0; i < kBlockPaths; ++i) above += high[i] > barrier ? 1.0 : 0.0;
    }
    const double plain = above / static_cast<double>(paths),
                 continuous = 2.0 * normal_distribution(-barrier / kVolatility);
    CHECK(continuous - plain > 50.0 * seen.error);
    // The correction is of the first order: what is left is under 3 % of it.
    CHECK(std::abs(seen.above - plain) < 0.03 * (continuous - plain) + 4.0 * std::sqrt(2.0) * seen.error);
}

#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "volstorm/engine/path_block.h"
#include "volstorm/market/timeline.h"
#include "volstorm/math/threefry.h"
#include "volstorm/model/mean_variance.h"
#include "volstorm/model/parameters.h"

namespace volstorm {

/// What one step needs, as plain numbers: full-truncation Euler (Lord, Koekkoek, van Dijk 2010) with Milstein's term in
/// x, src/README.md eq. 6.
struct StepConstants {
    float dt;             // years of session time
    float x_drift;        // of x, whatever v is
    float x_drift_per_v;  // -(1/2 + sum l1 mbar) dt
    float kappa_v_dt, kappa_m_dt_theta, reversion_m_dt, pull_m_dt;
    float sigma_v_rho, sigma_v_rest;  // sigma_v rho, sigma_v sqrt(1 - rho^2)
    float sigma_m;
    float vix_constant, vix_per_v, vix_per_m;  // VIX^2 / 10000 at the end of the step
};
/// A jump family as the kernel uses it.
struct JumpConstants {
    float mean_log_jump, log_jump_sd, variance_jump_slope, mean_variance_jump;
    double intensity, intensity_per_variance;
    std::string name{};
};
struct EventConstants {
    float mean, sd, keep;  // of the log move; share of v that stays
};

class Strata;

/// All that the simulation of a path needs: immutable.
struct PathPlan {
    std::vector<StepConstants> steps;
    std::vector<JumpConstants> jumps;
    std::vector<EventConstants> events;
    std::vector<int> event_of_step;        // kNoEvent or an index into events
    std::vector<std::uint8_t> is_bar_end;  // of each step: VIX is watched there
    float v0 = 0.0f, m0 = 0.0f;
    std::uint64_t seed = 0;
    std::shared_ptr<const Strata> strata;  // none: independent paths
};

/// Starts the paths first_path ... first_path + 511 of a block: state, jump clocks.
void start_block(const PathPlan& plan, std::uint64_t first_path, PathBlock& block);
/// The same with any paths, at most 512 and at least one; the last fills the rest of the block.
void start_block(const PathPlan& plan, std::span<const std::uint64_t> paths, PathBlock& block);

/// Raises vix_squared_max to VIX^2 / 10000 of the states that the block has at the end of this step.
void watch_vix(const StepConstants& step, PathBlock& block);

/// Carries the block over step number `step`: normals, diffusion, jumps, the event at its end. Steps must be taken in
/// order. A path's result depends on (seed, path) alone, not on its neighbours.
void advance_block(const PathPlan& plan, std::size_t step, PathBlock& block);

}  // namespace volstorm

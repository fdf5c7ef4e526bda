#pragma once
#include <cmath>

#include "volstorm/engine/path_kernel.h"

namespace volstorm::bench {

/// One session of 78 equal bars, two factors and two jump families: about the calm pricing set of
/// tests/reference/two_anchors.toml at VIX 15. peer_work.py holds the same numbers.
inline PathPlan session_plan(std::uint64_t seed) {
    constexpr float dt = 1.0f / 252.0f / 78.0f;  // years of session time
    PathPlan plan;
    plan.seed = seed;
    plan.v0 = 0.0121f;
    plan.m0 = 0.0087f;
    plan.jumps = {{-0.009f, 0.0068f, -0.83f, 0.056f, 0.31, 84.0}, {-0.0017f, 0.00089f, -1.03f, 0.004f, 12.2, 845.0}};
    const StepConstants step{.dt = dt,
                             .x_drift = 1e-7f,
                             .x_drift_per_v = -0.5f * dt,
                             .kappa_v_dt = 15.0f * dt,
                             .kappa_m_dt_theta = 0.003f * dt,
                             .reversion_m_dt = 2.3f * dt,
                             .pull_m_dt = 1.0f * dt,
                             .sigma_v_rho = -0.236f,
                             .sigma_v_rest = 0.19f,
                             .sigma_m = 0.118f,
                             .vix_constant = 0.001f,
                             .vix_per_v = 0.7f,
                             .vix_per_m = 0.2f};
    plan.steps.assign(78, step);
    plan.event_of_step.assign(plan.steps.size(), kNoEvent);
    plan.is_bar_end.assign(plan.steps.size(), 1);
    return plan;
}

/// Heston's model: the same v around a constant mean, no jumps. The pull of v on m and the noise of m are zero.
inline PathPlan heston_plan(std::uint64_t seed) {
    PathPlan plan = session_plan(seed);
    plan.jumps.clear();
    for (StepConstants& step : plan.steps)
        step.x_drift = step.kappa_m_dt_theta = step.reversion_m_dt = step.pull_m_dt = step.sigma_m = 0.0f;
    return plan;
}

/// Bates's model: Heston's with 14 jumps a year in x, compensated.
inline PathPlan bates_plan(std::uint64_t seed) {
    PathPlan plan = heston_plan(seed);
    plan.jumps = {{-0.009f, 0.0068f, 0.0f, 0.0f, 14.0, 0.0}};
    for (StepConstants& step : plan.steps)
        step.x_drift = static_cast<float>(-14.0 * std::expm1(-0.009 + 0.5 * 0.0068 * 0.0068)) * step.dt;
    return plan;
}

}  // namespace volstorm::bench

#include <cmath>

#include "volstorm/engine/experiment.h"

namespace volstorm {
namespace {

StepConstants step_constants(const Parameters& p, const Step& step, double drift, const LinearInState& vix) {
    const double dt = step.variance_time.value;
    double compensator = 0.0, compensator_per_v = 0.0;
    for (const JumpFamily& jump : p.jumps) {
        compensator += jump.intensity * jump.mean_relative_jump();
        compensator_per_v += jump.intensity_per_variance * jump.mean_relative_jump();
    }
    const auto f = [](double x) { return static_cast<float>(x); };
    return {.dt = f(dt),
            .x_drift = f(drift * step.rate_time.value - compensator * dt),
            .x_drift_per_v = f(-(0.5 + compensator_per_v) * dt),
            .kappa_v_dt = f(p.kappa_v * dt),
            .kappa_m_dt_theta = f(p.kappa_m * p.theta_m * dt),
            .reversion_m_dt = f((p.kappa_m + p.pull_m) * dt),
            .pull_m_dt = f(p.pull_m * dt),
            .sigma_v_rho = f(p.sigma_v * p.rho),
            .sigma_v_rest = f(p.sigma_v * std::sqrt(1.0 - p.rho * p.rho)),
            .sigma_m = f(p.sigma_m),
            .vix_constant = f(vix.constant),
            .vix_per_v = f(vix.per_v),
            .vix_per_m = f(vix.per_m)};
}

EventConstants event_constants(const Event& event, Measure measure) {
    const bool physical = measure == Measure::physical;
    const double sd = physical ? event.physical_sd : event.spx_move_sd;
    const double mean = physical ? event.physical_mean : -0.5 * sd * sd;
    return {static_cast<float>(mean), static_cast<float>(sd), static_cast<float>(1.0 - event.variance_drop)};
}

}  // namespace

PathPlan make_plan(const PricingDay& day, const std::vector<Step>& timeline, Measure measure, std::uint64_t seed) {
    const bool physical = measure == Measure::physical;
    const Parameters& p = physical ? day.model.physical : day.model.pricing;
    const double drift = day.market.rate - day.market.dividend_yield + (physical ? day.model.equity_premium : 0.0);
    PathPlan plan;
    plan.seed = seed;
    plan.v0 = static_cast<float>(day.state.v);
    plan.m0 = static_cast<float>(day.state.m);
    const LinearInState eventless = vix_squared(day.model.pricing, {});
    for (const Step& step : timeline) {
        const LinearInState vix = day.events.empty() ? eventless : day.vix_squared_at(step.end);
        plan.steps.push_back(step_constants(p, step, drift, vix));
        plan.event_of_step.push_back(step.event);
        plan.is_bar_end.push_back(step.is_bar_end ? 1 : 0);
    }
    for (const JumpFamily& jump : p.jumps) {
        plan.jumps.push_back({static_cast<float>(jump.mean_log_jump), static_cast<float>(jump.log_jump_sd),
                              static_cast<float>(jump.variance_jump_slope), static_cast<float>(jump.mean_variance_jump),
                              jump.intensity, jump.intensity_per_variance, jump.name});
    }
    for (const Event& event : day.events) plan.events.push_back(event_constants(event, measure));
    return plan;
}

}  // namespace volstorm

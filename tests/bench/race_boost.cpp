#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <vector>

#include "race.h"

namespace volstorm::bench {
namespace {

class Sampler {
 public:
    explicit Sampler(std::uint64_t seed) : generator_(seed) {}
    double normal() { return normal_(generator_); }
    double exponential() { return exponential_(generator_); }

 private:
    boost::random::mt19937_64 generator_;
    boost::random::normal_distribution<double> normal_;
    boost::random::exponential_distribution<double> exponential_;
};

struct Path {
    double x, v, m, vix_squared_max;
    std::vector<double> clocks;
    std::uint64_t jumps;
};

void start(const PathPlan& plan, Sampler& sampler, Path& path) {
    path.x = path.vix_squared_max = 0.0;
    path.v = plan.v0;
    path.m = plan.m0;
    path.clocks.resize(plan.jumps.size());
    for (double& clock : path.clocks) clock = sampler.exponential();
    path.jumps = 0;
}

void jump(const JumpConstants& family, Sampler& sampler, double& clock, Path& path) {
    while (clock < 0.0) {
        const double variance_jump = family.mean_variance_jump * sampler.exponential();
        path.x +=
            family.mean_log_jump + family.variance_jump_slope * variance_jump + family.log_jump_sd * sampler.normal();
        path.v += variance_jump;
        clock += sampler.exponential();
        ++path.jumps;
    }
}

void advance(const PathPlan& plan, const StepConstants& c, Sampler& sampler, Path& path) {
    const double v = std::max(path.v, 0.0), m = std::max(path.m, 0.0);
    const double root_v = std::sqrt(v * c.dt), root_m = std::sqrt(m * c.dt);
    const double z = sampler.normal(), noise = c.sigma_v_rho * z + c.sigma_v_rest * sampler.normal();
    path.x += c.x_drift + c.x_drift_per_v * v + root_v * z;
    if (v > 0.0) path.x += 0.25 * c.dt * (noise * z - c.sigma_v_rho);
    path.v += c.kappa_v_dt * (m - v) + root_v * noise;
    path.m += c.kappa_m_dt_theta - c.reversion_m_dt * m + c.pull_m_dt * v + c.sigma_m * root_m * sampler.normal();
    for (std::size_t j = 0; j < plan.jumps.size(); ++j) {
        path.clocks[j] -= (plan.jumps[j].intensity + plan.jumps[j].intensity_per_variance * v) * c.dt;
        if (path.clocks[j] < 0.0) jump(plan.jumps[j], sampler, path.clocks[j], path);
    }
    const double vix_squared =
        c.vix_constant + c.vix_per_v * std::max(path.v, 0.0) + c.vix_per_m * std::max(path.m, 0.0);
    path.vix_squared_max = std::max(path.vix_squared_max, vix_squared);
}

}  // namespace

Totals run_boost(const PathPlan& plan, std::uint64_t paths) {
    Sampler sampler(plan.seed);
    const CallCoefficients call = call_coefficients();
    Path path{};
    Totals totals;
    for (std::uint64_t i = 0; i < paths; ++i) {
        start(plan, sampler, path);
        for (const StepConstants& step : plan.steps) advance(plan, step, sampler, path);
        totals.add(kJumps, static_cast<double>(path.jumps));
        add_end(kSpot * std::exp(path.x), path.v, path.m, plan.steps.back(), call, totals);
    }
    totals.paths = paths;
    return totals;
}

}  // namespace volstorm::bench

#include "vix_state.h"

#include <algorithm>
#include <cmath>

#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

constexpr double kLeastShare = 0.1;   // of VIX^2: what events leave of it at the least
constexpr double kLeastSlope = 1e-6;  // of VIX^2 in v and in m

}  // namespace

VixState::VixState(const Experiment& e) : m_(e.day.state.m) {
    const double without_events = vix_squared(e.day.model.pricing, {}).constant;
    for (const Step& step : e.timeline) {
        const LinearInState squared = e.day.vix_squared_at(step.end);
        if (!(squared.per_v > kLeastSlope && squared.per_m > kLeastSlope)) {
            e.scenario.model.section->fail("generator",
                                           "needs a model in which VIX depends on v and on m: the state "
                                           "follows VIX on these paths");
        }
        lines_.push_back({squared, squared.constant - without_events});
    }
}

VarianceState VixState::at(std::size_t step, double log_vix) const {
    const LinearInState& squared = lines_[step].squared;
    const double target = 1e-4 * portable::exp(2.0 * log_vix);
    const double unit = std::max(target - lines_[step].events, kLeastShare * target);
    const double least = kLeastVariance * unit, most = kMostVariance * unit;
    const auto v_at = [&](double m) { return (target - squared.constant - squared.per_m * m) / squared.per_v; };
    const double low = std::max(least, v_at(most)), high = std::min(most, v_at(least));
    if (!(low <= high))
        return squared({least, least}) > target ? VarianceState{least, least} : VarianceState{most, most};
    const double v = std::clamp(v_at(m_), low, high);
    return {v, (target - squared.constant - squared.per_v * v) / squared.per_m};
}

double VixState::least_vix(std::size_t step) const {
    const auto& [squared, events] = lines_[step];
    const double slope = kLeastVariance * (squared.per_v + squared.per_m);  // of VIX^2 / 10000 less the events
    return 100.0 * std::sqrt((squared.constant - slope * events) / (1.0 - slope));
}

void VixState::put(std::size_t step, std::size_t i, double x, double log_vix, PathBlock& block) const {
    const VarianceState state = at(step, log_vix);
    block.x[i] = static_cast<float>(x);
    block.v[i] = block.positive_v[i] = static_cast<float>(state.v);
    block.m[i] = static_cast<float>(state.m);
}

}  // namespace volstorm

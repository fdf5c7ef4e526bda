#include "volstorm/model/vix.h"

#include <algorithm>

namespace volstorm {

LinearInState vix_squared(const Parameters& p, std::span<const EventAhead> events) {
    LinearInState integral;                            // of E[v] so far
    LinearInState v{0.0, 1.0, 0.0}, m{0.0, 0.0, 1.0};  // E of the state reached
    double reached = 0.0, event_variance = 0.0;
    const auto move_to = [&](double years) {
        const MeanVariance mean = mean_variance(p, years - reached);
        const LinearInState part = compose(mean.integral, v, m);
        integral = {integral.constant + part.constant, integral.per_v + part.per_v, integral.per_m + part.per_m};
        const LinearInState next_v = compose(mean.v, v, m);
        m = compose(mean.m, v, m);
        v = next_v;
        reached = years;
    };
    for (const EventAhead& event : events) {
        event_variance += event.move_sd * event.move_sd;
        if (event.variance_drop == 0.0) continue;
        move_to(std::clamp(event.years, reached, kVixYears));
        const double keep = 1.0 - event.variance_drop;
        v = {v.constant * keep, v.per_v * keep, v.per_m * keep};
    }
    move_to(kVixYears);
    double factor = 1.0, constant = 0.0;
    for (const JumpFamily& jump : p.jumps) {
        factor += jump.intensity_per_variance * jump.log_contract_weight();
        constant += jump.intensity * jump.log_contract_weight();
    }
    const double scale = factor / kVixYears;
    return {integral.constant * scale + constant + event_variance / kVixYears, integral.per_v * scale,
            integral.per_m * scale};
}

}  // namespace volstorm

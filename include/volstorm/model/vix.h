#pragma once
#include <cmath>
#include <span>

#include "volstorm/model/mean_variance.h"

namespace volstorm {

inline constexpr double kVixYears = 30.0 / 365.0;  // what VIX looks ahead, in years of session time
inline constexpr int kVixDays = 30;                // the calendar days inside which an event counts

/// An event that is still ahead of the moment from which a price or VIX is looked at.
struct EventAhead {
    double years = 0.0;          // session time from that moment to the event
    double move_sd = 0.0;        // sd of the log move
    double variance_drop = 0.0;  // share of v that vanishes
};

/// VIX^2 / 10000 as a function of the state: the log contract over 30/365 year,
/// a (1 + sum l1 c) + sum l0 c + sum sd^2 / tau, with a the average of E[v] (src/README.md, equation 4).
/// `events` are those inside the next 30 calendar days, in order of time.
LinearInState vix_squared(const Parameters& parameters, std::span<const EventAhead> events);

/// VIX in points.
inline double vix_level(const LinearInState& squared, const VarianceState& state) {
    return 100.0 * std::sqrt(squared(state));
}

}  // namespace volstorm

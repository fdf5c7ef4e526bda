#pragma once
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "volstorm/math/black.h"

namespace volstorm {

/// The multiple of `step` nearest to `strike`; at a tie the one further from `forward`.
double round_strike(double strike, double step, double forward);

/// VIX strikes are 0.5 apart below 15, else 1 (Cboe contract specification).
double round_vix_strike(double strike, double forward);

/// The strike whose Black forward delta has the absolute value `delta` in (0, 1), where `stdev(strike)` is the implied
/// vol x sqrt(time) of a strike. Searched from `low` to `high`; NaN where no strike there has that delta.
template <class Stdev>
double strike_at_delta(OptionType type, double delta, double forward, double low, double high, const Stdev& stdev) {
    const auto excess = [&](double log_strike) {
        const double strike = std::exp(log_strike);
        return std::abs(black_delta(type, forward, strike, stdev(strike))) - delta;
    };
    const double a = std::log(low), b = std::log(high), at_a = excess(a), at_b = excess(b);
    if (!(at_a * at_b <= 0.0)) return std::numeric_limits<double>::quiet_NaN();
    std::uintmax_t iterations = 60;
    const auto close = [](double x, double y) { return std::abs(x - y) < 1e-10; };
    const auto [left, right] = boost::math::tools::toms748_solve(excess, a, b, at_a, at_b, close, iterations);
    return std::exp(0.5 * (left + right));
}

}  // namespace volstorm

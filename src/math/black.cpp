#include "volstorm/math/black.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "volstorm/math/normal.h"

namespace volstorm {
namespace {

double d_plus(double forward, double strike, double stdev) { return std::log(forward / strike) / stdev + 0.5 * stdev; }

double out_of_the_money(double forward, double strike, double stdev) {
    const OptionType type = strike >= forward ? OptionType::call : OptionType::put;
    return black_price(type, forward, strike, stdev);
}

// A guess from both sides of the curve: the deep out-of-the-money asymptote and the at-the-money expansion.
double first_guess(double forward, double strike, double time_value) {
    const double at_the_money = time_value / std::sqrt(forward * strike) * std::sqrt(2.0 * std::numbers::pi);
    const double log_ratio = std::abs(std::log(forward / strike));
    const double rarity = std::max(-2.0 * std::log(time_value / std::max(forward, strike)), 1.0);
    return std::max(at_the_money, log_ratio / std::sqrt(rarity));
}

}  // namespace

double black_price(OptionType type, double forward, double strike, double stdev) {
    const double sign = type == OptionType::call ? 1.0 : -1.0;
    if (!(stdev > 0.0)) return std::max(sign * (forward - strike), 0.0);
    const double d1 = d_plus(forward, strike, stdev);
    return sign * (forward * normal_distribution(sign * d1) - strike * normal_distribution(sign * (d1 - stdev)));
}

double black_implied_stdev(OptionType type, double forward, double strike, double price) {
    const double intrinsic = std::max(type == OptionType::call ? forward - strike : strike - forward, 0.0);
    const double target = price - intrinsic;
    if (!(target > 0.0)) return 0.0;
    if (target >= std::min(forward, strike)) return std::numeric_limits<double>::infinity();
    double low = 0.0, high = std::numeric_limits<double>::infinity();
    double stdev = first_guess(forward, strike, target);
    const double log_target = std::log(target);
    for (int i = 0; i < 200; ++i) {
        const double value = out_of_the_money(forward, strike, stdev);
        (value < target ? low : high) = stdev;
        // Newton on the logarithm of the price: nearly a straight line in 1 / stdev^2, so it does not overshoot far.
        const double slope = black_vega(forward, strike, stdev) / value;
        double next = value > 0.0 && slope > 0.0 ? stdev - (std::log(value) - log_target) / slope : -1.0;
        if (!(next > low && next < high)) next = std::isinf(high) ? 2.0 * stdev : 0.5 * (low + high);
        if (std::abs(next - stdev) <= 1e-15 * stdev) return next;
        stdev = next;
    }
    return stdev;
}

double black_delta(OptionType type, double forward, double strike, double stdev) {
    if (!(stdev > 0.0)) {
        if (type == OptionType::call) return forward > strike ? 1.0 : 0.0;
        return forward < strike ? -1.0 : 0.0;
    }
    const double d1 = d_plus(forward, strike, stdev);
    return type == OptionType::call ? normal_distribution(d1) : -normal_distribution(-d1);
}

double black_gamma(double forward, double strike, double stdev) {
    if (!(stdev > 0.0)) return 0.0;
    return normal_density(d_plus(forward, strike, stdev)) / (forward * stdev);
}

double black_vega(double forward, double strike, double stdev) {
    if (!(stdev > 0.0)) return 0.0;
    return forward * normal_density(d_plus(forward, strike, stdev));
}

}  // namespace volstorm

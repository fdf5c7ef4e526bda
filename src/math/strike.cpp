#include "volstorm/math/strike.h"

#include <cmath>

namespace volstorm {

double round_strike(double strike, double step, double forward) {
    const double below = std::floor(strike / step) * step, above = below + step;
    const double to_below = strike - below, to_above = above - strike;
    if (std::abs(to_below - to_above) <= 1e-9 * step) return strike < forward ? below : above;
    return to_below < to_above ? below : above;
}

double round_vix_strike(double strike, double forward) {
    return round_strike(strike, strike < 15.0 ? 0.5 : 1.0, forward);
}

}  // namespace volstorm

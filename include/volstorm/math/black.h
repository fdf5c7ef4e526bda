#pragma once

namespace volstorm {

enum class OptionType { call, put };

/// Undiscounted Black price of an option on a forward; `stdev` = vol x sqrt(time) (Black 1976).
double black_price(OptionType type, double forward, double strike, double stdev);

/// The stdev at which the undiscounted Black price is `price`; 0 at or below the intrinsic value, +infinity at or above
/// the upper bound (the forward for a call, the strike for a put). Works on the out-of-the-money side: accurate as far
/// as the time value is.
double black_implied_stdev(OptionType type, double forward, double strike, double price);

/// Undiscounted forward delta: N(d1) for a call, N(d1) - 1 for a put.
double black_delta(OptionType type, double forward, double strike, double stdev);

/// Derivatives of the undiscounted price: second in the forward, and first in stdev.
double black_gamma(double forward, double strike, double stdev);
double black_vega(double forward, double strike, double stdev);

}  // namespace volstorm

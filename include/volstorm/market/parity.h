#pragma once
#include <optional>

#include "volstorm/core/civil_time.h"
#include "volstorm/core/units.h"
#include "volstorm/market/chain.h"

namespace volstorm {

/// Interest rates a year, continuous, that a quote may imply and still be believed.
inline constexpr double kLowestRate = -0.01, kHighestRate = 0.10;

/// The forward at one strike with bids on both sides, K + C - P of the mids: where |C - P| is smallest, so that no
/// discount is needed (what it would change is below |F - K| times rate times years, 0.002 points a day). Smiles and
/// deltas are measured on it. `bid` and `ask` are where a forward can be sold and bought with the two options of that
/// strike.
struct ParityForward {
    double forward = 0.0, strike = 0.0;
    double bid = 0.0, ask = 0.0;  // points
};

/// Nothing where no strike has both a call and a put quoted with a bid.
std::optional<ParityForward> parity_forward(const ChainExpiry& expiry);

/// The line C - P = D (F - K) through the mids of the strikes within four deviations of the forward that have bids on
/// both sides: least squares with weights 1 / (width of bid-ask)^2, and Huber's (1964) for strikes off the line. It
/// gives the rate and a check on the forward. The errors are standard errors and, for the rounding that neighbouring
/// quotes share, a quarter of a tick of 0.05 points: on the forward, and on both ends of the line for the discount.
struct ParityFit {
    double forward = 0.0, forward_error = 0.0;    // points
    double discount = 0.0, discount_error = 0.0;  // D
    int strikes = 0;

    /// -ln D / years, a year, continuous.
    double rate(CalendarYears years) const;
    double rate_error(CalendarYears years) const;
};

/// Nothing where fewer than four strikes can be used.
std::optional<ParityFit> fit_parity(const ChainExpiry& expiry);

/// The rate of a chain at `quote_time`: the mean of its expiries' fits, weighted by 1 / error^2 (an error counts as 0.1
/// % at least). Nothing where no expiry gives it to 0.5 %, within what is believed.
std::optional<double> implied_rate(const OptionChain& chain, DateTime quote_time);

}  // namespace volstorm

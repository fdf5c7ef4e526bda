#pragma once
#include <optional>

#include "volstorm/core/civil_time.h"
#include "volstorm/core/units.h"
#include "volstorm/market/chain.h"
#include "volstorm/math/black.h"

namespace volstorm {

/// What the mids of an expiry are measured on.
struct SmileBasis {
    double forward = 0.0;   // points; the one of parity_forward()
    double discount = 1.0;  // of a payment at settlement
};

/// Black implied stdev of a mid, vol x sqrt(time), so of no clock yet. NaN where the option is not quoted or its mid
/// has no time value.
double mid_stdev(const BidAsk& quote, OptionType type, double strike, const SmileBasis& basis);

/// A listed strike with its implied stdev and the absolute value of its forward delta, undiscounted (N(d1) of a call).
struct SmileStrike {
    double strike = 0.0, stdev = 0.0, delta = 0.0;
};

/// The listed strike nearest to the forward, with the stdev of its out-of-the-money side.
std::optional<SmileStrike> at_the_money(const ChainExpiry& expiry, const SmileBasis& basis);

/// The listed out-of-the-money strike whose delta, at its own stdev, is nearest to `delta`; nothing where the listed
/// strikes do not reach from one side of it to the other.
std::optional<SmileStrike> strike_near_delta(const ChainExpiry& expiry, OptionType type, double delta,
                                             const SmileBasis& basis);

/// Credit of a short condor, points: shorts sold at the bid and wings bought at the ask, and all at mid.
struct CondorCredit {
    double at_quotes = 0.0, at_mid = 0.0;
};

/// Nothing where one of the four is not listed or not quoted.
std::optional<CondorCredit> condor_credit(const ChainExpiry& expiry, double short_put, double short_call, double wing);

/// Time from the quotes to the settlement on the clock of variance; nothing where the calendar does not reach.
std::optional<SessionYears> session_time(DateTime quote_time, const ChainExpiry& expiry);

}  // namespace volstorm

#pragma once
#include <map>
#include <vector>

#include "volstorm/market/clock.h"
#include "volstorm/market/market.h"
#include "volstorm/model/model.h"
#include "volstorm/model/vix.h"
#include "volstorm/pricing/smile_residual.h"

namespace volstorm {

/// v and m of a state that comes from quotes lie between these multiples of VIX^2 / 10000, free of events.
inline constexpr double kLeastVariance = 0.02, kMostVariance = 5.0;

/// What prices of one day are made of: the market at the entry, the model at the day's level, the events ahead and the
/// state that the quotes imply. Immutable once made.
struct PricingDay {
    Market market;
    std::vector<Event> events;  // after the entry, in order of time
    SessionClock clock;
    Model model;
    VarianceState state;          // at the entry
    double event_free_vix = 0.0;  // points; VIX without the variance of scheduled events
    /// By settlement: what the quotes of the entry show beyond the model. Marks of these expiries take it up.
    std::map<DateTime, SmileResidual> spx_residuals = {}, vix_residuals = {};

    /// None where the entry has no quotes of the expiry.
    const SmileResidual& spx_residual_at(DateTime settlement) const;
    const SmileResidual& vix_residual_at(DateTime settlement) const;

    /// Events in (from, to], with their session time from `from`.
    std::vector<EventAhead> events_between(DateTime from, DateTime to) const;
    /// VIX^2 / 10000 at `when`, as a function of the state then.
    LinearInState vix_squared_at(DateTime when) const;
    /// SPX forward over SPX: exp((rate - dividend_yield) x calendar time).
    double carry(CalendarYears years) const;
    double discount(CalendarYears years) const;
    /// Session time and calendar time from `from` to `to`.
    SessionYears variance_time(DateTime from, DateTime to) const { return clock.between(from, to); }
};

/// Root of the expected quadratic variation of ln SPX from the entry to a settlement.
double spx_deviation(const PricingDay& day, DateTime settlement);

/// Makes the day: takes the variance of events out of VIX, scales the parameters, and finds (v, m) from
/// - variance and variance_mean, where given;
/// - vix and atm_vol_1d: (v, m) that reproduce both, the second as the price of the at-the-money option that settles at
///   the close of the next session, with the events until then in it;
/// - vix alone: sqrt(v) by the model's state rule, m from VIX, at least 0.02 VIX^2.
/// Throws InputError at the quote where v or m would lie outside 0.02 to 5 times VIX^2: the message names the quotes,
/// the share of the event and the range that would be possible.
PricingDay make_day(const Market& market, const ModelInput& model, const std::vector<Event>& events);

}  // namespace volstorm

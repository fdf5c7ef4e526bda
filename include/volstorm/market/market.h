#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "volstorm/core/civil_time.h"
#include "volstorm/core/error.h"
#include "volstorm/market/chain.h"
#include "volstorm/market/event.h"
#include "volstorm/market/history.h"

namespace volstorm {

class Table;

enum class VolClock { session, calendar };

/// What is known when the trade is put on: the `[market]` section.
struct Market {
    DateTime time;                          // New York; the entry
    bool has_time = false;                  // `price` can do without
    double spx = 0.0;                       // index points
    std::optional<double> vix;              // points: 20.0 is 20 %
    std::optional<double> atm_vol_1d;       // quoted one-day at-the-money vol, 0.16 is 16 %, on iv_clock
    std::optional<double> variance;         // the state itself: v, per year
    std::optional<double> variance_mean;    // the state itself: m, per year
    double rate = 0.0;                      // continuous, actual/365
    double dividend_yield = 0.0;            // continuous, actual/365
    VolClock iv_clock = VolClock::session;  // the clock on which implied vols are read and printed
    History history;                        // empty where none is given
    /// `snapshot`: quotes of the entry, whose mids the marks are then; null where none is given.
    std::shared_ptr<const OptionChain> spx_quotes, vix_quotes;
    Source vix_source;  // for messages about the state
    Source atm_vol_source;
};

/// Reads and checks `[market]`: time, spx, vix, atm_vol_1d, variance, variance_mean, rate, dividend_yield, iv_clock,
/// history, snapshot. variance and variance_mean come together and exclude atm_vol_1d; without them vix is required.
/// A time on a day that is no session, before 09:30 or after 16:00 (13:00) is refused, and so is a snapshot whose
/// quotes stood more than a day from it.
Market read_market(const Table& scenario);

}  // namespace volstorm

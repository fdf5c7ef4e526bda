#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "volstorm/market/chain.h"
#include "volstorm/market/clock.h"
#include "volstorm/market/vol_quotes.h"
#include "volstorm/math/black.h"

namespace volstorm {

/// One option quote out of the money, undiscounted, in points. Vols on the session clock.
struct OptionQuote {
    double strike = 0.0;
    OptionType type = OptionType::call;
    double bid = 0.0, ask = 0.0;
    double bid_vol = 0.0, mid_vol = 0.0, ask_vol = 0.0;
    double vega = 0.0;  // of the mid: points for a vol of 1 (100 %)

    double mid() const { return 0.5 * (bid + ask); }
    double half_spread() const { return 0.5 * (ask - bid); }
};

/// The quotes of one expiry.
struct ExpiryQuotes {
    ChainFamily family = ChainFamily::spx;
    std::string name;                 // SPXW 2023-10-05 16:00
    DateTime settlement{};            // New York
    double years = 0.0;               // of session time, from the quotes to the settlement
    double forward = 0.0;             // points; of VIX the future
    double forward_half_width = 0.0;  // points: how far it can be traded away from `forward`
    std::vector<OptionQuote> quotes;  // by strike
};

/// A file of quotes, as read_quotes() gives it.
using QuoteSource = std::variant<OptionChain, VolQuotes>;

/// Session time from `time` to a settlement; nothing where that has passed or the calendar does not reach it.
std::optional<double> years_ahead(DateTime time, DateTime settlement, const SessionClock& clock);

/// Every expiry of a file that settles after `time`, in order of settlement, with its quotes by strike: of each strike
/// the side that is out of the money, if both bid and ask are there and neither is crossed. Forwards by parity; an
/// expiry without one has no quotes. `rate` undiscounts the prices: a year, continuous; else that which the file
/// implies.
std::vector<ExpiryQuotes> expiries_ahead(const QuoteSource& source, ChainFamily family, DateTime time,
                                         const SessionClock& clock, std::optional<double> rate = {});

}  // namespace volstorm

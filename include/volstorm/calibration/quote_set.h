#pragma once
#include <string>
#include <utility>
#include <vector>

#include "volstorm/market/event.h"
#include "volstorm/market/expiry_quotes.h"

namespace volstorm {

/// What a model is fitted to: quotes of one moment.
struct QuoteSet {
    DateTime time{};                     // New York
    double vix = 0.0;                    // points
    std::vector<ExpiryQuotes> expiries;  // SPX first, each family in order of settlement
    std::vector<Event> events;           // after the quotes, in order of time
    std::vector<double> event_years;     // of session time, from the quotes to each
    std::vector<std::string> left_out;   // a line each: expiries that are not fitted, and why
    std::size_t quotes() const;
};

/// Which quotes of a file are taken.
struct QuoteSelection {
    int spx_days = 35, vix_days = 90;                  // calendar days to the last expiry
    std::size_t spx_expiries = 6, vix_expiries = 4;    // at most; spread evenly over the root of time
    std::vector<Date> spx_dates, vix_dates;            // where given: these expiries, and no others
    std::vector<std::pair<Date, double>> vix_futures;  // known: settlement and points, in place of parity's
    std::size_t strikes = 40;                          // at most, of each expiry; spread evenly
    double reach = 3.0;                                // strikes within so many at-the-money deviations of the forward
};

/// Takes the quotes of SPX and of VIX that stood at `time`, VIX then at `vix_level`; `events` are those of the
/// calendar, of which the ones before `time` play no part. Of each strike the side that is out of the money, if both
/// bid and ask are there and neither is crossed; forwards by parity. Where an event lies between two expiries of SPX,
/// both are taken, for only together they tell its move. A future whose expiry has no options here is fitted alone.
/// InputError where a date that was asked for is not in the file, where no expiry is left, where a file is of the other
/// family, or for a future that is no multiple of VIX.
QuoteSet select_quotes(const QuoteSource& spx, const QuoteSource& vix, DateTime time, double vix_level,
                       const std::vector<Event>& events, const SessionClock& clock,
                       const QuoteSelection& selection = {});

}  // namespace volstorm

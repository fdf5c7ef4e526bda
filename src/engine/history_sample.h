#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "volstorm/market/clock.h"
#include "volstorm/market/daily_history.h"
#include "volstorm/market/intraday_bars.h"

namespace volstorm {

/// What history shows of one session. sigma is VIX before / 100 / sqrt(252), of that session. What is not known is NaN.
struct HistorySession {
    Date date;
    double log_vix_before = 0.0;  // VIX in points
    double z = 0.0;               // ln SPX from close to close, in sigma
    double log_vix_change = 0.0;  // from close to close
    double gap = 0.0;             // ln SPX from close to open, in sigma
    double log_vix_gap = 0.0;     // from close to open
    /// Of ln SPX from open to close: ln(high / low) / sqrt(4 ln 2), in sigma (Parkinson 1980).
    double range_sd = 0.0;
    double log_realised = 0.0;  // ln of the root mean square return of the 21 sessions before
    int shape = -1;             // index into the shapes: this session's own
    std::size_t row = 0;        // of the history: sessions in a row have rows in a row
};

/// The way of one session from open to close beyond the straight line between them, in units of its range_sd.
struct SessionShape {
    std::array<double, kBarsPerSession + 1> spx;      // ln SPX; 0 at the open and at the close
    std::array<double, kBarsPerSession + 1> log_vix;  // NaN where it is not known
};

/// Sessions to draw from, oldest first.
struct HistorySample {
    std::vector<HistorySession> sessions;
    std::vector<SessionShape> shapes;
    std::vector<std::string> remarks;  // what was set aside, a line each
};

/// The whole sessions of [from, to]. `clock` says how variance passes between open and close.
HistorySample sample_of(const DailyHistory& history, const std::vector<IntradaySession>& spx,
                        const std::vector<IntradaySession>& vix, Date from, Date to, const SessionClock& clock);

/// The same figure for an entry on `day` at `spx`: the last 20 sessions before it and the move since; NaN where the
/// history does not reach to the session before, or lacks one of them.
double log_realised_at(const DailyHistory& history, Date day, double spx);

}  // namespace volstorm

#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "volstorm/core/civil_time.h"

namespace volstorm {

/// One session of an index or of a fund on it. Prices that are missing or not to be trusted are NaN.
struct DailyBar {
    Date date;
    double open, high, low, close;
};

/// Daily bars as a file gives them, oldest first.
struct DailySeries {
    std::string file;
    std::vector<DailyBar> bars;
};

/// Reads daily prices: a header with a date and a close column (Date or DATE; open, high and low where there are any;
/// Yahoo's download with three header lines too), or no header and the six columns of QuantConnect's Lean (`20200102
/// 00:00,open,high,low,close,volume`). Dates are 2020-01-02, 01/02/2020 (month first) or 20200102, in either order of
/// time. Refused, with file:line:column: no such columns, a date that is none, a close that is no number above 0, a
/// date that comes twice or out of order.
DailySeries read_daily_series(const std::filesystem::path& file);

/// SPX and VIX side by side, by SPX session.
struct DailyHistory {
    std::vector<DailyBar> spx, vix;    // of the same length and dates; a session without VIX has NaN
    std::vector<std::string> remarks;  // what was set aside, a line each
    std::size_t sessions() const { return spx.size(); }
};

/// Whether the row is a session with SPX and VIX closes at both ends: the row before is the session before.
bool is_whole_session(const DailyHistory& history, std::size_t row);

inline constexpr std::size_t kRealisedSessions = 21;
/// Sum of the squared log returns of SPX into the rows [first, last); NaN where a session is missing among them.
double squared_returns(const DailyHistory& history, std::size_t first, std::size_t last);
/// Root mean square of the last 21 log returns of SPX at the close of the row; NaN where they are not all known, or
/// SPX did not move.
double realised_vol(const DailyHistory& history, std::size_t row);

/// Joins the two (InputError where VIX closes above 200: it is none, and where either moves further from one close to
/// the next than in any session that there was, with room), and sets aside what public files are known to have wrong:
/// - VIX rows of days that are no SPX sessions (Cboe publishes VIX on holidays since 2022);
/// - highs and lows between which open or close does not lie;
/// - VIX highs above twice the largest of open, close and the close before, on a day on which SPX moved less than 2 %;
/// - opens that repeat the close before, and all SPX opens of a year in which more than 1.5 % do (before 2014 most
///   files hold the first print of an index not yet computed from open stocks);
/// - opens more than 8 % away from the close before of which the day took back three quarters;
/// - the session after a missing one: its row stays, but is_whole_session() is false there.
DailyHistory join_daily(const DailySeries& spx, const DailySeries& vix);

/// The same cleaning for a single series, such as a fund whose opens are trades.
std::vector<DailyBar> clean_opens(const std::vector<DailyBar>& bars, std::vector<std::string>& remarks);

}  // namespace volstorm

#pragma once
#include <array>

#include "volstorm/core/civil_time.h"
#include "volstorm/core/units.h"

namespace volstorm {

inline constexpr int kBarsPerSession = 78;
inline constexpr double kDefaultOvernightShare = 0.34;  // SPY 1998-2021: share of variance from close to open

/// The clock of all variance: one session, from close to close, is 1/252 year; `overnight_share` of it passes in the
/// gap before the open, evenly in wall-clock time, the rest in 78 five-minute bars with a U-shape. A weekend or a
/// holiday is one gap. A half day has the first 42 bars of an ordinary day, with their ordinary shares. The clock runs
/// from 2015-01-02 09:30 to 2027-12-31 16:00 and throws std::out_of_range elsewhere.
class SessionClock {
 public:
    /// `overnight_share` in [0, 1), else std::invalid_argument.
    explicit SessionClock(double overnight_share = kDefaultOvernightShare);

    double overnight_share() const { return overnight_share_; }
    /// Share of a whole session's variance in bar 0 (09:30-09:35) to 77; with the overnight share they sum to 1.
    const std::array<double, kBarsPerSession>& bar_shares() const { return bar_shares_; }
    /// Variance time from `from` to `to`, negative if `to` is earlier. Inside a bar it runs evenly.
    SessionYears between(DateTime from, DateTime to) const;
    /// Sessions passed since the close of 2014-12-31, with the fraction of the one begun (a half day is less than one).
    double sessions_since_origin(DateTime time) const;

 private:
    struct Position;
    Position position(DateTime time) const;

    double overnight_share_;
    std::array<double, kBarsPerSession> bar_shares_;
    std::array<double, kBarsPerSession + 1> passed_;  // share of the session that has passed at the open and bar ends
};

/// Time for rates and forwards: actual seconds / (365 x 86400).
CalendarYears calendar_time(DateTime from, DateTime to);

}  // namespace volstorm

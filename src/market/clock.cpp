#include "volstorm/market/clock.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <stdexcept>

#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

constexpr Date kOrigin = make_date(kFirstCalendarYear, 1, 1);  // a holiday
constexpr std::chrono::seconds kBarLength = std::chrono::minutes(5);
constexpr std::size_t kHalfDayBars = 42;

/// Percent of the open-to-close variance in each half hour from 09:30. Measured on SPX five-minute bars of 142 full
/// sessions, 2025-02 to 2025-10: 16.6 from 09:30 to 10:00, then 20.1, 14.6, 12.0, 11.3, 10.7 in the hours to 15:00,
/// then 5.0 and 9.7; each hour is split along the slope between its neighbours.
constexpr std::array<double, 13> kHalfHourPercent = {16.6, 11.4, 8.7, 7.8, 6.8, 6.2, 5.8, 5.7, 5.6, 5.4, 5.3, 5.0, 9.7};

double seconds(std::chrono::seconds length) { return static_cast<double>(length.count()); }

}  // namespace

/// Where a moment lies: whole counts of the sessions closed before it, and the share passed of the one it is in.
struct SessionClock::Position {
    int full_sessions = 0;
    int half_days = 0;
    double share = 0.0;
};

SessionClock::SessionClock(double overnight_share) : overnight_share_(overnight_share) {
    if (!(overnight_share >= 0.0 && overnight_share < 1.0))
        throw std::invalid_argument("overnight share not in [0, 1)");
    passed_[0] = overnight_share;
    double percent = 0.0;  // passed before the half hour of the bar
    for (std::size_t bar = 0; bar < bar_shares_.size(); ++bar) {
        const double half_hour = kHalfHourPercent[bar / 6], part = static_cast<double>(bar % 6 + 1) / 6.0;
        passed_[bar + 1] = overnight_share + (1.0 - overnight_share) * (percent + part * half_hour) / 100.0;
        if (bar % 6 == 5) percent += half_hour;
    }
    passed_.back() = 1.0;  // so that one close to the next is one session to the last bit
    std::transform(passed_.begin() + 1, passed_.end(), passed_.begin(), bar_shares_.begin(), std::minus<>());
}

SessionClock::Position SessionClock::position(DateTime time) const {
    const Date date = date_of(time);
    const Date session = is_session(date) && time <= session_close(date) ? date : next_session(date);
    Position p;
    p.half_days = half_days_between(kOrigin, session) - (is_half_day(session) ? 1 : 0);
    p.full_sessions = sessions_between(kOrigin, session) - 1 - p.half_days;

    const DateTime open = session_open(session);
    if (time < open) {
        const DateTime close = session_close(previous_session(session));
        p.share = overnight_share_ * (seconds(time - close) / seconds(open - close));
        return p;
    }
    const std::size_t bar = static_cast<std::size_t>((time - open) / kBarLength);
    const double inside = seconds((time - open) % kBarLength) / seconds(kBarLength);
    p.share = passed_[bar] + (inside > 0.0 ? bar_shares_[bar] * inside : 0.0);
    return p;
}

SessionYears SessionClock::between(DateTime from, DateTime to) const {
    const Position a = position(from), b = position(to);
    const double sessions = static_cast<double>(b.full_sessions - a.full_sessions) +
                            static_cast<double>(b.half_days - a.half_days) * passed_[kHalfDayBars] +
                            (b.share - a.share);
    return SessionYears(sessions / kSessionsPerYear);
}

double SessionClock::sessions_since_origin(DateTime time) const {
    const Position p = position(time);
    return static_cast<double>(p.full_sessions) + static_cast<double>(p.half_days) * passed_[kHalfDayBars] + p.share;
}

CalendarYears calendar_time(DateTime from, DateTime to) {
    return CalendarYears(seconds(to - from) / (kDaysPerYear * 86400.0));
}

}  // namespace volstorm

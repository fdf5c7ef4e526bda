#pragma once
#include <stdexcept>

#include "volstorm/core/civil_time.h"

namespace volstorm {

inline constexpr int kFirstCalendarYear = 2015;
inline constexpr int kLastCalendarYear = 2027;

/// What was asked needs a day outside 2015 to 2027.
class OutsideCalendar : public std::out_of_range {
 public:
    explicit OutsideCalendar(Date date);
};

/// Whether the day lies in 2015 to 2027; what needs a day outside them throws OutsideCalendar.
bool in_calendar(Date date);

/// Whether Cboe holds a regular session on this day.
bool is_session(Date date);
/// Whether the session ends at 13:00 (half day).
bool is_half_day(Date date);
Date next_session(Date date);      // the first session after `date`
Date previous_session(Date date);  // the last session before `date`
/// Whether no session lies between the two days: of any year since 1986, as the New York Stock Exchange closed then;
/// before, it had more holidays than are known here.
bool follows_at_once(Date session, Date before);
/// Sessions in (from, to]: 0 where `to` is not after `from`.
int sessions_between(Date from, Date to);
/// Those of them that are half days.
int half_days_between(Date from, Date to);

/// 09:30, and 16:00 or 13:00.
DateTime session_open(Date session);
DateTime session_close(Date session);

/// Settlement day of the monthly VIX contract of this month: the Wednesday 30 days before the third Friday of the next
/// month, moved to the session before where that Friday or that Wednesday is a holiday (Cboe contract specification).
Date monthly_vix_expiry(std::chrono::year_month month);
/// The expiry nearest to `from` + `days` calendar days, the earlier at a tie, and later than `after`; `weekly` allows
/// every Wednesday expiry, else only the monthly ones.
Date nearest_vix_expiry(Date from, int days, Date after, bool weekly);

}  // namespace volstorm

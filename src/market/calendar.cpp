#include "volstorm/market/calendar.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace volstorm {
namespace {

using std::chrono::days;
using std::chrono::weekday;
using std::chrono::year_month_day;

constexpr Date kFirstDay = make_date(kFirstCalendarYear, 1, 1);
constexpr Date kLastDay = make_date(kLastCalendarYear, 12, 31);
constexpr std::size_t kDays = static_cast<std::size_t>((kLastDay - kFirstDay).count()) + 1;

constexpr Date nth_weekday(int year, unsigned month, weekday day, unsigned n) {
    return Date(std::chrono::year(year) / std::chrono::month(month) / day[n]);
}

constexpr Date last_monday_of_may(int year) {
    return Date(std::chrono::year(year) / std::chrono::May / std::chrono::Monday[std::chrono::last]);
}

/// Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms 1991, chapter 8).
constexpr Date easter(int year) {
    const int a = year % 19, b = year / 100, c = year % 100;
    const int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    const int m = (a + 11 * h + 22 * l) / 451;
    const int n = h + l - 7 * m + 114;
    return make_date(year, static_cast<unsigned>(n / 31), static_cast<unsigned>(n % 31 + 1));
}

/// A holiday on a Saturday closes the Friday before, on a Sunday the Monday after.
constexpr Date observed(Date holiday) {
    const weekday day(holiday);
    if (day == std::chrono::Saturday) return holiday - days(1);
    return day == std::chrono::Sunday ? holiday + days(1) : holiday;
}

/// A date with its parts, split once.
struct Day {
    Date date;
    int year;
    unsigned month, day;
};

constexpr Day split(Date date) {
    const year_month_day ymd(date);
    return {date, static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day())};
}

constexpr unsigned days_in(int year, unsigned month) {
    const auto last = std::chrono::year(year) / std::chrono::month(month) / std::chrono::last;
    return static_cast<unsigned>(last.day());
}

/// Full closings on weekdays since 1986: NYSE Rule 7.2, days of mourning (1994 Nixon, 2004 Reagan, 2007 Ford, 2018
/// Bush, 2025 Carter), 11 to 14 September 2001 and the storm of October 2012.
constexpr bool is_holiday(const Day& day) {
    using std::chrono::Monday, std::chrono::Thursday;
    const Date date = day.date;
    const int year = day.year;
    switch (day.month) {
        case 1:  // a New Year's Day on a Saturday closes no session: its Friday ends the trading year
            return date == observed(make_date(year, 1, 1)) ||
                   (year >= 1998 && date == nth_weekday(year, 1, Monday, 3)) || date == make_date(2007, 1, 2) ||
                   date == make_date(2025, 1, 9);
        case 2:
            return date == nth_weekday(year, 2, Monday, 3);
        case 3:
        case 4:
            return date == easter(year) - days(2) || date == make_date(1994, 4, 27);
        case 5:
            return date == last_monday_of_may(year);
        case 6:
            return (year >= 2022 && date == observed(make_date(year, 6, 19))) || date == make_date(2004, 6, 11);
        case 7:
            return date == observed(make_date(year, 7, 4));
        case 9:
            return date == nth_weekday(year, 9, Monday, 1) || (year == 2001 && day.day >= 11 && day.day <= 14);
        case 10:
            return year == 2012 && (day.day == 29 || day.day == 30);
        case 11:
            return date == nth_weekday(year, 11, Thursday, 4);
        case 12:
            return date == observed(make_date(year, 12, 25)) || date == make_date(2018, 12, 5);
        default:
            return false;
    }
}

constexpr bool is_open_day(const Day& day) { return weekday(day.date).iso_encoding() <= 5 && !is_holiday(day); }

/// The eves of Independence Day and of Christmas, and the day after Thanksgiving, where they are sessions.
constexpr bool closes_early(const Day& day) {
    const bool eve = (day.month == 7 && day.day == 3) || (day.month == 12 && day.day == 24);
    const bool thanksgiving_friday =
        day.month == 11 && day.date - days(1) == nth_weekday(day.year, 11, std::chrono::Thursday, 4);
    return (eve || thanksgiving_friday) && is_open_day(day);
}

/// Sessions and half days from the first day of the calendar up to and with each day.
struct Counts {
    std::array<std::int16_t, kDays> sessions{};
    std::array<std::int16_t, kDays> half_days{};
};

constexpr Counts count_sessions() {
    Counts counts;
    std::int16_t sessions = 0, half_days = 0;
    std::size_t i = 0;
    for (int year = kFirstCalendarYear; year <= kLastCalendarYear; ++year)
        for (unsigned month = 1; month <= 12; ++month)
            for (unsigned day = 1, last = days_in(year, month); day <= last; ++day, ++i) {
                const Day today{kFirstDay + days(i), year, month, day};
                if (is_open_day(today)) ++sessions;
                if (closes_early(today)) ++half_days;
                counts.sessions[i] = sessions;
                counts.half_days[i] = half_days;
            }
    return counts;
}

constexpr Counts kCounts = count_sessions();

std::size_t index_of(Date date) {
    if (!in_calendar(date)) throw OutsideCalendar(date);
    return static_cast<std::size_t>((date - kFirstDay).count());
}

int counted_between(const std::array<std::int16_t, kDays>& counts, Date from, Date to) {
    return to > from ? counts[index_of(to)] - counts[index_of(from)] : 0;
}

bool is_third_friday(Date friday) {
    const unsigned day = split(friday).day;
    return day >= 15 && day <= 21;
}

/// Settlement day of the VIX contract of this Wednesday: both legs of the rule end on the session before it.
Date vix_expiry_of(Date wednesday) {
    return is_session(wednesday) && is_open_day(split(wednesday + days(30))) ? wednesday : previous_session(wednesday);
}

}  // namespace

OutsideCalendar::OutsideCalendar(Date date)
    : std::out_of_range(to_string(date) + " is outside the calendar of 2015 to 2027") {}

bool in_calendar(Date date) { return date >= kFirstDay && date <= kLastDay; }

bool is_session(Date date) {
    index_of(date);
    return is_open_day(split(date));
}

bool is_half_day(Date date) {
    index_of(date);
    return closes_early(split(date));
}

Date next_session(Date date) {
    do {
        date += days(1);
    } while (!is_session(date));
    return date;
}

Date previous_session(Date date) {
    do {
        date -= days(1);
    } while (!is_session(date));
    return date;
}

bool follows_at_once(Date session, Date before) {
    for (Date date = before + days(1); date < session; date += days(1))
        if (is_open_day(split(date))) return false;
    return session > before;
}

int sessions_between(Date from, Date to) { return counted_between(kCounts.sessions, from, to); }
int half_days_between(Date from, Date to) { return counted_between(kCounts.half_days, from, to); }

DateTime session_open(Date session) { return at(session, 9, 30); }
DateTime session_close(Date session) { return at(session, is_half_day(session) ? 13 : 16, 0); }

Date monthly_vix_expiry(std::chrono::year_month month) {
    const std::chrono::year_month next = month + std::chrono::months(1);
    const Date third_friday(next / std::chrono::Friday[3]);
    return vix_expiry_of(third_friday - days(30));
}

Date nearest_vix_expiry(Date from, int days_ahead, Date after, bool weekly) {
    const Date target = from + days(days_ahead);
    const weekday day(after);
    Date wednesday = after + (std::chrono::Wednesday - day);
    Date best{};
    for (bool found = false;; wednesday += days(7)) {
        if (!weekly && !is_third_friday(wednesday + days(30))) continue;
        const Date expiry = vix_expiry_of(wednesday);
        if (expiry <= after) continue;
        if (expiry >= target) return found && target - best <= expiry - target ? best : expiry;
        best = expiry;
        found = true;
    }
}

}  // namespace volstorm

#include "volstorm/market/calendar.h"

#include <array>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

using namespace volstorm;
using std::chrono::days;

namespace {

std::vector<std::string> weekday_holidays(int year) {
    std::vector<std::string> found;
    for (Date date = make_date(year, 1, 1); date <= make_date(year, 12, 31); date += days(1))
        if (std::chrono::weekday(date).iso_encoding() <= 5 && !is_session(date)) found.push_back(to_string(date));
    return found;
}

std::string expiry(int year, unsigned month) {
    return to_string(monthly_vix_expiry(std::chrono::year(year) / std::chrono::month(month)));
}

}  // namespace

TEST_CASE("sessions a year are those of the S&P 500 index") {
    // 2015 to 2024 counted in daily closes of the index; 2025 to 2027 from the exchange's published holidays
    const std::array sessions = {252, 252, 251, 251, 252, 253, 252, 251, 250, 252, 250, 251, 251};
    int year = kFirstCalendarYear;
    for (const int expected : sessions) {
        // January 1 is never a session
        CHECK(sessions_between(make_date(year, 1, 1), make_date(year, 12, 31)) == expected);
        ++year;
    }
}

TEST_CASE("holidays of years with moved and exceptional closings") {
    using Days = std::vector<std::string>;
    CHECK(weekday_holidays(2018) == Days{"2018-01-01", "2018-01-15", "2018-02-19", "2018-03-30", "2018-05-28",
                                         "2018-07-04", "2018-09-03", "2018-11-22", "2018-12-05", "2018-12-25"});
    // Christmas on a Saturday closes the 24th; the New Year's Day after it closes no session
    CHECK(weekday_holidays(2021) == Days{"2021-01-01", "2021-01-18", "2021-02-15", "2021-04-02", "2021-05-31",
                                         "2021-07-05", "2021-09-06", "2021-11-25", "2021-12-24"});
    // the first Juneteenth, a Sunday
    CHECK(weekday_holidays(2022) == Days{"2022-01-17", "2022-02-21", "2022-04-15", "2022-05-30", "2022-06-20",
                                         "2022-07-04", "2022-09-05", "2022-11-24", "2022-12-26"});
    CHECK(weekday_holidays(2025) == Days{"2025-01-01", "2025-01-09", "2025-01-20", "2025-02-17", "2025-04-18",
                                         "2025-05-26", "2025-06-19", "2025-07-04", "2025-09-01", "2025-11-27",
                                         "2025-12-25"});
    CHECK(weekday_holidays(2026) == Days{"2026-01-01", "2026-01-19", "2026-02-16", "2026-04-03", "2026-05-25",
                                         "2026-06-19", "2026-07-03", "2026-09-07", "2026-11-26", "2026-12-25"});
}

TEST_CASE("half days are the eves of July 4 and Christmas and the day after Thanksgiving") {
    std::vector<std::string> found;
    for (Date date = make_date(2015, 1, 1); date <= make_date(2027, 12, 31); date += days(1))
        if (is_half_day(date)) found.push_back(to_string(date));
    CHECK(found == std::vector<std::string>{
                       "2015-11-27", "2015-12-24", "2016-11-25", "2017-07-03", "2017-11-24", "2018-07-03", "2018-11-23",
                       "2018-12-24", "2019-07-03", "2019-11-29", "2019-12-24", "2020-11-27", "2020-12-24", "2021-11-26",
                       "2022-11-25", "2023-07-03", "2023-11-24", "2024-07-03", "2024-11-29", "2024-12-24", "2025-07-03",
                       "2025-11-28", "2025-12-24", "2026-11-27", "2026-12-24", "2027-11-26"});
    CHECK(half_days_between(make_date(2015, 1, 1), make_date(2027, 12, 31)) == 26);
    CHECK(session_close(make_date(2025, 7, 3)) == at(make_date(2025, 7, 3), 13, 0));
    CHECK(session_close(make_date(2025, 7, 2)) == at(make_date(2025, 7, 2), 16, 0));
    CHECK(session_open(make_date(2025, 7, 3)) == at(make_date(2025, 7, 3), 9, 30));
}

TEST_CASE("the session after and before a long weekend") {
    CHECK(next_session(make_date(2025, 4, 17)) == make_date(2025, 4, 21));
    CHECK(next_session(make_date(2025, 4, 19)) == make_date(2025, 4, 21));
    CHECK(previous_session(make_date(2025, 4, 21)) == make_date(2025, 4, 17));
}

TEST_CASE("sessions between two days leave out the first and count the last") {
    const Date thursday = make_date(2025, 4, 17), monday = make_date(2025, 4, 21);
    CHECK(sessions_between(thursday, monday) == 1);
    CHECK(sessions_between(thursday, monday - days(1)) == 0);
    CHECK(sessions_between(thursday, thursday) == 0);
    CHECK(sessions_between(monday, thursday) == 0);
}

TEST_CASE("a day outside the calendar is refused") {
    CHECK(in_calendar(make_date(2015, 1, 1)));
    CHECK(in_calendar(make_date(2027, 12, 31)));
    CHECK_THROWS_AS(is_session(make_date(2014, 12, 31)), std::out_of_range);
    CHECK_THROWS_AS(is_half_day(make_date(2028, 1, 3)), std::out_of_range);
    CHECK_THROWS_AS(next_session(make_date(2027, 12, 31)), std::out_of_range);
    CHECK_THROWS_AS(previous_session(make_date(2015, 1, 2)), std::out_of_range);
    CHECK_THROWS_AS(sessions_between(make_date(2027, 1, 4), make_date(2028, 1, 4)), std::out_of_range);
}

TEST_CASE("monthly VIX expiries are the last trading days of the futures") {
    // last rows of CFE's daily files of the contracts F15 to Q20
    CHECK(expiry(2015, 1) == "2015-01-21");
    CHECK(expiry(2015, 8) == "2015-08-19");
    CHECK(expiry(2016, 3) == "2016-03-16");
    CHECK(expiry(2016, 12) == "2016-12-21");
    CHECK(expiry(2017, 4) == "2017-04-19");
    CHECK(expiry(2017, 5) == "2017-05-17");
    CHECK(expiry(2018, 2) == "2018-02-14");
    CHECK(expiry(2018, 12) == "2018-12-19");
    CHECK(expiry(2020, 3) == "2020-03-18");
    CHECK(expiry(2020, 8) == "2020-08-19");
    CHECK(expiry(2019, 3) == "2019-03-19");  // the third Friday of April is Good Friday
    CHECK(expiry(2027, 12) == "2027-12-22");
}

TEST_CASE("a holiday moves a monthly VIX expiry to the Tuesday") {
    CHECK(expiry(2022, 3) == "2022-03-15");  // Good Friday
    CHECK(expiry(2025, 3) == "2025-03-18");  // Good Friday
    CHECK(expiry(2024, 6) == "2024-06-18");  // the Wednesday is Juneteenth
    CHECK(expiry(2026, 5) == "2026-05-19");  // the third Friday of June is Juneteenth
    CHECK(expiry(2027, 5) == "2027-05-18");  // the same, observed
}

TEST_CASE("the nearest VIX expiry, monthly or weekly") {
    const Date entry = make_date(2025, 6, 17);  // monthly expiries 06-18, 07-16, 08-20
    CHECK(nearest_vix_expiry(entry, 30, entry, false) == make_date(2025, 7, 16));
    CHECK(nearest_vix_expiry(entry, 1, entry, false) == make_date(2025, 6, 18));
    CHECK(nearest_vix_expiry(entry, 60, entry, false) == make_date(2025, 8, 20));
    CHECK(nearest_vix_expiry(entry, 21, entry, true) == make_date(2025, 7, 9));
    CHECK(nearest_vix_expiry(entry, 21, entry, false) == make_date(2025, 7, 16));
}

TEST_CASE("the nearest VIX expiry is the earlier one at a tie, and later than `after`") {
    const Date entry = make_date(2025, 6, 17);
    CHECK(nearest_vix_expiry(entry, 15, entry, false) == make_date(2025, 6, 18));  // 14 days to each side
    CHECK(nearest_vix_expiry(entry, 16, entry, false) == make_date(2025, 7, 16));
    CHECK(nearest_vix_expiry(entry, 1, make_date(2025, 6, 18), false) == make_date(2025, 7, 16));
    CHECK(nearest_vix_expiry(entry, 1, make_date(2025, 6, 18), true) == make_date(2025, 6, 25));
    // Wednesday 2024-06-19 is a holiday: its contract settles on the 18th
    CHECK(nearest_vix_expiry(make_date(2024, 6, 17), 1, make_date(2024, 6, 17), true) == make_date(2024, 6, 18));
    CHECK(nearest_vix_expiry(make_date(2024, 6, 17), 1, make_date(2024, 6, 18), true) == make_date(2024, 6, 26));
}

TEST_CASE("one session follows another at once where the exchange was closed between them, back to 1986") {
    struct Pair {
        Date before, after;
        bool at_once;
    };
    for (const auto& [before, after, at_once] : {
             Pair{make_date(2025, 6, 17), make_date(2025, 6, 18), true},
             Pair{make_date(2025, 6, 18), make_date(2025, 6, 20), true},   // Juneteenth
             Pair{make_date(2021, 6, 17), make_date(2021, 6, 21), false},  // not kept yet
             Pair{make_date(2025, 6, 17), make_date(2025, 6, 20), false},
             Pair{make_date(2019, 3, 1), make_date(2019, 3, 4), true},  // a weekend
             Pair{make_date(2019, 3, 1), make_date(2019, 3, 5), false},
             Pair{make_date(2012, 10, 26), make_date(2012, 10, 31), true},  // storm
             Pair{make_date(2001, 9, 10), make_date(2001, 9, 17), true},
             Pair{make_date(2001, 9, 10), make_date(2001, 9, 18), false},
             Pair{make_date(2006, 12, 29), make_date(2007, 1, 3), true},  // New Year and mourning
             Pair{make_date(2004, 6, 10), make_date(2004, 6, 14), true},
             Pair{make_date(1994, 4, 26), make_date(1994, 4, 28), true},
             Pair{make_date(1998, 1, 16), make_date(1998, 1, 20), true},   // Martin Luther King
             Pair{make_date(1997, 1, 17), make_date(1997, 1, 21), false},  // not kept yet
             Pair{make_date(1993, 12, 30), make_date(1994, 1, 3), false},  // the Friday ended the trading year
             Pair{make_date(2030, 3, 1), make_date(2030, 3, 4), true},
             Pair{make_date(2025, 6, 17), make_date(2025, 6, 17), false},
         }) {
        CAPTURE(to_string(before), to_string(after));
        CHECK(follows_at_once(after, before) == at_once);
    }
}

#include "volstorm/market/clock.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "volstorm/market/calendar.h"

using namespace volstorm;

namespace {

const Date kMonday = make_date(2025, 6, 16);  // a week with the holiday of Thursday 2025-06-19
const Date kTuesday = make_date(2025, 6, 17);
const Date kFriday = make_date(2025, 6, 20);

double sessions(const SessionClock& clock, DateTime from, DateTime to) {
    return clock.between(from, to).value * kSessionsPerYear;
}

double share_of_bars(const SessionClock& clock, int first, int last) {
    const auto& shares = clock.bar_shares();
    return std::accumulate(shares.begin() + first, shares.begin() + last, 0.0);
}

}  // namespace

TEST_CASE("the bar shares and the overnight share sum to one") {
    for (const double overnight : {0.0, 0.2, kDefaultOvernightShare, 0.5})
        CHECK(std::abs(overnight + share_of_bars(SessionClock(overnight), 0, kBarsPerSession) - 1.0) < 1e-15);
}

TEST_CASE("the bars have the measured hourly shares of open-to-close variance") {
    const SessionClock clock(0.0);  // percent, SPX five-minute bars of 142 sessions, 2025
    CHECK(share_of_bars(clock, 0, 6) == Approx(0.166).margin(1e-14));
    CHECK(share_of_bars(clock, 6, 18) == Approx(0.201).margin(1e-14));
    CHECK(share_of_bars(clock, 18, 30) == Approx(0.146).margin(1e-14));
    CHECK(share_of_bars(clock, 30, 42) == Approx(0.120).margin(1e-14));
    CHECK(share_of_bars(clock, 42, 54) == Approx(0.113).margin(1e-14));
    CHECK(share_of_bars(clock, 54, 66) == Approx(0.107).margin(1e-14));
    CHECK(share_of_bars(clock, 66, 72) == Approx(0.050).margin(1e-14));
    CHECK(share_of_bars(clock, 72, 78) == Approx(0.097).margin(1e-14));
}

TEST_CASE("one close to the next is one session, over a night, a weekend or a holiday") {
    const SessionClock clock;
    int checked = 0;
    for (Date day = make_date(2015, 1, 5); day < make_date(2027, 12, 31); day = next_session(day)) {
        if (is_half_day(day)) continue;
        CHECK(clock.between(session_close(previous_session(day)), session_close(day)).value ==
              Approx(1.0 / 252.0).epsilon(2.3e-16).margin(0.0));
        ++checked;
    }
    CHECK(checked == 3268 - 2 - 26);  // all but the first, the last and the half days
    const double one = clock.between(session_close(kMonday), session_close(kTuesday)).value;
    CHECK(one == 1.0 / 252.0);
}

TEST_CASE("the overnight share passes in the gap, evenly in wall-clock time") {
    const SessionClock clock;
    CHECK(sessions(clock, session_close(kMonday), session_open(kTuesday)) == Approx(0.34).epsilon(1e-15));
    const DateTime quarter = session_close(kMonday) + (session_open(kTuesday) - session_close(kMonday)) / 4;
    CHECK(sessions(clock, session_close(kMonday), quarter) == Approx(0.085).epsilon(1e-14));
    // 89.5 hours from Wednesday 16:00 to Friday 09:30 with the holiday between are 41.5 hours of one gap
    const DateTime wednesday_close = at(make_date(2025, 6, 18), 16, 0);
    CHECK(sessions(clock, wednesday_close, at(make_date(2025, 6, 19), 12, 0)) ==
          Approx(0.34 * 20.0 / 41.5).epsilon(1e-14));
    CHECK(sessions(clock, wednesday_close, session_open(kFriday)) == Approx(0.34).epsilon(1e-15));
}

TEST_CASE("variance time runs evenly inside a bar") {
    const SessionClock clock;
    const DateTime open = session_open(kTuesday);
    CHECK(sessions(clock, open, open + std::chrono::minutes(5)) == Approx(clock.bar_shares()[0]).epsilon(1e-13));
    CHECK(sessions(clock, open, open + std::chrono::seconds(75)) == Approx(clock.bar_shares()[0] / 4.0).epsilon(1e-13));
    CHECK(sessions(clock, at(kTuesday, 15, 45), at(kTuesday, 16, 0)) ==
          Approx(3.0 * clock.bar_shares()[77]).epsilon(1e-13));
}

TEST_CASE("a half day has the overnight share and an ordinary day's first 42 bars") {
    const SessionClock clock;
    const Date half_day = make_date(2025, 7, 3), after = make_date(2025, 7, 7);  // Friday is a holiday
    const double expected = 0.34 + share_of_bars(clock, 0, 42);
    CHECK(sessions(clock, at(make_date(2025, 7, 2), 16, 0), at(half_day, 13, 0)) == Approx(expected).epsilon(1e-14));
    // the next gap begins at 13:00: 92.5 hours
    CHECK(sessions(clock, at(half_day, 13, 0), at(half_day, 16, 0)) == Approx(0.34 * 3.0 / 92.5).epsilon(1e-13));
    CHECK(sessions(clock, at(half_day, 13, 0), at(after, 16, 0)) == Approx(1.0).epsilon(1e-14));
    CHECK(sessions(clock, at(make_date(2025, 7, 1), 16, 0), at(after, 16, 0)) == Approx(2.0 + expected).epsilon(1e-14));
}

TEST_CASE("variance times add up and change sign with their ends") {
    const SessionClock clock(0.27);
    std::vector<DateTime> times;
    for (DateTime time = at(make_date(2024, 11, 20), 3, 7, 11); time < at(make_date(2025, 8, 1), 0, 0);
         time += std::chrono::hours(17) + std::chrono::seconds(1234))
        times.push_back(time);
    for (std::size_t i = 2; i < times.size(); ++i) {
        const double ab = clock.between(times[0], times[i - 1]).value, bc = clock.between(times[i - 1], times[i]).value;
        const double ac = clock.between(times[0], times[i]).value;
        CHECK(bc > 0.0);
        CHECK(std::abs(ab + bc - ac) < 1e-15);
        CHECK(clock.between(times[i], times[0]).value == -ac);
    }
}

TEST_CASE("differences of sessions since the origin are variance time") {
    const SessionClock clock;
    CHECK(clock.sessions_since_origin(at(make_date(2015, 1, 2), 16, 0)) == 1.0);
    const DateTime from = at(make_date(2020, 2, 24), 11, 1), to = at(make_date(2020, 12, 28), 10, 2);
    CHECK((clock.sessions_since_origin(to) - clock.sessions_since_origin(from)) / 252.0 ==
          Approx(clock.between(from, to).value).margin(1e-14));
}

TEST_CASE("the clock begins and ends with the calendar") {
    const SessionClock clock;
    const DateTime first = at(make_date(2015, 1, 2), 9, 30), last = at(make_date(2027, 12, 31), 16, 0);
    CHECK(clock.between(first, last).value > 12.9);
    CHECK_THROWS_AS(clock.between(first - std::chrono::seconds(1), last), std::out_of_range);
    CHECK_THROWS_AS(clock.between(first, last + std::chrono::seconds(1)), std::out_of_range);
}

TEST_CASE("an overnight share below 0 or of 1 and more is refused") {
    CHECK_THROWS_AS(SessionClock(1.0), std::invalid_argument);
    CHECK_THROWS_AS(SessionClock(-0.1), std::invalid_argument);
    CHECK_THROWS_AS(SessionClock(std::nan("")), std::invalid_argument);
}

TEST_CASE("rates run on actual/365") {
    CHECK(calendar_time(at(kMonday, 16, 0), at(kTuesday, 16, 0)).value == 1.0 / 365.0);
    CHECK(calendar_time(at(kMonday, 16, 0), at(kMonday, 16, 1)).value == Approx(1.0 / 525600.0).epsilon(1e-15));
}

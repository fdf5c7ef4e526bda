#include "volstorm/market/timeline.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "volstorm/market/calendar.h"

using namespace volstorm;

namespace {

const Date kTuesday = make_date(2025, 6, 17);
const Date kWednesday = make_date(2025, 6, 18);

Event event_at(DateTime time) { return {.name = "event", .time = time, .spx_move_sd = 0.01}; }

std::vector<Step> timeline(DateTime entry, Date expiry, const std::vector<Event>& events = {}, int bars = 78) {
    return make_timeline(entry, expiry, SessionClock(), events, bars);
}

template <class Condition>
std::ptrdiff_t count(const std::vector<Step>& steps, Condition condition) {
    return std::count_if(steps.begin(), steps.end(), condition);
}
std::ptrdiff_t bar_ends(const std::vector<Step>& steps) {
    return count(steps, [](const Step& step) { return step.is_bar_end; });
}

/// The steps advance, and their times add up to those from the entry to the horizon.
void check_sums(const std::vector<Step>& steps, DateTime entry) {
    const SessionClock clock;
    double variance_time = 0.0, rate_time = 0.0;
    DateTime before = entry;
    for (const Step& step : steps) {
        CHECK((step.end > before || (step.end == before && step.event != kNoEvent)));
        before = step.end;
        variance_time += step.variance_time.value;
        rate_time += step.rate_time.value;
    }
    CHECK(std::abs(variance_time - clock.between(entry, steps.back().end).value) < 1e-15);
    CHECK(std::abs(rate_time - calendar_time(entry, steps.back().end).value) < 1e-15);
    CHECK(steps.back().is_close);
}

const Step& step_ending(const std::vector<Step>& steps, DateTime end) {
    return *std::find_if(steps.begin(), steps.end(), [&](const Step& step) { return step.end == end; });
}

}  // namespace

TEST_CASE("a day from 15:45 has 3 bars, 8 overnight sub-steps and 78 bars") {
    const DateTime entry = at(kTuesday, 15, 45);
    const std::vector<Step> steps = timeline(entry, kWednesday);
    REQUIRE(steps.size() == 89);
    CHECK(steps[0].end == at(kTuesday, 15, 50));
    CHECK(steps[2].is_close);
    CHECK(steps[3].end == at(kTuesday, 18, 11, 15));
    CHECK_FALSE(steps[3].is_bar_end);
    CHECK(steps[10].end == at(kWednesday, 9, 30));
    CHECK((steps[10].is_open && steps[10].is_bar_end));
    CHECK(steps[11].end == at(kWednesday, 9, 35));
    CHECK(steps[88].end == at(kWednesday, 16, 0));
    CHECK(bar_ends(steps) == 82);
    check_sums(steps, entry);
}

TEST_CASE("the overnight sub-steps have equal variance time") {
    const std::vector<Step> steps = timeline(at(kTuesday, 16, 0), kWednesday);
    REQUIRE(steps.size() == 86);
    for (std::size_t i = 0; i < 8; ++i) CHECK(steps.at(i).variance_time.value * 252.0 == Approx(0.0425).epsilon(1e-13));
    check_sums(steps, at(kTuesday, 16, 0));
}

TEST_CASE("a bar has the sum or the even part of the five-minute shares") {
    const SessionClock clock;
    const auto& shares = clock.bar_shares();
    const auto first_bar = [](int bars) {
        const std::vector<Step> steps = timeline(at(kTuesday, 16, 0), kWednesday, {}, bars);
        CHECK(steps.size() == static_cast<std::size_t>(bars) + 8);
        check_sums(steps, at(kTuesday, 16, 0));
        return steps[8].variance_time.value * 252.0;
    };
    CHECK(first_bar(13) == Approx(6.0 * shares[0]).epsilon(1e-12));
    CHECK(first_bar(26) == Approx(3.0 * shares[0]).epsilon(1e-12));
    CHECK(first_bar(39) == Approx(2.0 * shares[0]).epsilon(1e-12));
    CHECK(first_bar(156) == Approx(0.5 * shares[0]).epsilon(1e-12));
    CHECK(first_bar(390) == Approx(0.2 * shares[0]).epsilon(1e-12));
}

TEST_CASE("an announcement before the open cuts the gap") {
    const DateTime entry = at(kTuesday, 16, 0), cpi = at(kWednesday, 8, 30);
    const std::vector<Step> steps = timeline(entry, kWednesday, {event_at(cpi)});
    REQUIRE(steps.size() == 87);
    CHECK(steps[7].end == cpi);
    CHECK(steps[7].event == 0);
    CHECK_FALSE(steps[7].is_bar_end);
    CHECK(steps[8].is_open);
    check_sums(steps, entry);
}

TEST_CASE("an event at a bar's end adds no step, one inside a bar divides it") {
    const DateTime entry = at(kTuesday, 15, 45);
    const std::vector<Step> whole = timeline(entry, kWednesday, {event_at(at(kWednesday, 14, 0))});
    CHECK(whole.size() == 89);
    CHECK(step_ending(whole, at(kWednesday, 14, 0)).event == 0);

    const DateTime inside = at(kWednesday, 14, 2);
    const std::vector<Step> cut = timeline(entry, kWednesday, {event_at(inside)});
    CHECK(cut.size() == 90);
    CHECK(bar_ends(cut) == 82);
    CHECK(step_ending(cut, inside).event == 0);
    CHECK_FALSE(step_ending(cut, inside).is_bar_end);
    CHECK(step_ending(cut, at(kWednesday, 14, 5)).is_bar_end);
    CHECK(step_ending(cut, at(kWednesday, 14, 5)).rate_time.value == Approx(3.0 / 525600.0).epsilon(1e-14));
    check_sums(cut, entry);
}

TEST_CASE("two events at one time have steps of their own, and the second ends the bar") {
    const DateTime entry = at(kTuesday, 15, 45), close = at(kWednesday, 16, 0);
    const std::vector<Step> steps = timeline(entry, kWednesday, {event_at(close), event_at(close), event_at(close)});
    REQUIRE(steps.size() == 91);
    for (int i = 0; i < 3; ++i) {
        const Step& step = *(steps.end() - 3 + i);
        CHECK(step.end == close);
        CHECK(step.event == i);
        CHECK(step.is_bar_end == (i == 2));
        CHECK(step.is_close == (i == 2));
    }
    CHECK(steps[88].variance_time.value > 0.0);
    CHECK(steps[89].variance_time.value == 0.0);
    CHECK(steps[90].rate_time.value == 0.0);
    check_sums(steps, entry);
}

TEST_CASE("events at or before the entry and after the horizon are not on the timeline") {
    const DateTime entry = at(kTuesday, 15, 45), horizon = at(kWednesday, 16, 0);
    const std::vector<Step> steps =
        timeline(entry, kWednesday,
                 {event_at(horizon + std::chrono::seconds(1)), event_at(horizon), event_at(entry), event_at(entry)});
    CHECK(steps.size() == 89);
    CHECK(count(steps, [](const Step& step) { return step.event != kNoEvent; }) == 1);
    CHECK(steps.back().event == 1);
}

TEST_CASE("a weekend is one gap") {
    const DateTime entry = at(make_date(2025, 6, 13), 15, 45);
    const std::vector<Step> steps = timeline(entry, make_date(2025, 6, 16));
    CHECK(steps.size() == 89);
    CHECK(steps[3].end == at(make_date(2025, 6, 14), 0, 11, 15));
    check_sums(steps, entry);
}

TEST_CASE("a later expiry is simulated session by session") {
    const DateTime entry = at(kTuesday, 16, 0);
    const std::vector<Step> steps = timeline(entry, make_date(2025, 6, 20));  // the 19th is a holiday
    CHECK(steps.size() == 2 * 86);
    CHECK(count(steps, [](const Step& step) { return step.is_open; }) == 2);
    CHECK(steps[85].is_close);
    check_sums(steps, entry);
}

TEST_CASE("the same session as expiry has only its remaining bars") {
    const std::vector<Step> steps = timeline(at(kTuesday, 9, 30), kTuesday);
    CHECK(steps.size() == 78);
    CHECK_FALSE(steps[0].is_open);
    check_sums(steps, at(kTuesday, 9, 30));
}

TEST_CASE("a half day has 42 bars") {
    const DateTime entry = at(make_date(2025, 7, 2), 15, 45);
    const std::vector<Step> into = timeline(entry, make_date(2025, 7, 3));
    CHECK(into.size() == 3 + 8 + 42);
    CHECK(into.back().end == at(make_date(2025, 7, 3), 13, 0));
    check_sums(into, entry);
    CHECK(timeline(entry, make_date(2025, 7, 3), {}, 13).size() == 1 + 8 + 7);

    const DateTime noon = at(make_date(2025, 7, 3), 12, 45);
    const std::vector<Step> out_of = timeline(noon, make_date(2025, 7, 7));
    CHECK(out_of.size() == 89);
    CHECK(out_of[2].end == at(make_date(2025, 7, 3), 13, 0));
    CHECK(out_of[2].is_close);
    check_sums(out_of, noon);
}

TEST_CASE("an entry inside a bar has the rest of it as its first step") {
    const DateTime entry = at(kTuesday, 15, 47);
    const std::vector<Step> steps = timeline(entry, kWednesday);
    CHECK(steps.size() == 89);
    CHECK(steps[0].end == at(kTuesday, 15, 50));
    CHECK(steps[0].rate_time.value == Approx(3.0 / 525600.0).epsilon(1e-14));
    check_sums(steps, entry);
}

TEST_CASE("an entry inside the gap has eight sub-steps of what is left") {
    const DateTime entry = at(kWednesday, 9, 29, 58);
    const std::vector<Step> steps = timeline(at(kWednesday, 1, 30), kWednesday);
    CHECK(steps.size() == 86);
    CHECK(steps[0].end == at(kWednesday, 2, 30));
    const std::vector<Step> late = timeline(entry, kWednesday);  // two seconds before the open
    CHECK(late.size() == 80);
    check_sums(late, entry);
}

TEST_CASE("a timeline may end with the calendar") {
    const DateTime entry = at(make_date(2027, 12, 30), 16, 0);
    check_sums(timeline(entry, make_date(2027, 12, 31)), entry);
}

TEST_CASE("an expiry that is no session or is over, and odd bar counts, are refused") {
    CHECK_THROWS_AS(timeline(at(kTuesday, 15, 45), make_date(2025, 6, 19)), std::invalid_argument);
    CHECK_THROWS_AS(timeline(at(kTuesday, 15, 45), make_date(2025, 6, 16)), std::invalid_argument);
    CHECK_THROWS_AS(timeline(at(kTuesday, 16, 0), kTuesday), std::invalid_argument);
    CHECK_THROWS_AS(timeline(at(kTuesday, 15, 45), kWednesday, {}, 77), std::invalid_argument);
}

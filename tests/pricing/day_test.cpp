#include "volstorm/pricing/day.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "pricing/days.h"
#include "volstorm/market/calendar.h"
#include "volstorm/pricing/spx_option.h"
#include "volstorm/pricing/vix_option.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

constexpr double kSession = 1.0 / 252.0;

double one_day_vol(const PricingDay& day) {
    const SpxExpiry expiry(day.model.pricing, kSession, {}, day.state, day.state);
    return expiry.smile(day.state).implied_stdev(1.0, 1.0) / std::sqrt(kSession);
}

Event event(int days, double sd, double drop = 0.0) {
    return {"FOMC", at(make_date(2025, 6, 17), 14, 0) + std::chrono::days(days), sd, sd, -0.5 * sd * sd, drop};
}

// The vol of the at-the-money option that settles at the close of the next session, on a clock.
double next_close_vol(const PricingDay& day, VolClock clock = VolClock::session) {
    const DateTime now = day.market.time, expiry = session_close(next_session(date_of(now)));
    const double sessions = day.clock.between(now, expiry).value;
    const SpxExpiry law(day.model.pricing, sessions, day.events_between(now, expiry), day.state, day.state);
    const double years = clock == VolClock::session ? sessions : calendar_time(now, expiry).value;
    return law.smile(day.state).implied_stdev(1.0, 1.0) / std::sqrt(years);
}

}  // namespace

TEST_CASE("a model of two anchors reproduces its table of levels") {
    struct Level {
        double vix, v, m, future_30, future_90, future_180, vix_vol, spx_vol;
    };
    // From the fit of these parameters, by another program; vols in percent. The parameters were rounded to three
    // digits after it: m, which takes up the difference, moves by up to 1.5e-4, VIX vols by up to 0.7 points.
    constexpr Level levels[] = {
        {16, 0.0122, 0.0086, 17.4, 18.8, 20.0, 90, 11.9},  {20, 0.0219, 0.0125, 20.6, 21.2, 21.8, 93, 15.9},
        {24, 0.0355, 0.0165, 23.5, 23.3, 23.2, 96, 20.2},  {30, 0.0639, 0.0223, 27.4, 25.8, 24.7, 102, 27.2},
        {36, 0.1034, 0.0271, 31.0, 27.9, 26.0, 109, 34.7}, {45, 0.1863, 0.0299, 35.8, 30.6, 28.0, 119, 47.0},
    };
    const ModelInput two_anchors =
        read_model(Table::parse("[model]\nfile = \"" VOLSTORM_TEST_DATA "/two_anchors.toml\"\n", "test.toml"));
    for (const Level& level : levels) {
        INFO("VIX " << level.vix);
        const PricingDay day = make_day(days::market(level.vix), two_anchors, {});
        CHECK(std::abs(day.state.v - level.v) < 5.5e-5);
        CHECK(std::abs(day.state.m - level.m) < 1.6e-4);
        const Parameters& p = day.model.pricing;
        const LinearInState squared = vix_squared(p, {});
        const VixExpiry near(p, 30.0 / 365.0, {}, squared, day.state);
        const double future = near.future(day.state);
        CHECK(std::abs(future - level.future_30) < 0.06);
        CHECK(std::abs(VixExpiry(p, 90.0 / 365.0, {}, squared, day.state).future(day.state) - level.future_90) < 0.06);
        CHECK(std::abs(VixExpiry(p, 180.0 / 365.0, {}, squared, day.state).future(day.state) - level.future_180) <
              0.06);
        CHECK(std::abs(100.0 * near.implied_stdev(day.state, future) / std::sqrt(30.0 / 365.0) - level.vix_vol) < 0.7);
        CHECK(std::abs(100.0 * one_day_vol(day) - level.spx_vol) < 0.06);
    }
}

TEST_CASE("a chosen state comes back from the quotes that it gives") {
    for (const bool with_event : {false, true}) {
        std::vector<Event> events;
        if (with_event) events = {event(1, 0.0075)};
        const PricingDay first = days::with_vix(21.6, events);
        for (const VarianceState& chosen :
             {first.state, VarianceState{0.5 * first.state.v, 0.0}, VarianceState{0.9 * first.state.v, 0.0}}) {
            PricingDay day = first;
            day.state = chosen;
            if (chosen.m == 0.0) {  // on the line of the same VIX
                const LinearInState squared = vix_squared(day.model.pricing, {});
                day.state.m =
                    (1e-4 * first.event_free_vix * first.event_free_vix - squared.constant - squared.per_v * chosen.v) /
                    squared.per_m;
            }
            Market market = day.market;
            market.atm_vol_1d = next_close_vol(day);
            const PricingDay again = make_day(market, days::shipped(), events);
            CHECK(std::abs(again.state.v / day.state.v - 1.0) < 1e-8);
            CHECK(std::abs(again.state.m / day.state.m - 1.0) < 1e-8);
            CHECK(std::abs(vix_level(again.vix_squared_at(market.time), again.state) - 21.6) < 1e-9);
        }
    }
}

TEST_CASE("without a one-day vol v follows the rule, and VIX comes out as quoted") {
    for (const double vix : {11.0, 16.0, 27.0, 60.0}) {
        const PricingDay day = days::with_vix(vix);
        const StateRule& rule = day.model.state_rule;
        const double vol = rule.ratio * std::pow(vix / 20.0, rule.exponent) * vix / 100.0;
        if (day.state.m > 0.0201 * 1e-4 * vix * vix) CHECK(std::abs(day.state.v / (vol * vol) - 1.0) < 1e-12);
        CHECK(day.state.m >= 0.0199 * 1e-4 * vix * vix);
        CHECK(std::abs(vix_level(day.vix_squared_at(day.market.time), day.state) - vix) < 1e-9);
    }
}

TEST_CASE("the variance of events is taken out of VIX, for the state and for the level") {
    const PricingDay day = days::with_vix(21.6, {event(1, 0.0075), event(20, 0.01)});
    const double expected = std::sqrt(21.6 * 21.6 - 1e4 * (0.0075 * 0.0075 + 1e-4) * 365.0 / 30.0);
    CHECK(std::abs(day.event_free_vix - expected) < 1e-12);
    CHECK(day.model.pricing == model_of_the_day(days::shipped(), day.event_free_vix).pricing);
    CHECK(std::abs(vix_level(day.vix_squared_at(day.market.time), day.state) - 21.6) < 1e-9);
    // After the first event its variance is gone; in the last days of July the second is, too.
    CHECK(day.vix_squared_at(at(make_date(2025, 6, 18), 14, 0)).constant <
          day.vix_squared_at(at(make_date(2025, 6, 18), 13, 59)).constant);
    CHECK(day.events_between(day.market.time, at(make_date(2025, 6, 18), 14, 0)).size() == 1);
    CHECK(day.events_between(at(make_date(2025, 6, 18), 14, 0), at(make_date(2025, 7, 18), 14, 0)).size() == 1);
    // Events that lie behind the entry are nothing.
    CHECK(days::with_vix(21.6, {event(0, 0.05)}).event_free_vix == 21.6);
    // One beyond the 30 days counts in no VIX of today.
    CHECK(days::with_vix(21.6, {event(31, 0.01)}).event_free_vix == 21.6);
}

TEST_CASE("both quotes come back at any hour, before a half day, on both clocks, with an event that lowers variance") {
    struct Entry {
        DateTime time;
        double vol;
    };
    const Date before_thanksgiving = make_date(2024, 11, 27);
    const Entry entry = GENERATE_COPY(values<Entry>({{at(make_date(2025, 6, 17), 9, 30), 0.17},
                                                     {at(make_date(2025, 6, 17), 12, 0), 0.17},
                                                     {at(make_date(2025, 6, 17), 15, 45), 0.17},
                                                     {at(make_date(2025, 6, 17), 16, 0), 0.17},
                                                     {at(before_thanksgiving, 15, 45), 0.17},
                                                     {at(before_thanksgiving, 16, 0), 0.17}}));
    const VolClock clock = GENERATE(VolClock::session, VolClock::calendar);
    const double drop = GENERATE(0.0, 0.3);
    Market market = days::market(20.0);
    market.time = entry.time;
    market.iv_clock = clock;
    // The same money on the calendar clock, which counts the nights and, here, a holiday.
    const DateTime expiry = session_close(next_session(date_of(entry.time)));
    const double sessions = SessionClock(0.34).between(entry.time, expiry).value;
    market.atm_vol_1d = clock == VolClock::session
                            ? entry.vol
                            : entry.vol * std::sqrt(sessions / calendar_time(entry.time, expiry).value);
    const Event release{"CPI", entry.time + std::chrono::hours(17), 0.006, 0.006, -0.5 * 0.006 * 0.006, drop};
    const PricingDay day = make_day(market, days::shipped(), {release});
    CAPTURE(to_string(entry.time), drop);
    CHECK(std::abs(next_close_vol(day, clock) - *market.atm_vol_1d) < 1e-9);
    CHECK(std::abs(vix_level(day.vix_squared_at(market.time), day.state) - 20.0) < 1e-9);
    market.atm_vol_1d.reset();
    const PricingDay by_vix = make_day(market, days::shipped(), {release});
    CHECK(std::abs(vix_level(by_vix.vix_squared_at(market.time), by_vix.state) - 20.0) < 1e-9);
}

TEST_CASE("a vol on the calendar clock is the same quote with its time converted") {
    // From 17 June 2025 15:45 to the next close: 24 hours and a quarter.
    Market market = days::market(21.6);
    market.iv_clock = VolClock::calendar;
    market.atm_vol_1d = 0.16;
    const PricingDay calendar = make_day(market, days::shipped(), {});
    const double sessions = calendar.clock.between(market.time, at(make_date(2025, 6, 18), 16, 0)).value;
    market.iv_clock = VolClock::session;
    market.atm_vol_1d = 0.16 * std::sqrt(24.25 / 24.0 / 365.0 / sessions);  // `sessions` in years
    const PricingDay session = make_day(market, days::shipped(), {});
    CHECK(std::abs(calendar.state.v / session.state.v - 1.0) < 1e-9);
}

TEST_CASE("the state may be given, and nothing is scaled then") {
    Market market = days::market(20.0);
    market.vix.reset();
    market.variance = 0.03;
    market.variance_mean = 0.02;
    const PricingDay day = make_day(market, days::shipped(), {});
    CHECK(day.state == VarianceState{0.03, 0.02});
    CHECK(day.model.pricing == days::shipped().anchors[0].pricing);
    CHECK(day.event_free_vix == vix_level(vix_squared(day.model.pricing, {}), day.state));
}

TEST_CASE("quotes that no state has are refused with what is possible") {
    Market market = days::market(20.0);
    market.atm_vol_source = {"test.toml", 4, 14};
    market.vix_source = {"test.toml", 3, 7};
    market.atm_vol_1d = 0.9;
    CHECK_THROWS_WITH(make_day(market, days::shipped(), {}), Contains("test.toml:4:14: market.atm_vol_1d is 0.9") &&
                                                                 Contains("market.vix = 20") && Contains("it can be") &&
                                                                 !Contains("event"));
    market.atm_vol_1d = 0.02;
    CHECK_THROWS_AS(make_day(market, days::shipped(), {}), InputError);
    market.atm_vol_1d = 0.12;  // an event of 0.75 % alone is a vol of 11.7 % from 15:45 to the next close
    CHECK_THROWS_WITH(make_day(market, days::shipped(), {event(1, 0.0075)}), Contains("the day's events are 95 %"));
    market.atm_vol_1d.reset();
    CHECK_THROWS_WITH(make_day(market, days::shipped(), {event(3, 0.07)}),
                      Contains("test.toml:3:7: market.vix is 20") && Contains("(FOMC)") && Contains("24.42"));
}

TEST_CASE("rates use the calendar, variance the sessions") {
    Market market = days::market(20.0);
    market.rate = 0.05;
    market.dividend_yield = 0.01;
    const PricingDay day = make_day(market, days::shipped(), {});
    CHECK(std::abs(day.carry(CalendarYears(0.5)) - std::exp(0.02)) < 1e-15);
    CHECK(std::abs(day.discount(CalendarYears(0.5)) - std::exp(-0.025)) < 1e-15);
    const DateTime friday = at(make_date(2025, 6, 20), 16, 0), monday = at(make_date(2025, 6, 23), 16, 0);
    CHECK(std::abs(day.variance_time(friday, monday).value - kSession) < 1e-15);
}

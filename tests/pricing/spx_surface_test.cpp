#include "volstorm/pricing/spx_surface.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "pricing/days.h"
#include "volstorm/market/calendar.h"
#include "volstorm/math/strike.h"

using namespace volstorm;

namespace {

const DateTime kTomorrow = at(make_date(2025, 6, 18), 16, 0);

struct Grid {
    std::vector<double> spx;
    std::vector<VarianceState> states;
};
// Spot from -20 to +10 %, closest at the strike; v from 0 to the top of the box, m over the box.
Grid grid(const StateBox& box) {
    Grid g;
    for (int i = -20; i <= 20; ++i) {
        const double move = (i < 0 ? 0.2 : 0.1) * std::pow(std::abs(i) / 20.0, 2.5) * (i < 0 ? -1.0 : 1.0);
        for (const double share : {0.0, 0.0003, 0.003, 0.02, 0.3, 1.0}) {
            for (const double m_share : {0.02, 0.3, 0.6, 1.0}) {
                g.spx.push_back(6000.0 * (1.0 + move));
                g.states.push_back({share * box.v_of(box.root_v.high), box.m.low + m_share * (box.m.high - box.m.low)});
            }
        }
    }
    return g;
}

}  // namespace

TEST_CASE("an exact SPX mark is the discounted price on the forward") {
    Market market = days::market(16.0);
    market.rate = 0.05;
    market.dividend_yield = 0.01;
    const PricingDay day = make_day(market, days::shipped(), {});
    const DateTime settlement = at(make_date(2025, 6, 25), 16, 0);
    const SpxMarker marker(day, day.market.time, settlement, day.state, day.state);
    const double years = calendar_time(day.market.time, settlement).value, forward = 6000.0 * std::exp(0.04 * years);
    const double put =
        SpxExpiry(day.model.pricing, marker.years(), {}, day.state, day.state).smile(day.state).put(forward, 5900.0);
    CHECK(std::abs(marker.mark(OptionType::put, 6000.0, 5900.0, day.state) - std::exp(-0.05 * years) * put) <
          1e-4);  // the marker's precision is 1e-9 of the forward
    const double call = marker.mark(OptionType::call, 6000.0, 5900.0, day.state);
    CHECK(std::abs(call - marker.mark(OptionType::put, 6000.0, 5900.0, day.state) -
                   std::exp(-0.05 * years) * (forward - 5900.0)) <
          1e-4);  // the marker's precision is 1e-9 of the forward
}

TEST_CASE("interpolated SPX marks err by less than 0.01 points from -20 to +10 % at VIX 12 to 45") {
    // The day after next, a week and a month ahead, from the entry and from the close of the next day.
    for (const auto& [vix, most_v] : {std::pair{12.0, 0.06}, {19.0, 0.15}, {30.0, 0.5}, {45.0, 1.2}}) {
        const PricingDay day = days::with_vix(vix);
        const StateBox box = StateBox::around(most_v, 0.4 * day.state.m, 2.2 * day.state.m);
        const Grid g = grid(box);
        for (const Date expiry : {make_date(2025, 6, 20), make_date(2025, 6, 25), make_date(2025, 7, 18)}) {
            const SpxSurface surface(day, session_close(expiry), make_mark_times(day, {day.market.time, kTomorrow}),
                                     box);
            for (const std::size_t time : {0u, 1u}) {
                INFO("VIX " << vix << ", expiry " << to_string(expiry) << ", time " << time);
                CHECK(surface.measured_error(OptionType::put, 6000.0, time, g.spx, g.states) < 0.01);
            }
        }
    }
}

TEST_CASE("an SPX state outside the box is priced exactly and counted, and forwards carry") {
    Market market = days::market(16.0);
    market.rate = 0.05;
    const PricingDay day = make_day(market, days::shipped(), {});
    const DateTime settlement = at(make_date(2025, 6, 25), 16, 0);
    const StateBox box = StateBox::around(0.12, 0.004, 0.012);
    SpxSurface surface(day, settlement, make_mark_times(day, {kTomorrow}), box);
    const std::vector<double> m{0.0086, 0.02}, root{std::sqrt(0.0122 + box.shift), std::sqrt(0.0122 + box.shift)},
        spx{6000.0, 6000.0};
    double out[2];
    CHECK(surface.mark(OptionType::put, std::vector<double>(2, 5900.0), 0, {{root, m}, spx}, out) == 1);
    CHECK(std::abs(out[0] - surface.exact(OptionType::put, 5900.0, 0, 6000.0, {0.0122, 0.0086})) < 0.01);
    CHECK(std::abs(out[1] - surface.exact(OptionType::put, 5900.0, 0, 6000.0, {0.0122, 0.02})) < 1e-9);
    surface.forwards(0, {{root, m}, spx}, out);
    CHECK(std::abs(out[0] - 6000.0 * std::exp(0.05 * calendar_time(kTomorrow, settlement).value)) < 1e-9);
}

namespace {

// The entry at 15:45, its close, and every second bar of each session up to and with `last`.
std::vector<DateTime> bars_until(const PricingDay& day, Date last) {
    std::vector<DateTime> times{day.market.time, session_close(date_of(day.market.time))};
    for (Date session = next_session(date_of(day.market.time)); session <= last; session = next_session(session)) {
        for (int bar = 0; bar <= 78; bar += 2) times.push_back(session_open(session) + std::chrono::minutes(5 * bar));
    }
    return times;
}

}  // namespace

TEST_CASE("SPX marks and strikes by delta hold between the nodes in time, over several sessions") {
    // The settlement is the session after the horizon: nowhere else does the time to expiry change as much.
    const PricingDay day = days::with_vix(19.0);
    const StateBox box = StateBox::around(0.15, 0.4 * day.state.m, 2.2 * day.state.m);
    const Grid g = grid(box);
    const std::vector<DateTime> times = bars_until(day, make_date(2025, 6, 25));
    const DateTime settlement = session_close(make_date(2025, 6, 26));
    SpxSurface surface(day, settlement, make_mark_times(day, times), box);
    for (const double delta : {0.05, 0.35}) surface.add_strike_at_delta(OptionType::put, delta);
    for (const std::size_t time : {30u, 70u, 110u, 150u, 190u, 201u}) {
        INFO("time " << time << " of " << times.size());
        CHECK(surface.measured_error(OptionType::put, 6000.0, time, g.spx, g.states) < 0.01);
        for (const VarianceState& state : {VarianceState{0.005, day.state.m}, day.state, {0.1, 1.8 * day.state.m}}) {
            const SpxMarker marker(day, times[time], settlement, state, state);
            const MarkedSmile smile = marker.smile(state);
            const double root = std::sqrt(state.v + box.shift), spx = 6000.0, forward = spx * marker.carry();
            for (const double delta : {0.05, 0.35}) {
                double strike = 0.0;
                CHECK(surface.strike_at_delta(OptionType::put, delta, time, {{{&root, 1}, {&state.m, 1}}, {&spx, 1}},
                                              &strike) == 0);  // none needed the exact solution
                const double exact = strike_at_delta(OptionType::put, delta, forward, 0.5 * forward, 1.5 * forward,
                                                     [&](double k) { return smile.implied_stdev(forward, k); });
                CHECK(std::abs(strike - exact) < 0.1);
            }
        }
    }
}

TEST_CASE("SPX marks between the nodes in time err by less than 0.01 points all day, over an event too") {
    // The settlement is the session after the horizon: nowhere else does the time to expiry change as much.
    const DateTime release = at(make_date(2025, 6, 18), 8, 30);
    const std::vector<Event> events = GENERATE_COPY(
        values({std::vector<Event>{}, std::vector<Event>{{.name = "CPI", .time = release, .spx_move_sd = 0.01}}}));
    for (const auto& [vix, most_v] : {std::pair{19.0, 0.15}, {45.0, 1.2}}) {
        const PricingDay day = make_day(days::market(vix), days::shipped(), events);
        const StateBox box = StateBox::around(most_v, 0.4 * day.state.m, 2.2 * day.state.m);
        const Grid g = grid(box);
        std::vector<DateTime> times{day.market.time, at(make_date(2025, 6, 17), 16, 0)};
        for (int bar = 0; bar <= 78; ++bar) {
            times.push_back(at(make_date(2025, 6, 18), 9, 30) + std::chrono::minutes(5 * bar));
        }
        const SpxSurface surface(day, session_close(make_date(2025, 6, 20)), make_mark_times(day, times), box);
        for (const std::size_t time : {0u, 1u, 2u, 24u, 63u, 80u}) {
            INFO("VIX " << vix << ", " << events.size() << " events, time " << time);
            CHECK(surface.measured_error(OptionType::put, 6000.0, time, g.spx, g.states) < 0.01);
        }
    }
}

TEST_CASE(
    "an SPX mark is exact in states far above the box and at v = 0, and a strike by delta is where it should be") {
    const PricingDay day = days::with_vix(16.0);
    const DateTime settlement = at(make_date(2025, 6, 25), 16, 0);
    const StateBox box = StateBox::around(0.06, 0.004, 0.012);
    SpxSurface surface(day, settlement, make_mark_times(day, {kTomorrow}), box);
    for (const double delta : {0.02, 0.15, 0.8}) surface.add_strike_at_delta(OptionType::put, delta);
    for (const VarianceState& state :
         {VarianceState{1.5, 0.0086}, VarianceState{0.02, 0.5}, VarianceState{0.0, 0.0086}, VarianceState{0.0, 0.004},
          VarianceState{0.0122, 0.0086}, VarianceState{0.06, 0.011}}) {
        const SpxMarker marker(day, kTomorrow, settlement, state, state);
        for (const double strike : {3000.0, 5000.0, 5900.0, 6000.0, 6100.0}) {
            INFO("v " << state.v << ", m " << state.m << ", strike " << strike);
            CHECK(std::abs(surface.exact(OptionType::put, strike, 0, 6000.0, state) -
                           marker.mark(OptionType::put, 6000.0, strike, state)) < 1e-3);
        }
        const double root = std::sqrt(state.v + box.shift), spx = 6000.0, forward = spx * marker.carry();
        const MarkedSmile smile = marker.smile(state);
        for (const double delta : {0.02, 0.15, 0.8}) {
            INFO("v " << state.v << ", m " << state.m << ", delta " << delta);
            double strike = 0.0;
            surface.strike_at_delta(OptionType::put, delta, 0, {{{&root, 1}, {&state.m, 1}}, {&spx, 1}}, &strike);
            const double exact = strike_at_delta(OptionType::put, delta, forward, 0.2 * forward, 3.0 * forward,
                                                 [&](double k) { return smile.implied_stdev(forward, k); });
            CHECK(std::abs(strike - exact) < (box.contains(state) ? 0.1 : 1e-3));  // index points; the grid has 5
        }
    }
}

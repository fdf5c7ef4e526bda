#include "volstorm/pricing/vix_surface.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "pricing/days.h"

using namespace volstorm;

namespace {

using Kind = VixProduct::Kind;

const DateTime kSettlement = at(make_date(2025, 7, 16), 9, 30);
const DateTime kTomorrow = at(make_date(2025, 6, 18), 16, 0);

// The entry, each half hour of the next session, and the same around an event at 14:00.
MarkTimes mark_times(const PricingDay& day) {
    std::vector<DateTime> times{day.market.time};
    for (int i = 0; i <= 13; ++i) times.push_back(at(make_date(2025, 6, 18), 9, 30) + std::chrono::minutes(30 * i));
    return make_mark_times(day, times);
}

Event fomc() { return {"FOMC", at(make_date(2025, 6, 18), 14, 0), 0.0075, 0.0075, 0.0, 0.1}; }

std::vector<VarianceState> states_in(const StateBox& box) {
    std::vector<VarianceState> states;
    for (int i = 0; i <= 10; ++i) {
        for (int k = 0; k <= 4; ++k) {
            const double root = box.root_v.low + 0.1 * i * (box.root_v.high - box.root_v.low);
            states.push_back({box.v_of(root), box.m.low + 0.25 * k * (box.m.high - box.m.low)});
        }
    }
    return states;
}

}  // namespace

TEST_CASE("a VIX mark of the model is the discounted price, and the future itself") {
    Market market = days::market(20.0);
    market.rate = 0.05;
    const PricingDay day = make_day(market, days::shipped("mark = \"frozen\"\n"), {});
    const VixMarker marker(day, day.market.time, kSettlement, day.state);
    const VixExpiry expiry(day.model.pricing, marker.years(), {}, day.vix_squared_at(kSettlement), day.state);
    const double discount = std::exp(-0.05 * calendar_time(day.market.time, kSettlement).value);
    CHECK(marker.discount() == Approx(discount).epsilon(1e-14));
    CHECK(std::abs(marker.mark({Kind::future, 0.0}, day.state) - expiry.future(day.state)) < 1e-12);
    CHECK(std::abs(marker.mark({Kind::call, 22.0}, day.state) - discount * expiry.call(day.state, 22.0)) < 1e-9);
    CHECK(std::abs(marker.mark({Kind::put, 19.0}, day.state) - discount * expiry.put(day.state, 19.0)) < 1e-9);
    CHECK(std::abs(marker.vix(day.state) - 20.0) < 1e-9);
}

TEST_CASE("the vvix mark equals the frozen one at the entry and moves by the shift of the vol after it") {
    const PricingDay shifted = days::with_vix(20.0), frozen = days::with_vix(20.0, {}, "mark = \"frozen\"\n");
    const VarianceState largest{0.2, 0.03}, spike{0.12, shifted.state.m};
    const VixMarker by_vvix(shifted, kTomorrow, kSettlement, largest),
        by_model(frozen, kTomorrow, kSettlement, largest);
    const VixMarker at_entry(shifted, shifted.market.time, kSettlement, largest),
        model_at_entry(frozen, frozen.market.time, kSettlement, largest);
    // The shift counts from the VIX that the entry expects tomorrow, by the mean of its square.
    const double day = shifted.variance_time(shifted.market.time, kTomorrow).value;
    const MeanVariance mean = mean_variance(shifted.model.pricing, day);
    const VarianceState expected{mean.v(shifted.state), mean.m(shifted.state)};
    const double future = by_model.future(spike);
    const double change = shifted.model.vvix_beta * std::log(by_vvix.vix(spike) / by_vvix.vix(expected));
    CHECK(change > 0.1);
    for (const double strike : {16.0, 20.0, 24.0, 35.0}) {
        for (const Kind kind : {Kind::call, Kind::put}) {
            const VixProduct product{kind, strike};
            CHECK(std::abs(at_entry.mark(product, shifted.state) - model_at_entry.mark(product, frozen.state)) < 1e-9);
            // Black at the shifted vol, less Black at the vol without shift, on top of the model's price.
            const OptionType type = kind == Kind::call ? OptionType::call : OptionType::put;
            const double vol = by_vvix.implied_vol(strike, spike), root = std::sqrt(by_vvix.years());
            const double difference = black_price(type, future, strike, vol * root) -
                                      black_price(type, future, strike, (vol - change) * root);
            CHECK(std::abs(by_vvix.mark(product, spike) - by_model.mark(product, spike) -
                           by_vvix.discount() * difference) < 1e-8);
        }
    }
    CHECK(by_vvix.mark({Kind::future, 0.0}, spike) == by_model.mark({Kind::future, 0.0}, spike));
}

TEST_CASE("a VIX strike chosen by delta has that Black delta at the mark's vol") {
    const PricingDay day = days::with_vix(20.0);
    const VixMarker marker(day, kTomorrow, kSettlement, {0.2, 0.03});
    for (const VarianceState& state : {day.state, VarianceState{0.12, day.state.m}}) {
        for (const double delta : {0.2, 0.5, 0.7}) {
            const double strike = marker.strike_at_delta(OptionType::call, delta, state);
            const double stdev = marker.implied_vol(strike, state) * std::sqrt(marker.years());
            CHECK(std::abs(black_delta(OptionType::call, marker.future(state), strike, stdev) - delta) < 1e-6);
        }
    }
}

TEST_CASE("interpolated VIX marks err by less than 0.002 points, with an event on the day") {
    for (const double vix : {16.0, 45.0}) {
        const PricingDay day = days::with_vix(vix, {fomc()});
        const StateBox box = vix < 30.0 ? StateBox::around(0.12, 0.004, 0.016) : StateBox::around(1.2, 0.01, 0.08);
        VixSurface surface(day, kSettlement, mark_times(day), box);
        const double strike = std::round(vix);
        const std::vector<VixProduct> products{
            {Kind::future, 0.0}, {Kind::call, strike}, {Kind::call, 1.5 * strike}, {Kind::put, strike}};
        for (const VixProduct& product : products) surface.add(product);
        for (const VixProduct& product : products) {
            for (const std::size_t time : {0u, 1u, 7u, 9u, 10u, 14u}) {
                INFO("VIX " << vix << ", kind " << static_cast<int>(product.kind) << ", strike " << product.strike
                            << ", time " << time);
                CHECK(surface.measured_error(product, time, states_in(box)) < 0.002);
            }
        }
    }
}

TEST_CASE("a state outside the box, or a product nobody prepared, is priced exactly and counted") {
    const PricingDay day = days::with_vix(16.0);
    const StateBox box = StateBox::around(0.05, 0.004, 0.016);
    const MarkTimes times = make_mark_times(day, {day.market.time});
    VixSurface surface(day, kSettlement, times, box);
    const VixProduct call{Kind::call, 18.0}, other{Kind::call, 19.0};
    surface.add(call);
    CHECK(surface.knows(call));
    CHECK_FALSE(surface.knows(other));
    const std::vector<double> v{0.0122, 0.2, 0.0122}, m{0.0086, 0.0086, 0.03};
    std::vector<double> root, out(3);
    for (const double x : v) root.push_back(std::sqrt(x + box.shift));
    CHECK(surface.mark(call, 0, {root, m}, out.data()) == 2);
    CHECK(std::abs(out[0] - surface.exact(call, 0, {v[0], m[0]})) < 0.002);
    CHECK(std::abs(out[1] - surface.exact(call, 0, {v[1], m[1]})) < 1e-9);
    CHECK(std::abs(out[2] - surface.exact(call, 0, {v[2], m[2]})) < 1e-9);
    CHECK(surface.mark(other, 0, {root, m}, out.data()) == 3);
}

TEST_CASE("mark times are cut at events and where one comes within 30 days") {
    const PricingDay day =
        days::with_vix(20.0, {fomc(), {"CPI", at(make_date(2025, 7, 18), 12, 0), 0.01, 0.01, 0.0, 0.0}});
    const MarkTimes times = mark_times(day);
    // Times: entry, 09:30 ... 16:00. The cuts come before 12:30 (30 days before the second event has passed) and 14:00.
    CHECK(times.segment_begin == std::vector<std::size_t>{0, 6, 10, 15});
}

TEST_CASE("the strike with a delta is interpolated as closely") {
    const PricingDay day = days::with_vix(20.0);
    const StateBox box = StateBox::around(0.12, 0.004, 0.02);
    VixSurface surface(day, kSettlement, make_mark_times(day, {kTomorrow}), box);
    surface.add_strike_at_delta(OptionType::call, 0.5);
    const VixMarker marker(day, kTomorrow, kSettlement, {0.12, 0.02});
    for (const VarianceState& state : {day.state, VarianceState{0.06, 0.01}}) {
        const double root = std::sqrt(state.v + box.shift);
        double strike = 0.0;
        CHECK(surface.strike_at_delta(OptionType::call, 0.5, 0, {{&root, 1}, {&state.m, 1}}, &strike) == 0);
        CHECK(std::abs(strike - marker.strike_at_delta(OptionType::call, 0.5, state)) < 0.01);
    }
}

TEST_CASE("the strikes of extreme deltas, far expiries and extreme states are finite and have their delta") {
    const PricingDay day = days::with_vix(20.0);
    const StateBox box = StateBox::around(0.5, 0.002, 0.06);
    const MarkTimes times = make_mark_times(day, {kTomorrow});
    for (const DateTime settlement : {at(make_date(2025, 6, 20), 9, 30), at(make_date(2026, 4, 15), 9, 30)}) {
        VixSurface surface(day, settlement, times, box);
        const VixMarker marker(day, kTomorrow, settlement, {0.5, 0.06});
        for (const OptionType type : {OptionType::call, OptionType::put}) {
            double last = 0.0;
            for (const double delta : {0.005, 0.015, 0.5, 0.985, 0.995}) {
                surface.add_strike_at_delta(type, delta);
                for (const VarianceState& state : states_in(box)) {
                    const double root = std::sqrt(state.v + box.shift);
                    double strike = 0.0;
                    surface.strike_at_delta(type, delta, 0, {{&root, 1}, {&state.m, 1}}, &strike);
                    INFO("delta " << delta << ", v " << state.v << ", m " << state.m << ", strike " << strike);
                    CHECK((std::isfinite(strike) && strike > 0.0));
                }
                const double strike = marker.strike_at_delta(type, delta, day.state);
                const double stdev = marker.implied_vol(strike, day.state) * std::sqrt(marker.years());
                INFO("delta " << delta << ", strike " << strike);
                CHECK(std::abs(std::abs(black_delta(type, marker.future(day.state), strike, stdev)) - delta) < 1e-6);
                CHECK((last == 0.0 || (type == OptionType::put ? strike > last : strike < last)));
                last = strike;
            }
        }
    }
}

TEST_CASE("a strike by delta is exact in a state far above the box") {
    const PricingDay day = days::with_vix(16.0);
    const StateBox box = StateBox::around(0.05, 0.004, 0.016);
    VixSurface surface(day, kSettlement, make_mark_times(day, {kTomorrow}), box);
    surface.add_strike_at_delta(OptionType::call, 0.3);
    const VarianceState state{3.0, 0.2};
    const VixMarker marker(day, kTomorrow, kSettlement, state);
    const double root = std::sqrt(state.v + box.shift);
    double strike = 0.0;
    CHECK(surface.strike_at_delta(OptionType::call, 0.3, 0, {{&root, 1}, {&state.m, 1}}, &strike) == 1);
    CHECK(std::abs(strike - marker.strike_at_delta(OptionType::call, 0.3, state)) < 1e-6);
}

TEST_CASE("an option near its settlement is interpolated as closely where paths can be") {
    // One session, two and four before the settlement, at the horizon.
    for (const auto& [vix, most_v] : {std::pair{12.0, 0.06}, {19.0, 0.15}, {30.0, 0.5}, {45.0, 1.2}}) {
        const PricingDay day = days::with_vix(vix);
        // m moves little in a session: most where a crash early in it pulls m up.
        const StateBox box = StateBox::around(most_v, 0.8 * day.state.m, 1.5 * day.state.m);
        const double fall =
            2.0 * day.model.pricing.sigma_v * std::sqrt(day.clock.between(day.market.time, kTomorrow).value);
        const double least_root = std::sqrt(std::pow(std::sqrt(day.state.v) - fall, 2) + box.shift);
        std::vector<VarianceState> states;
        for (int i = 0; i <= 40; ++i) {
            const double root = least_root + i / 40.0 * (0.95 * box.root_v.high - least_root);
            for (const double share : {0.2, 0.35, 0.5, 0.8}) {
                states.push_back({box.v_of(root), box.m.low + share * (box.m.high - box.m.low)});
            }
        }
        for (const Date date : {make_date(2025, 6, 20), make_date(2025, 6, 23), make_date(2025, 6, 25)}) {
            VixSurface surface(day, at(date, 9, 30), make_mark_times(day, {kTomorrow}), box);
            for (const double moneyness : {0.7, 0.85, 1.0, 1.25, 2.0}) {
                const VixProduct call{Kind::call, std::round(moneyness * vix)};
                surface.add(call);
                INFO("VIX " << vix << ", settlement " << to_string(date) << ", strike " << call.strike);
                CHECK(surface.measured_error(call, 0, states) < 0.002);
            }
        }
    }
}

TEST_CASE("a near option is interpolated as closely at every time of a session, and beside the paths it is near") {
    const PricingDay day = days::with_vix(20.0);
    const StateBox box = StateBox::around(0.2, 0.5 * day.state.m, 1.7 * day.state.m);
    const MarkTimes times = mark_times(day);
    VixSurface surface(day, at(make_date(2025, 6, 20), 9, 30), times, box);
    const VixProduct put{Kind::put, 20.0}, call{Kind::call, 30.0};
    surface.add(put);
    surface.add(call);
    std::vector<VarianceState> states;
    for (int i = 0; i <= 60; ++i) states.push_back({(0.36 + 0.12 * i) * day.state.v, (0.8 + 0.006 * i) * day.state.m});
    for (std::size_t time = 0; time < times.times.size(); ++time) {
        INFO("time " << time);
        CHECK(surface.measured_error(put, time, states) < 0.002);
        CHECK(surface.measured_error(call, time, states) < 0.002);
    }
    const double m = day.state.m, root = std::sqrt(box.shift);  // v = 0: no path comes here
    double mark = 0.0;
    CHECK(surface.mark(put, 14, {{&root, 1}, {&m, 1}}, &mark) == 0);
    CHECK(std::abs(mark - surface.exact(put, 14, {0.0, m})) < 0.5);
}

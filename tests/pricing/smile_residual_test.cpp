#include "volstorm/pricing/smile_residual.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "pricing/days.h"
#include "volstorm/market/calendar.h"
#include "volstorm/pricing/spx_surface.h"
#include "volstorm/pricing/vix_surface.h"

using namespace volstorm;
using Node = SmileResidual::Node;

namespace {

const DateTime kSpxSettlement = session_close(make_date(2025, 6, 25));
const DateTime kVixSettlement = session_open(make_date(2025, 7, 16));
const DateTime kTomorrow = session_close(make_date(2025, 6, 18));

PricingDay with_rate(double vix) {
    Market market = days::market(vix);
    market.rate = 0.05;
    return make_day(market, days::shipped(), {});
}

// Quotes on a smile of their own: a level, a slope and a bend in ln K.
ExpiryQuotes quotes_of(ChainFamily family, DateTime settlement, double years, double forward, double vol,
                       std::vector<double> strikes) {
    ExpiryQuotes quotes{family, "made up", settlement, years, forward, 0.0, {}};
    for (const double strike : strikes) {
        const bool is_spx = family == ChainFamily::spx;
        const double x = std::log(strike / forward);
        const double stdev = (vol + (is_spx ? -0.9 * x + 2.0 * x * x : 0.75 * x - 0.3 * x * x)) * std::sqrt(years);
        const OptionType type = strike < forward ? OptionType::put : OptionType::call;
        const double mid = black_price(type, forward, strike, stdev), half = 0.01 * mid;
        quotes.quotes.push_back({strike, type, mid - half, mid + half, 0.0, 0.0, 0.0, 0.0});
    }
    return quotes;
}

ExpiryQuotes spx_quotes(const PricingDay& day) {
    std::vector<double> strikes;
    for (double k = 5600.0; k <= 6300.0; k += 25.0) strikes.push_back(k);
    const double years = day.variance_time(day.market.time, kSpxSettlement).value;
    return quotes_of(ChainFamily::spx, kSpxSettlement, years, 6011.0, 0.19, strikes);
}

ExpiryQuotes vix_quotes(const PricingDay& day) {
    const double years = day.variance_time(day.market.time, kVixSettlement).value;
    return quotes_of(ChainFamily::vix, kVixSettlement, years, 21.4, 0.85,
                     {15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27, 30, 35, 40, 50});
}

PricingDay with_quotes(double vix) {
    PricingDay day = with_rate(vix);
    const SmileResidual spx = spx_residual(day, spx_quotes(day)), of_vix = vix_residual(day, vix_quotes(day));
    day.spx_residuals.emplace(kSpxSettlement, spx);
    day.vix_residuals.emplace(kVixSettlement, of_vix);
    return day;
}

std::vector<VarianceState> states_in(const StateBox& box) {
    std::vector<VarianceState> states;
    for (int i = 1; i < 10; ++i) {
        for (int k = 1; k < 4; ++k) {
            const double root = box.root_v.low + 0.1 * i * (box.root_v.high - box.root_v.low);
            states.push_back({box.v_of(root), box.m.low + 0.25 * k * (box.m.high - box.m.low)});
        }
    }
    return states;
}

}  // namespace

TEST_CASE("a residual passes through its nodes, turns only at them, and is flat beyond") {
    const SmileResidual r(1.01, 0.02, {{-2.0, 0.03}, {-1.0, 0.01}, {0.0, 0.012}, {1.5, -0.004}});
    for (const auto& [x, ratio] : {std::pair{-2.0, 0.03}, {-1.0, 0.01}, {0.0, 0.012}, {1.5, -0.004}}) {
        CHECK(r.ratio(x) == Approx(ratio).margin(1e-15));
        CHECK(r.factor(x) == Approx(std::exp(ratio)));
    }
    CHECK(r.ratio(-7.0) == 0.03);
    CHECK(r.ratio(9.0) == -0.004);
    for (double x = -2.0; x < 1.49; x += 0.01) {
        const bool rises = x >= -1.0 && x < -0.005;
        CHECK((r.ratio(x + 0.005) - r.ratio(x)) * (rises ? 1.0 : -1.0) >= -1e-15);
    }
    // No corner, also where the flat parts begin.
    for (const double x : {-2.0, -1.0, 0.0, 1.5})
        CHECK(r.ratio(x + 1e-6) - r.ratio(x) == Approx(r.ratio(x) - r.ratio(x - 1e-6)).margin(2e-12));
    CHECK(SmileResidual().is_none());
    CHECK(SmileResidual().factor(0.3) == 1.0);
    CHECK(SmileResidual().basis(0.1) == 1.0);
    CHECK(SmileResidual(1.0, 0.02, {{0.5, 0.02}}).ratio(-3.0) == 0.02);
}

TEST_CASE("a basis dies out towards the settlement") {
    const SmileResidual r(1.04, 0.02, {{0.0, 0.0}});
    CHECK(r.basis(0.02) == Approx(1.04));
    CHECK(r.basis(0.01) == Approx(std::sqrt(1.04)));
    CHECK(r.basis(0.0) == 1.0);
    const PricingDay day = with_quotes(20.0);
    const double ends = day.vix_residual_at(kVixSettlement).basis(0.0);
    const VixMarker eve(day, at(make_date(2025, 7, 15), 16, 0), kVixSettlement, day.state);
    const PricingDay plain = with_rate(20.0);
    const VixMarker without(plain, at(make_date(2025, 7, 15), 16, 0), kVixSettlement, day.state);
    CHECK(ends == 1.0);
    CHECK(std::abs(eve.future(day.state) / without.future(day.state) - 1.0) < 0.002);
}

TEST_CASE("a residual is thinned to nodes apart, but for those that are to be kept, both ends and the money") {
    std::vector<Node> nodes;
    for (int i = -40; i <= 40; ++i) nodes.push_back({0.05 * i, 0.01 * i + (i % 2 == 0 ? 0.001 : 0.0)});
    const SmileResidual all(0.99, 0.02, nodes);
    const std::vector<double> keep{0.05, 0.10, 0.3333};
    const SmileResidual few = all.thinned(0.25, keep);
    CHECK(few.basis(0.02) == Approx(0.99));
    for (const double x : keep) CHECK(few.ratio(x) == Approx(all.ratio(x)).margin(1e-15));
    for (const double x : {-2.0, 0.0, 2.0}) CHECK(few.ratio(x) == Approx(all.ratio(x)));
    CHECK(few.ratio(-1.95) != Approx(all.ratio(-1.95)).margin(1e-5));
    CHECK(all.thinned(0.0, {}).ratio(-1.95) == Approx(all.ratio(-1.95)));
    CHECK(SmileResidual().thinned(0.5, keep).is_none());
}

TEST_CASE("marks of SPX at the entry are the mids of the quotes, calls and puts, discounted") {
    const PricingDay day = with_quotes(20.0);
    const ExpiryQuotes quotes = spx_quotes(day);
    const SpxMarker marker(day, day.market.time, kSpxSettlement, day.state, day.state);
    CHECK(marker.carry() * day.market.spx == Approx(quotes.forward).epsilon(1e-13));
    for (const OptionQuote& q : quotes.quotes) {
        CAPTURE(q.strike);
        const double discount = day.discount(calendar_time(day.market.time, kSpxSettlement));
        const double mark = marker.mark(q.type, day.market.spx, q.strike, day.state);
        CHECK(std::abs(mark - discount * q.mid()) < 2e-5);
        const OptionType other = q.type == OptionType::put ? OptionType::call : OptionType::put;
        const double call_less_put = (q.type == OptionType::call ? 1.0 : -1.0) *
                                     (mark - marker.mark(other, day.market.spx, q.strike, day.state));
        CHECK(call_less_put == Approx(discount * (quotes.forward - q.strike)).margin(1e-8));
    }
}

TEST_CASE("marks of VIX at the entry are the mids of the quotes, with either kind of marks") {
    for (const VixMark kind : {VixMark::vvix, VixMark::frozen}) {
        PricingDay day = with_rate(20.0);
        day.model.mark = kind;
        day.vix_residuals.emplace(kVixSettlement, vix_residual(day, vix_quotes(day)));
        const ExpiryQuotes quotes = vix_quotes(day);
        const VixMarker marker(day, day.market.time, kVixSettlement, day.state);
        CHECK(marker.future(day.state) == Approx(quotes.forward).epsilon(1e-13));
        CHECK(marker.mark({VixProduct::Kind::future, 0.0}, day.state) == Approx(quotes.forward).epsilon(1e-13));
        for (const OptionQuote& q : quotes.quotes) {
            CAPTURE(q.strike);
            const bool is_call = q.type == OptionType::call;
            const double call = marker.mark({VixProduct::Kind::call, q.strike}, day.state);
            const double put = marker.mark({VixProduct::Kind::put, q.strike}, day.state);
            CHECK((is_call ? call : put) == Approx(marker.discount() * q.mid()).epsilon(1e-9));
            CHECK(call - put == Approx(marker.discount() * (quotes.forward - q.strike)).margin(1e-9));
            const double stdev = black_implied_stdev(q.type, quotes.forward, q.strike, q.mid());
            // But for the 0.1 % of the at-the-money time value with which a vol is read.
            CHECK(marker.implied_vol(q.strike, day.state) == Approx(stdev / std::sqrt(marker.years())).margin(0.003));
        }
        const double strike = marker.strike_at_delta(OptionType::call, 0.3, day.state);
        const double stdev = marker.implied_vol(strike, day.state) * std::sqrt(marker.years());
        CHECK(black_delta(OptionType::call, quotes.forward, strike, stdev) == Approx(0.3).epsilon(1e-8));
    }
}

TEST_CASE("quotes that are the model's own leave no residual, and none changes not one bit") {
    const PricingDay day = with_rate(20.0);
    const SpxMarker spx(day, day.market.time, kSpxSettlement, day.state, day.state);
    const VixMarker vix(day, day.market.time, kVixSettlement, day.state);
    ExpiryQuotes of_spx = spx_quotes(day), of_vix = vix_quotes(day);
    of_spx.forward = day.market.spx * spx.carry();
    of_vix.forward = vix.future(day.state);
    for (OptionQuote& q : of_spx.quotes) {
        q.type = q.strike < of_spx.forward ? OptionType::put : OptionType::call;
        q.bid = q.ask = spx.mark(q.type, day.market.spx, q.strike, day.state) / spx.discount();
    }
    for (OptionQuote& q : of_vix.quotes) {
        q.type = q.strike < of_vix.forward ? OptionType::put : OptionType::call;
        const auto kind = q.type == OptionType::put ? VixProduct::Kind::put : VixProduct::Kind::call;
        q.bid = q.ask = vix.mark({kind, q.strike}, day.state) / vix.discount();
    }
    for (const SmileResidual& r : {spx_residual(day, of_spx), vix_residual(day, of_vix)}) {
        CHECK(r.basis(0.1) == Approx(1.0).epsilon(1e-13));
        for (double x = -4.0; x < 4.0; x += 0.1) CHECK(std::abs(r.ratio(x)) < 1e-4);
    }
    const SpxExpiry law(day.model.pricing, spx.years(), {}, day.state, day.state);
    const SpxSmile plain = law.smile(day.state);
    const SmileResidual none;
    const MarkedSmile marked(plain, none, spx.scale(day.state));
    for (const double k : {5000.0, 5900.0, 6100.0}) {
        CHECK(marked.put(6000.0, k) == plain.put(6000.0, k));
        CHECK(marked.price(OptionType::call, 6000.0, k) == plain.call(6000.0, k));
        CHECK(marked.implied_stdev(6000.0, k) == plain.implied_stdev(6000.0, k));
    }
}

TEST_CASE("far from the money prices with a residual are never negative and fall with the distance") {
    const PricingDay day = with_quotes(20.0);
    const SpxMarker marker(day, day.market.time, kSpxSettlement, day.state, day.state);
    for (const double v : {0.0005, 0.002, day.state.v, 0.1}) {
        const VarianceState state{v, day.state.m};
        const SpxMarker here(day, kTomorrow, kSpxSettlement, state, state);
        double put = 0.0, call = here.mark(OptionType::call, 6000.0, 6000.0, state);
        for (double k = 3000.0; k <= 6000.0; k += 5.0) {
            const double next = here.mark(OptionType::put, 6000.0, k, state);
            CHECK(next >= std::max(put - 1e-4, 0.0));
            put = next;
        }
        for (double k = 6005.0; k <= 8000.0; k += 5.0) {
            const double next = here.mark(OptionType::call, 6000.0, k, state);
            CHECK((next >= 0.0 && next <= call + 1e-4));
            call = next;
        }
    }
}

TEST_CASE("interpolated marks hold with residuals too, and carry the basis") {
    PricingDay day = with_quotes(20.0);
    for (auto* residuals : {&day.spx_residuals, &day.vix_residuals})
        for (auto& [settlement, residual] : *residuals) residual = residual.thinned(0.5, {});
    const StateBox box = StateBox::around(0.15, 0.4 * day.state.m, 2.2 * day.state.m);
    const std::vector<VarianceState> states = states_in(box);
    const MarkTimes times = make_mark_times(day, {day.market.time, kTomorrow});
    SpxSurface spx(day, kSpxSettlement, times, box);
    VixSurface vix(day, kVixSettlement, times, box);
    const std::vector<double> levels(states.size(), 5900.0);
    for (const std::size_t time : {0u, 1u}) {
        CAPTURE(time);
        for (const double strike : {5700.0, 5900.0, 6050.0})
            CHECK(spx.measured_error(OptionType::put, strike, time, levels, states) < 0.01);
        for (const double strike : {18.0, 22.0, 30.0}) {
            vix.add({VixProduct::Kind::call, strike});
            CHECK(vix.measured_error({VixProduct::Kind::call, strike}, time, states) < 0.002);
        }
    }
    const double root = std::sqrt(day.state.v + box.shift);
    double forward = 0.0;
    spx.forwards(1, {{{&root, 1}, {&day.state.m, 1}}, {levels.data(), 1}}, &forward);
    const double carry = day.carry(calendar_time(kTomorrow, kSpxSettlement));
    const double years = day.variance_time(kTomorrow, kSpxSettlement).value;
    CHECK(forward == Approx(5900.0 * carry * day.spx_residual_at(kSpxSettlement).basis(years)).epsilon(1e-13));
}

TEST_CASE("quoted vols over the model's move with the strike's moneyness, at any level of vol") {
    const PricingDay day = with_quotes(20.0), plain = with_rate(20.0);
    for (const double share : {0.1, 1.0, 5.0}) {
        const VarianceState state{share * day.state.v, day.state.m};
        const SpxMarker with(day, kTomorrow, kSpxSettlement, state, state);
        const SpxMarker without(plain, kTomorrow, kSpxSettlement, state, state);
        for (const double x : {-1.5, -0.5, 0.5}) {
            const double forward = 5900.0, strike = forward * std::exp(x * with.scale(state));
            const double factor =
                with.smile(state).implied_stdev(forward, strike) / without.smile(state).implied_stdev(forward, strike);
            CHECK(factor == Approx(day.spx_residual_at(kSpxSettlement).factor(x)).epsilon(1e-6));
        }
        CHECK(std::abs(day.spx_residual_at(kSpxSettlement).ratio(0.0)) > 0.03);
    }
}

#include "volstorm/instrument/condor.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "pricing/days.h"
#include "volstorm/math/strike.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

constexpr double kVol = 0.16;

// A day on which SPX options cost what Black-Scholes says: constant variance, no rates, entry at the close.
PricingDay black_scholes_day(double spx = 6000.0) {
    Market market;
    market.time = at(make_date(2025, 6, 17), 16, 0);
    market.has_time = true;
    market.spx = spx;
    market.variance = market.variance_mean = kVol * kVol;
    const Table model = Table::parse("[model]\npricing.kappa_v = 5.0\n", "test.toml");
    return make_day(market, read_model(model), {});
}

CondorSpec spec(const std::string& lines) {
    const Table table = Table::parse("[condor]\nexpiry = 2025-06-18\n" + lines, "test.toml");
    CondorSpec read = *read_condor(table);
    table.finish();
    return read;
}

Costs no_costs() { return read_costs(Table::parse("[costs]\nnone = true\n", "test.toml")); }

Condor make(const std::string& lines, double spx = 6000.0) {
    return make_condor(spec(lines), black_scholes_day(spx), no_costs());
}

const double kStdev = kVol / std::sqrt(252.0);

}  // namespace

TEST_CASE("a condor by delta: strikes, prices, credit, risk and breakevens of Black-Scholes") {
    const Condor c = make("short_delta = 0.15\nwing_width = 25.0\ncontracts = 10\n");
    // N(d1) = 0.15 at d1 = -1.0364: put and call strikes at F exp(-+ 1.0364 s + s^2 / 2).
    const double put = 6000.0 * std::exp(-1.0364334 * kStdev + 0.5 * kStdev * kStdev),
                 call = 6000.0 * std::exp(1.0364334 * kStdev + 0.5 * kStdev * kStdev);
    CHECK(c.strike[kShortPut] == round_strike(put, 5.0, 6000.0));
    CHECK(c.strike[kShortCall] == round_strike(call, 5.0, 6000.0));
    CHECK(c.strike[kLongPut] == c.strike[kShortPut] - 25.0);
    CHECK(c.strike[kLongCall] == c.strike[kShortCall] + 25.0);
    CHECK(std::abs(c.delta[kShortPut] + 0.15) < 0.02);
    CHECK(std::abs(c.delta[kShortCall] - 0.15) < 0.02);
    double credit = 0.0;
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
        const OptionType type = leg <= kShortPut ? OptionType::put : OptionType::call;
        CHECK(std::abs(c.mid[leg] - black_price(type, 6000.0, c.strike[leg], kStdev)) < 1e-8);
        CHECK(std::abs(c.implied_vol[leg] - kVol) < 1e-6);
        CHECK(c.half_spread[leg] == 0.0);
        credit -= kCondorSigns[leg] * c.mid[leg];
    }
    CHECK(std::abs(c.credit.value - credit) < 1e-12);
    CHECK(c.credit_mid == c.credit);
    CHECK(std::abs(c.max_risk.value - (25.0 - credit) * 100.0) < 1e-9);
    CHECK(std::abs(c.breakeven_low - (c.strike[kShortPut] - credit)) < 1e-12);
    CHECK(std::abs(c.breakeven_high - (c.strike[kShortCall] + credit)) < 1e-12);
    CHECK(c.contracts == 10.0);
    CHECK(c.forward == 6000.0);
    CHECK_FALSE(c.held);
}

TEST_CASE("short strikes by points and by standard deviations, ties away from the forward") {
    const Condor points = make("short_points = 77.5\nwing_width = 10.0\n");
    CHECK(points.strike == std::array<double, 4>{5910.0, 5920.0, 6080.0, 6090.0});
    const Condor deviations = make("short_sd = 1.5\nwing_width = 50.0\n");
    CHECK(deviations.strike[kShortPut] == round_strike(6000.0 * std::exp(-1.5 * kStdev), 5.0, 6000.0));
    CHECK(deviations.strike[kShortCall] == round_strike(6000.0 * std::exp(1.5 * kStdev), 5.0, 6000.0));
    // The forward between grid points: 5988 - 50 = 5938, 5988 + 50 = 6038.
    CHECK(make("short_points = 50.0\nwing_width = 10.0\n", 5988.0).strike ==
          std::array<double, 4>{5930.0, 5940.0, 6040.0, 6050.0});
}

TEST_CASE("wings by delta lie at their delta") {
    const Condor c = make("short_delta = 0.20\nwing_delta = 0.05\n");
    const double wing = 6000.0 * std::exp(-1.6448536 * kStdev + 0.5 * kStdev * kStdev);
    CHECK(c.strike[kLongPut] == round_strike(wing, 5.0, 6000.0));
    CHECK(std::abs(c.delta[kLongCall] - 0.05) < 0.01);
    const double wider = std::max(c.strike[1] - c.strike[0], c.strike[3] - c.strike[2]);
    CHECK(std::abs(c.max_risk.value - 100.0 * (wider - c.credit.value)) < 1e-9);
}

TEST_CASE("half-spreads lower the credit and raise the risk, and a short leg is not sold below zero") {
    Costs costs;
    const Condor c = make_condor(spec("short_delta = 0.15\nwing_width = 25.0\n"), black_scholes_day(), costs);
    CHECK(c.half_spread[kShortPut] == 0.10);
    CHECK(c.half_spread[kLongPut] == (std::abs(c.delta[kLongPut]) < 0.10 ? 0.05 : 0.10));
    const double spreads = c.half_spread[0] + c.half_spread[1] + c.half_spread[2] + c.half_spread[3];
    CHECK(std::abs(c.credit_mid.value - c.credit.value - spreads) < 1e-12);
    CHECK(std::abs(c.max_risk.value - 100.0 * (25.0 - c.credit.value)) < 1e-9);
    // Far out the short legs bring nothing and the long ones cost their half-spreads of 0.05, and no more.
    CHECK_THROWS_WITH(make_condor(spec("short_points = 400.0\nwing_width = 25.0\n"), black_scholes_day(), costs),
                      Contains("test.toml:1:1: condor brings no credit (-0.10 points)"));
}

TEST_CASE("a condor that is held keeps its strikes, pays no spread, and has today's value as its one base") {
    const Condor c =
        make_condor(spec("strikes = [5900.0, 5925.0, 6075.0, 6125.0]\ncredit = 4.95\n"), black_scholes_day(), Costs{});
    CHECK(c.held);
    CHECK(c.strike == std::array<double, 4>{5900.0, 5925.0, 6075.0, 6125.0});
    CHECK(c.opened_credit == 4.95);
    CHECK(c.credit.value == c.credit_mid.value);
    CHECK(c.credit_mid.value != 4.95);
    CHECK(std::abs(c.max_risk.value - 100.0 * (50.0 - c.credit_mid.value)) < 1e-9);
    CHECK(c.breakeven_low == 5925.0 - c.credit_mid.value);
    CHECK(c.breakeven_high == 6075.0 + c.credit_mid.value);
}

TEST_CASE("rates move the forward and discount the legs") {
    PricingDay day = black_scholes_day();
    day.market.rate = 0.10;
    const Condor c = make_condor(spec("short_points = 50.0\nwing_width = 25.0\n"), day, no_costs());
    CHECK(std::abs(c.forward - 6000.0 * std::exp(0.10 / 365.0)) < 1e-9);
    CHECK(std::abs(c.mid[kShortCall] - std::exp(-0.10 / 365.0) * black_price(OptionType::call, c.forward,
                                                                             c.strike[kShortCall], kStdev)) < 1e-8);
}

TEST_CASE("strikes that cross, or fall below zero, are refused with the strikes") {
    CHECK_THROWS_WITH(make("short_points = 1.0\nwing_width = 25.0\n"),
                      Contains("test.toml:") && Contains("5975 6000 6000 6025") && Contains("must rise"));
    CHECK_THROWS_WITH(make("short_delta = 0.10\nwing_delta = 0.20\n"), Contains("must rise"));
    CHECK_THROWS_WITH(make("short_points = 50.0\nwing_width = 6000.0\n"), Contains("positive"));
    CHECK_THROWS_WITH(make("strikes = [5900.0, 5925.0, 6075.0, 6100.0]\ncredit = 30.0\n"),
                      Contains("credit of 30.00") && Contains("wing of 25"));
}

TEST_CASE("a condor section that does not say one thing is refused") {
    CHECK_THROWS_WITH(spec("wing_width = 25.0\n"), Contains("needs one of short_delta"));
    CHECK_THROWS_WITH(spec("short_delta = 0.1\nshort_sd = 1.0\nwing_width = 25.0\n"),
                      Contains("short_sd") && Contains("excludes condor.short_delta"));
    CHECK_THROWS_WITH(spec("short_delta = 0.1\n"), Contains("wing_width or wing_delta"));
    CHECK_THROWS_WITH(spec("short_delta = 0.1\nwing_width = 25.0\nwing_delta = 0.05\n"),
                      Contains("excludes condor.wing_width"));
    CHECK_THROWS_WITH(spec("short_delta = 0.1\nwing_width = 12.0\n"), Contains("multiple of the strike grid of 5"));
    CHECK_THROWS_WITH(spec("strikes = [5900.0, 5925.0, 6075.0]\n"), Contains("four rising strikes"));
    CHECK_THROWS_WITH(spec("strikes = [5925.0, 5925.0, 6075.0, 6100.0]\n"), Contains("no width"));
    const auto slip = [](const std::string& line) { return "test.toml:3:1: condor." + line; };
    CHECK_THROWS_WITH(spec("short_detla = 0.1\nwing_width = 25.0\n"),
                      slip("short_detla is not a setting here (did you mean short_delta?)"));
    CHECK_THROWS_WITH(spec("short_sdd = 1.2\nwing_width = 25.0\n"),
                      slip("short_sdd is not a setting here (did you mean short_sd?)"));
    CHECK_THROWS_WITH(spec("wing_widht = 25.0\nshort_sd = 1.2\n"),
                      slip("wing_widht is not a setting here (did you mean wing_width?)"));
    CHECK_THROWS_WITH(spec("strike = [5900, 5925, 6075, 6100]\ncredit = 4.0\n"),
                      slip("strike is not a setting here (did you mean strikes?)"));
    CHECK_THROWS_AS(spec("short_delta = 0.6\nwing_width = 25.0\n"), InputError);
    CHECK_THROWS_AS(spec("short_delta = 0.1\nwing_width = 25.0\ncontracts = 0\n"), InputError);
    CHECK_FALSE(read_condor(Table::parse("[market]\n", "test.toml")).has_value());
}

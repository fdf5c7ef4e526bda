// Prices against figures from elsewhere, kept in tests/reference with their origin.
#include "reference/csv.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <memory>

#include "volstorm/pricing/spx_option.h"
#include "volstorm/pricing/vix_option.h"

using namespace volstorm;

namespace {

Parameters parameters(const reference::Row& row) {
    Parameters p;
    p.kappa_v = row.number("kappa_v");
    p.sigma_v = row.number("sigma_v");
    p.rho = row.number("rho");
    p.kappa_m = row.number("kappa_m");
    p.theta_m = row.number("theta_m");
    p.sigma_m = row.number("sigma_m");
    p.jumps = {{"jump", row.number("l0"), row.number("l1"), row.number("mu"), row.number("s"), row.number("rho_j"),
                row.number("nu")}};
    return p;
}

VarianceState state(const reference::Row& row) { return {row.number("v"), row.number("m")}; }

double spx_price(const reference::Row& row) {
    const double years = row.number("years"), rate = row.number("rate");
    const SpxSmile smile = SpxExpiry(parameters(row), years, {}, state(row), state(row)).smile(state(row));
    const double forward = row.number("spx") * std::exp((rate - row.number("dividend_yield")) * years);
    const OptionType type = row.text("instrument") == "spx_call" ? OptionType::call : OptionType::put;
    return std::exp(-rate * years) * smile.price(type, forward, row.number("strike"));
}

double vix_price(const reference::Row& row) {
    const Parameters p = parameters(row);
    const LinearInState squared = vix_squared(p, {});
    const std::string& instrument = row.text("instrument");
    if (instrument == "vix_level") return vix_level(squared, state(row));
    const double years = row.number("years");
    const VixExpiry expiry(p, years, {}, squared, state(row));
    if (instrument == "vix_future") return expiry.future(state(row));
    const OptionType type = instrument == "vix_call" ? OptionType::call : OptionType::put;
    return std::exp(-row.number("rate") * years) * expiry.price(type, state(row), row.number("strike"));
}

void check_all(const std::string& file, std::size_t count) {
    const auto rows = reference::read_csv(file);
    CHECK(rows.size() == count);
    double largest = 0.0;
    for (const reference::Row& row : rows) {
        const bool is_vix = row.text("instrument").starts_with("vix");
        const double error = std::abs((is_vix ? vix_price(row) : spx_price(row)) - row.number("value"));
        INFO(row.text("id") << " of " << row.text("set") << ", " << row.text("instrument"));
        CHECK(error < row.number("tolerance"));
        largest = std::max(largest, error);
    }
    INFO("largest error " << largest);
    SUCCEED();
}

}  // namespace

TEST_CASE("prices of SPX and VIX products equal those of an independent program") {
    check_all("pricing_cases.csv", 42);
}

TEST_CASE("prices equal those printed in papers and libraries") { check_all("published.csv", 30); }

TEST_CASE("Heston and Bates prices equal QuantLib's") { check_all("quantlib.csv", 200); }

TEST_CASE("delta, gamma and vega of NAG's Heston example follow from its prices") {
    // NAG library, example of s30nb: spot 100, strike 100, r 2.5 %, one year.
    Parameters p;
    p.kappa_v = 1.5768;
    p.sigma_v = 0.5751;
    p.rho = -0.5711;
    const double discount = std::exp(-0.025), m = 0.0398;
    const auto call = [&](double spot, double v) {
        const VarianceState here{v, m};
        return discount * SpxExpiry(p, 1.0, {}, here, here).smile(here).call(spot / discount, 100.0);
    };
    const double v = 0.0175, step = 0.05, bump = 1e-5;
    const double up = call(100.0 + step, v), middle = call(100.0, v), down = call(100.0 - step, v);
    CHECK(std::abs((up - down) / (2.0 * step) - 0.6945) < 5.5e-5);
    CHECK(std::abs((up - 2.0 * middle + down) / (step * step) - 0.0251) < 5.5e-5);
    CHECK(std::abs((call(100.0, v + bump) - call(100.0, v - bump)) / (2.0 * bump) - 52.5461) < 2e-4);
}

#include <algorithm>
#include <catch2/catch.hpp>

#include "short_run.h"

using namespace volstorm;
using namespace short_run;

namespace {

Text ten_condors() {
    Text text;
    text.condor += "contracts = 10\n";
    return text;
}

// P&L of ten condors from the level at settlement alone, after the costs of the opening.
double pnl_by_hand(const Experiment& e, double spx) {
    const auto& k = e.condor->strike;
    const double put_side = std::clamp(k[1] - spx, 0.0, k[1] - k[0]),
                 call_side = std::clamp(spx - k[2], 0.0, k[3] - k[2]);
    const double fees = 4.0 * 0.65;
    return 10.0 * (100.0 * (e.condor->credit.value - put_side - call_side) - fees);
}

}  // namespace

TEST_CASE("the condor's P&L follows by hand from SPX at settlement") {
    const auto e = prepare(ten_condors());
    const PathColumns columns = run(*e, 2'000);
    std::size_t breaches[3] = {};
    for (std::size_t i = 0; i < columns.count; ++i) {
        // spx_return is stored in float32: a 3e-8 of SPX, 0.2 dollars on ten condors.
        const double spx = 6000.0 * (1.0 + static_cast<double>(columns.spx_return[i]));
        CHECK(std::abs(columns.pnl[0][i] - pnl_by_hand(*e, spx)) < 0.4);
        ++breaches[columns.breach[i]];
        CHECK((columns.breach[i] == 1) == (spx < e->condor->strike[kShortPut]));
        CHECK((columns.breach[i] == 2) == (spx > e->condor->strike[kShortCall]));
    }
    CHECK(std::min({breaches[0], breaches[1], breaches[2]}) > 20);
}

TEST_CASE("the worst loss of a condor is its max risk and the fees, the best P&L its credit less the fees") {
    const auto e = prepare(ten_condors());
    const PathColumns columns = run(*e, 20'000);
    const auto [worst, best] = std::minmax_element(columns.pnl[0].begin(), columns.pnl[0].end());
    CHECK(-*worst == static_cast<float>(10.0 * (e->condor->max_risk.value + 2.60)));
    CHECK(*best == static_cast<float>(10.0 * (100.0 * e->condor->credit.value - 2.60)));
}

TEST_CASE("legs and costs add up to the P&L of every strategy") {
    Text text = ten_condors();
    text.rest =
        layer("first", "type = \"vix_call\", days = 30, delta = 0.50", "size = { contracts = 3 }") +
        layer("second", "type = \"vx_future\", days = 30", "size = { contracts = 1 }\nopen = \"vix_change > 0.3\"");
    const auto e = prepare(text);
    REQUIRE(e->leg_names() ==
            std::vector<std::string>{"long_put", "short_put", "short_call", "long_call", "first", "second", "costs"});
    REQUIRE(e->strategy_names() == std::vector<std::string>{"unhedged", "+first", "+first+second"});
    const PathColumns columns = run(*e, 2'000);
    for (std::size_t i = 0; i < columns.count; ++i) {
        double sum = 0.0, largest = 0.0;
        for (const auto& leg : columns.pnl_leg) {
            sum += leg[i];
            largest = std::max(largest, static_cast<double>(std::abs(leg[i])));
        }
        const double rounding = 8.0 * 6e-8 * largest;
        CHECK(std::abs(columns.pnl[2][i] - sum) <= rounding);
        double book = columns.pnl[0][i];
        for (std::size_t k = 0; k < 2; ++k) {
            const double contracts = columns.contracts[k][i];
            CHECK(std::abs(columns.pnl_leg[kCondorLegs + k][i] - contracts * columns.unit_pnl[k][i]) <= rounding);
            book += contracts * (static_cast<double>(columns.unit_pnl[k][i]) - columns.unit_cost[k][i]);
            CHECK(std::abs(columns.pnl[k + 1][i] - book) <= rounding);
        }
    }
}

TEST_CASE("a condor already held counts from today's mid and pays nothing to open") {
    Text text;
    text.condor = "expiry = 2025-06-18\nstrikes = [5875.0, 5900.0, 6100.0, 6130.0]\ncredit = 4.95\n";
    const auto e = prepare(text);
    const Condor& condor = *e->condor;
    // One base for all: today's value, not the credit of old.
    CHECK(condor.opened_credit == 4.95);
    CHECK(condor.credit.value == condor.credit_mid.value);
    CHECK(condor.max_risk.value == Approx(100.0 * (30.0 - condor.credit_mid.value)));
    CHECK(condor.breakeven_low == Approx(5900.0 - condor.credit_mid.value));
    CHECK(condor_pnl(*e, condor.breakeven_low) == Approx(0.0).margin(1e-9));
    CHECK(condor_pnl(*e, 6500.0) == Approx(-condor.max_risk.value));
    const PathColumns columns = run(*e, 2'000);
    CHECK(*std::max_element(columns.pnl[0].begin(), columns.pnl[0].end()) ==
          static_cast<float>(100.0 * condor.credit_mid.value));
    for (const float cost : columns.pnl_leg.back()) CHECK(cost == 0.0f);
}

#include "volstorm/instrument/costs.h"

#include <catch2/catch.hpp>

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

Costs read(const std::string& lines) {
    const Table table = Table::parse(lines, "test.toml");
    const Costs costs = read_costs(table);
    table.finish();
    return costs;
}

}  // namespace

TEST_CASE("every cost has a default, with or without the section") {
    for (const std::string text : {"", "[costs]\n"}) {
        const Costs costs = read(text);
        CHECK(costs.spx_option_fee == 0.65);
        CHECK(costs.vix_option_half_spread == 0.05);
        CHECK(costs.widening_per_vix_point == 0.10);
    }
}

TEST_CASE("costs are read, and `none` switches all off") {
    CHECK(read("[costs]\nvix_option_fee = 1.2\n").vix_option_fee == 1.2);
    const Costs none = read("[costs]\nnone = true\n");
    CHECK(none.spx_option_fee + none.vix_option_fee + none.vix_future_fee + none.spx_option_half_spread +
              none.spx_wing_half_spread + none.vix_option_half_spread + none.vix_future_half_spread +
              none.widening_per_vix_point ==
          0.0);
    CHECK_THROWS_WITH(read("[costs]\nnone = true\nvix_option_fee = 1.2\n"),
                      Contains("test.toml:3:") && Contains("costs.none"));
    CHECK_THROWS_AS(read("[costs]\nvix_option_fee = -1.0\n"), InputError);
    CHECK_THROWS_WITH(read("[costs]\nvix_option_fe = 1.0\n"), Contains("vix_option_fee"));
}

TEST_CASE("half-spreads widen as VIX rises and do not narrow as it falls") {
    const Costs costs;
    CHECK(costs.widening(0.0) == 1.0);
    CHECK(costs.widening(-5.0) == 1.0);
    CHECK(costs.widening(10.0) == 2.0);
}

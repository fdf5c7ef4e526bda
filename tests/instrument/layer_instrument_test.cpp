#include "volstorm/instrument/layer_instrument.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace volstorm;

namespace {

InstrumentKind kind(std::string_view name) {
    const auto entries = instrument_entries();
    const auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.name == name; });
    REQUIRE(entry != entries.end());
    return entry->kind();
}

}  // namespace

TEST_CASE("every instrument has a name of its own and a summary") {
    for (const InstrumentEntry& a : instrument_entries()) {
        CHECK_FALSE(a.summary.empty());
        CHECK(std::count_if(instrument_entries().begin(), instrument_entries().end(),
                            [&](const auto& b) { return a.name == b.name; }) == 1);
    }
}

TEST_CASE("instruments: underlying, side, multiplier and costs of one unit") {
    const Costs costs;
    const InstrumentKind call = kind("vix_call"), put = kind("vix_put"), future = kind("vx_future");
    CHECK(call.type == OptionType::call);
    CHECK(put.type == OptionType::put);
    CHECK(call.is_vix());
    CHECK(call.has_strike());
    CHECK(call.multiplier() == 100.0);
    CHECK(call.fee(costs) == 0.65);
    CHECK(call.half_spread(costs) == 0.05);
    CHECK_FALSE(future.has_strike());
    CHECK(future.is_vix());
    CHECK(future.multiplier() == 1000.0);
    CHECK(future.fee(costs) == 2.25);
    CHECK(future.half_spread(costs) == 0.025);
    CHECK_FALSE(kind("spx_put").is_vix());
    CHECK(kind("spx_put").type == OptionType::put);
    CHECK(kind("spx_put").half_spread(costs) == 0.10);
}

TEST_CASE("a spread pays for two legs, and its short strike lies further out of the money") {
    const Costs costs;
    const InstrumentKind calls = kind("vix_call_spread"), puts = kind("spx_put_spread");
    CHECK(calls.is_spread);
    CHECK(calls.short_direction == 1.0);
    CHECK(calls.fee(costs) == 1.30);
    CHECK(calls.half_spread(costs) == 0.10);
    CHECK(puts.is_spread);
    CHECK(puts.short_direction == -1.0);
    CHECK(puts.half_spread(costs) == 0.20);
    CHECK_FALSE(kind("vix_call").is_spread);
}

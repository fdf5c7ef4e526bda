#include "volstorm/math/strike.h"

#include <catch2/catch.hpp>

using namespace volstorm;

TEST_CASE("a strike goes to the nearest of the grid, at a tie away from the forward") {
    CHECK(round_strike(5921.0, 5.0, 6000.0) == 5920.0);
    CHECK(round_strike(5924.0, 5.0, 6000.0) == 5925.0);
    CHECK(round_strike(5922.5, 5.0, 6000.0) == 5920.0);
    CHECK(round_strike(6077.5, 5.0, 6000.0) == 6080.0);
    CHECK(round_strike(6075.0, 5.0, 6000.0) == 6075.0);
}

TEST_CASE("VIX strikes are half a point apart below 15 and one point above") {
    CHECK(round_vix_strike(14.3, 17.0) == 14.5);
    CHECK(round_vix_strike(14.74, 17.0) == 14.5);
    CHECK(round_vix_strike(14.8, 17.0) == 15.0);
    CHECK(round_vix_strike(15.3, 17.0) == 15.0);
    CHECK(round_vix_strike(22.5, 17.0) == 23.0);
    CHECK(round_vix_strike(22.5, 30.0) == 22.0);
}

TEST_CASE("the strike with a delta has that delta, at a flat and at a sloping vol") {
    const auto flat = [](double) { return 0.01; };
    const auto skew = [](double strike) { return 0.01 - 0.1 * std::log(strike / 5000.0) * 0.1; };
    for (const OptionType type : {OptionType::call, OptionType::put}) {
        for (const double delta : {0.05, 0.15, 0.5, 0.9}) {
            const double at_flat = strike_at_delta(type, delta, 5000.0, 4000.0, 6000.0, flat);
            CHECK(std::abs(std::abs(black_delta(type, 5000.0, at_flat, 0.01)) - delta) < 1e-7);
            const double at_skew = strike_at_delta(type, delta, 5000.0, 4000.0, 6000.0, skew);
            CHECK(std::abs(std::abs(black_delta(type, 5000.0, at_skew, skew(at_skew))) - delta) < 1e-7);
        }
    }
}

TEST_CASE("a delta that no strike of the range has gives no strike") {
    const auto flat = [](double) { return 0.01; };
    CHECK(std::isnan(strike_at_delta(OptionType::put, 0.15, 5000.0, 5000.0, 6000.0, flat)));
}

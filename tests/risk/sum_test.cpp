#include "volstorm/risk/sum.h"

#include <catch2/catch.hpp>
#include <vector>

namespace volstorm {

TEST_CASE("a compensated sum keeps what plain addition loses") {
    CompensatedSum sum;
    sum.add(1e16);
    for (int i = 0; i < 1'000; ++i) sum.add(1.0);
    sum.add(-1e16);
    CHECK(sum.value() == 1'000.0);
}

TEST_CASE("mean and deviation of small samples are exact") {
    Moments moments(3.0);
    for (const double x : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) moments.add(x);
    CHECK(moments.mean().value == 5.0);
    CHECK(moments.standard_deviation().value == Approx(std::sqrt(32.0 / 7.0)).epsilon(1e-15));
    CHECK(moments.mean().standard_error == Approx(std::sqrt(32.0 / 7.0 / 8.0)).epsilon(1e-15));
    // Central fourth moment 44.5, variance 4: sqrt((44.5 - 16) / 8) / (2 sd).
    CHECK(moments.standard_deviation().standard_error ==
          Approx(std::sqrt(28.5 / 8.0) / (2.0 * std::sqrt(32.0 / 7.0))).epsilon(1e-14));
}

TEST_CASE("a constant column has no deviation, however large the number") {
    Moments moments(1e9 + 0.1);
    for (int i = 0; i < 10; ++i) moments.add(1e9 + 0.1);
    CHECK(moments.mean().low == 1e9 + 0.1);
    CHECK(moments.mean().high == 1e9 + 0.1);
    CHECK(moments.standard_deviation().value == 0.0);
}

TEST_CASE("too few numbers give NaN, never a made-up interval") {
    Moments moments(0.0);
    CHECK(std::isnan(moments.mean().value));
    moments.add(4.0);
    CHECK(moments.mean().value == 4.0);
    CHECK(std::isnan(moments.mean().low));
    CHECK(std::isnan(moments.standard_deviation().value));
}

TEST_CASE("moments of parts with far origins are those of all numbers together") {
    Moments low(-20.0), high(100.0), all(3.0);
    for (const double x : {-21.0, -18.5, -20.25, -25.0}) low.add(x), all.add(x);
    for (const double x : {97.0, 108.0, 101.5}) high.add(x), all.add(x);
    for (int i = 0; i < 2; ++i) all.add(0.0);
    const Moments together = Moments::together(std::vector{low, high, Moments(0.0, 2), Moments(7.0)});
    CHECK(together.count() == 9);
    CHECK(together.mean().value == Approx(all.mean().value).epsilon(1e-14));
    CHECK(together.standard_deviation().value == Approx(all.standard_deviation().value).epsilon(1e-14));
    CHECK(together.standard_deviation().standard_error ==
          Approx(all.standard_deviation().standard_error).epsilon(1e-13));
    // Parts that hold one number only leave no trace of rounding.
    CHECK(Moments::together(std::vector{Moments(0.1, 3), Moments(0.1, 4)}).standard_deviation().value == 0.0);
}

}  // namespace volstorm

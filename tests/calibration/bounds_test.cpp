#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "calibration/problems.h"

namespace volstorm {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

/// (a - 2)^2 + (b + 1)^2 + (a + b - 1)^2: the minimum at (2, -1), inclined.
LeastSquaresProblem bowl(double a_low, double a_high, double b_low, double b_high, double a, double b) {
    return {{{.name = "a", .start = a, .low = a_low, .high = a_high},
             {.name = "b", .start = b, .low = b_low, .high = b_high}},
            3,
            [=](std::span<const double> p, std::span<double> r) {
                REQUIRE((p[0] >= a_low && p[0] <= a_high && p[1] >= b_low && p[1] <= b_high));
                r[0] = p[0] - 2.0;
                r[1] = p[1] + 1.0;
                r[2] = p[0] + p[1] - 1.0;
            },
            {}};
}

}  // namespace

TEST_CASE("an optimum at a bound is found, exactly, and reported") {
    // Rosenbrock with a at most 0.5: b = 0.25 and a cost of 0.25.
    LeastSquaresProblem valley = rosenbrock();
    const double low = GENERATE(-2.0, -kInf);
    valley.parameters[0].low = low;
    valley.parameters[0].high = 0.5;
    const Fit fit = least_squares(valley);
    CHECK(fit.parameters[0] == 0.5);
    CHECK(fit.parameters[1] == Approx(0.25).epsilon(1e-7));
    CHECK(fit.cost == Approx(0.25));
    CHECK(fit.at_bound[0] == AtBound::high);
    CHECK(fit.at_bound[1] == AtBound::no);
    CHECK(std::isnan(fit.standard_errors[0]));
    // b alone: (J'J)^-1 = 1/100, variance = 0.25 / (2 - 1).
    CHECK(fit.standard_errors[1] == Approx(0.05).epsilon(1e-6));
    CHECK(fit.singular_values.size() == 1);
}

TEST_CASE("every kind of bound, from starts inside and on the bound") {
    const double start = GENERATE(-4.0, 0.0, 0.7);
    // a at most 1: b = (0 - 1) / 2 = -0.5. Also with bounds on b that do not matter.
    for (const double b_bound : {5.0, kInf}) {
        const Fit fit = least_squares(bowl(-kInf, 1.0, -b_bound, b_bound, start, 0.3));
        CHECK(fit.parameters[0] == 1.0);
        CHECK(fit.parameters[1] == Approx(-0.5).epsilon(1e-7));
        CHECK(fit.at_bound[0] == AtBound::high);
    }
    // b at least 0: a = (2 + 1) / 2.
    const Fit low = least_squares(bowl(-kInf, kInf, 0.0, kInf, start, 0.0));
    CHECK(low.parameters[0] == Approx(1.5).epsilon(1e-7));
    CHECK(low.parameters[1] == 0.0);
    CHECK(low.at_bound[1] == AtBound::low);
    // Both: a at most 1, b at least 0.
    const Fit corner = least_squares(bowl(-10.0, 1.0, 0.0, 10.0, start, 2.0));
    CHECK(corner.parameters == std::vector{1.0, 0.0});
    CHECK((corner.at_bound[0] == AtBound::high && corner.at_bound[1] == AtBound::low));
    CHECK(corner.singular_values.empty());
    CHECK(std::isnan(corner.standard_errors[0]));
}

TEST_CASE("an optimum near a bound is not pressed onto it") {
    // a = 2 with a lower bound at 1.999 of a range of 10: 0.01 % of the range away.
    const Fit fit = least_squares(bowl(1.999, 11.999, -20.0, 20.0, 5.0, 0.0));
    CHECK(fit.parameters[0] == Approx(2.0).epsilon(1e-7));
    CHECK(fit.parameters[1] == Approx(-1.0).epsilon(1e-7));
    CHECK(fit.at_bound[0] == AtBound::no);
}

TEST_CASE("a start on a bound leaves it") {
    for (const double a : {-10.0, 10.0}) {
        const Fit fit = least_squares(bowl(-10.0, 10.0, -10.0, kInf, a, -10.0));
        CHECK(fit.parameters[0] == Approx(2.0).epsilon(1e-7));
        CHECK(fit.parameters[1] == Approx(-1.0).epsilon(1e-7));
    }
}

TEST_CASE("of two parameters near a bound only the one that belongs there is held") {
    // b at least -1.001: free at -1. a at most 1.9: held, so b = -0.95 is out of the near zone of its bound ...
    const Fit fit = least_squares(bowl(-8.1, 1.9, -0.96, 9.04, 0.0, 3.0));
    CHECK(fit.parameters[0] == 1.9);
    CHECK(fit.parameters[1] == Approx(-0.95).epsilon(1e-7));
    CHECK((fit.at_bound[0] == AtBound::high && fit.at_bound[1] == AtBound::no));
}

}  // namespace volstorm

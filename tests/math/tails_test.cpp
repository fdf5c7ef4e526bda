#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "volstorm/math/special.h"

using namespace volstorm;

namespace {

/// P(D < distance / n) of n uniforms: the arrivals in n cells are Poisson with mean 1 each, given that they are n in
/// all, and after i cells may differ from i by less than `distance` (Massey 1950).
double kolmogorov_exact(int n, int distance) {
    std::vector<double> ways(static_cast<std::size_t>(n) + 1, 0.0);  // by the number of arrivals so far
    ways[0] = 1.0;
    for (int i = 1; i <= n; ++i) {
        std::vector<double> next(ways.size(), 0.0);
        for (int after = 0; after <= n; ++after) {
            double poisson = std::exp(-1.0);  // of one cell, mean 1
            for (int more = 0; more <= after && std::abs(after - i) < distance; ++more) {
                next[static_cast<std::size_t>(after)] += poisson * ways[static_cast<std::size_t>(after - more)];
                poisson /= more + 1.0;
            }
        }
        ways = next;
    }
    return ways.back() / std::exp(n * std::log(n) - n - std::lgamma(n + 1.0));
}

}  // namespace

TEST_CASE("chi-square tails: published quantiles, closed forms, ends") {
    CHECK(chi_square_tail(3.841458820694124, 1.0) == Approx(0.05).epsilon(1e-12));
    CHECK(chi_square_tail(7.814727903251179, 3.0) == Approx(0.05).epsilon(1e-12));
    for (const double x : {0.1, 2.0, 30.0, 400.0}) {
        CHECK(chi_square_tail(x, 2.0) == Approx(std::exp(-0.5 * x)).epsilon(1e-13));
        CHECK(chi_square_tail(x, 1.0) == Approx(std::erfc(std::sqrt(0.5 * x))).epsilon(1e-12));
    }
    CHECK(chi_square_tail(0.0, 1.0) == 1.0);
    CHECK(chi_square_tail(-1e-15, 1.0) == 1.0);
    CHECK(chi_square_tail(std::numeric_limits<double>::infinity(), 3.0) == 0.0);
}

TEST_CASE("binomial tails add up and agree with the sum of their terms") {
    for (const std::uint64_t n : {1ull, 12ull, 250ull}) {
        for (const double p : {0.01, 0.3, 0.9}) {
            const boost::math::binomial_distribution<> law(static_cast<double>(n), p);
            double sum = 0.0;
            for (std::uint64_t k = 0; k <= n; ++k) {
                CHECK(binomial_at_least(k, n, p) == Approx(1.0 - sum).margin(1e-12));
                sum += boost::math::pdf(law, static_cast<double>(k));
                CHECK(binomial_at_most(k, n, p) == Approx(sum).margin(1e-12));
            }
        }
    }
    CHECK(binomial_at_most(0, 10, 0.0) == 1.0);
    CHECK(binomial_at_least(10, 10, 1.0) == 1.0);
    CHECK(binomial_at_least(11, 10, 0.5) == 0.0);
}

TEST_CASE("Kolmogorov's tail: published critical values and an exact count") {
    // At 5 % and 1 % for n = 20 (Massey 1951, table 1, rounded to three digits), and the limit law's at 5 %.
    CHECK(kolmogorov_tail(0.294, 20) == Approx(0.05).margin(0.001));
    CHECK(kolmogorov_tail(0.356, 20) == Approx(0.01).margin(0.0015));
    CHECK(kolmogorov_tail(1.3581 / 100.0, 10'000) == Approx(0.05).margin(0.0006));
    for (const int n : {20, 50, 100}) {
        for (int distance = 2; distance < n / 2; ++distance) {
            CAPTURE(n, distance);
            const double exact = 1.0 - kolmogorov_exact(n, distance);
            CHECK(kolmogorov_tail(static_cast<double>(distance) / n, static_cast<std::uint64_t>(n)) ==
                  Approx(exact).margin(0.0006));
        }
    }
    CHECK(kolmogorov_tail(0.0, 100) == 1.0);
    CHECK(kolmogorov_tail(1.0, 100) < 1e-80);
}

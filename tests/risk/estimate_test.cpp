#include "volstorm/risk/estimate.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>

namespace volstorm {

using boost::math::binomial_distribution;

TEST_CASE("the normal half-width is the 97.5 % quantile") {
    CHECK(kNormal95 == Approx(boost::math::quantile(boost::math::normal(), 0.975)).epsilon(1e-15));
}

TEST_CASE("Wilson's interval: published example, ends and symmetry") {
    // 81 of 263: 0.2553 to 0.3662 (Newcombe 1998, Statistics in Medicine 17, table I, method 3; also 15 of 148, 0 of
    // 20).
    CHECK(share_estimate(81, 263).low == Approx(0.2553).margin(5e-5));
    CHECK(share_estimate(81, 263).high == Approx(0.3662).margin(5e-5));
    CHECK(share_estimate(15, 148).low == Approx(0.0624).margin(5e-5));
    CHECK(share_estimate(15, 148).high == Approx(0.1605).margin(5e-5));
    CHECK(share_estimate(0, 20).low == 0.0);
    CHECK(share_estimate(0, 20).high == Approx(0.1611).margin(5e-5));
    CHECK(share_estimate(20, 20).high == 1.0);
    CHECK(share_estimate(20, 20).low == Approx(1.0 - share_estimate(0, 20).high).epsilon(1e-14));
    CHECK(share_estimate(30, 100).standard_error == Approx(std::sqrt(0.3 * 0.7 / 100.0)));
    CHECK(std::isnan(share_estimate(0, 0).value));
}

TEST_CASE("the binomial range holds at most 2.5 % on each side, and a narrower one more") {
    const std::uint64_t n = GENERATE(as<std::uint64_t>{}, 1, 2, 19, 400, 2'000, 1'000'000);
    const double p = GENERATE(0.001, 0.05, 0.5, 0.9);
    const CountRange range = binomial_range(n, p);
    const binomial_distribution<> count(static_cast<double>(n), p);
    const double low = static_cast<double>(range.low), high = static_cast<double>(range.high);
    CAPTURE(n, p, low, high);
    if (range.low > 0) CHECK(cdf(count, low - 1.0) <= 0.025);
    CHECK(cdf(count, low) > 0.025 - 1e-12);
    if (range.high < n) CHECK(cdf(complement(count, high)) <= 0.025 + 1e-12);
    if (range.high > 0) CHECK(cdf(complement(count, high - 1.0)) > 0.025);
}

TEST_CASE("the binomial range of a billion paths agrees with the normal law") {
    const CountRange range = binomial_range(1'000'000'000, 0.05);
    const double sd = std::sqrt(1e9 * 0.05 * 0.95);
    CHECK(static_cast<double>(range.low) == Approx(5e7 - kNormal95 * sd).margin(2.0));
    CHECK(static_cast<double>(range.high) == Approx(5e7 + kNormal95 * sd).margin(2.0));
}

}  // namespace volstorm

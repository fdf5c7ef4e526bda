#include "volstorm/risk/backtest.h"

#include <boost/math/distributions/binomial.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <random>

#include "risk/rejections.h"

namespace volstorm {
namespace {

using Failures = std::vector<std::uint8_t>;

/// `failures` of them, then calm days.
Failures some(std::size_t failures, std::size_t days) {
    Failures result(days, 0);
    for (std::size_t i = 0; i < failures; ++i) result[i] = 1;
    return result;
}

/// A Markov chain: a failure comes with `after_calm` or `after_failure`, on the first day with `after_calm`.
Failures chain(std::size_t days, double after_calm, double after_failure, std::uint64_t seed) {
    const std::vector<double> u = uniforms(days, seed);
    Failures result(days, 0);
    for (std::size_t i = 0; i < days; ++i) result[i] = u[i] < (i > 0 && result[i - 1] ? after_failure : after_calm);
    return result;
}

Failures independent(std::size_t days, double share, std::uint64_t seed) { return chain(days, share, share, seed); }

/// Kupiec's size at 5 %, exactly: the probability of all counts that it rejects.
double kupiec_size(std::size_t days, double share, bool exact) {
    const boost::math::binomial_distribution<> count(static_cast<double>(days), share);
    double size = 0.0;
    for (std::size_t k = 0; k <= days; ++k) {
        const FailureShareResult r = kupiec_test(some(k, days), share);
        if ((exact ? r.exact_p_value : r.ratio.p_value) < 0.05) size += boost::math::pdf(count, static_cast<double>(k));
    }
    return size;
}

}  // namespace

TEST_CASE("Kupiec's ratio: 8 failures in 255 days at 1 %, and its ends") {
    // 2 [8 ln((8/255) / 0.01) + 247 ln((247/255) / 0.99)], worked out by hand to seven digits.
    const FailureShareResult r = kupiec_test(some(8, 255), 0.01);
    CHECK(r.ratio.statistic == Approx(7.512084).epsilon(1e-7));
    CHECK(r.ratio.p_value == Approx(std::erfc(std::sqrt(7.512084 / 2.0))).epsilon(1e-6));
    CHECK(r.failures == 8);
    CHECK(r.days == 255);
    // No failure: -2 n ln(1 - share); nothing else: -2 n ln(share).
    CHECK(kupiec_test(some(0, 250), 0.01).ratio.statistic == Approx(-500.0 * std::log(0.99)));
    CHECK(kupiec_test(some(250, 250), 0.01).ratio.statistic == Approx(-500.0 * std::log(0.01)));
    CHECK(kupiec_test(some(10, 200), 0.05).ratio.statistic == Approx(0.0).margin(1e-12));
    CHECK(kupiec_test(some(10, 200), 0.05).ratio.p_value == Approx(1.0).margin(1e-6));
}

TEST_CASE("the counts accepted at 5 % are those of Kupiec's table") {
    // Kupiec 1995, table 3, 255 days: N < 7 at 1 %, 2 < N < 12 at 2.5 %, 6 < N < 21 at 5 %, 11 < N < 28 at 7.5 %, 16 <
    // N < 36 at 10 %. At 1 % the table has no lower end; the ratio rejects no failure at all (p = 0.024).
    const auto accepted = [](std::size_t k, double share) {
        return kupiec_test(some(k, 255), share).ratio.p_value >= 0.05;
    };
    struct Row {
        double share;
        std::size_t below, above;
    };
    for (const Row row : {Row{0.01, 0, 7}, {0.025, 2, 12}, {0.05, 6, 21}, {0.075, 11, 28}, {0.1, 16, 36}}) {
        CAPTURE(row.share);
        CHECK_FALSE(accepted(row.below, row.share));
        CHECK(accepted(row.below + 1, row.share));
        CHECK(accepted(row.above - 1, row.share));
        CHECK_FALSE(accepted(row.above, row.share));
    }
}

TEST_CASE("the exact p-value is twice the smaller binomial tail") {
    // 0 of 3 and 3 of 3 at 1/2: 2/8. 1 of 2 at 1/2: both tails are 3/4. 2 of 2 at 0.1: 2/100.
    CHECK(kupiec_test(some(0, 3), 0.5).exact_p_value == Approx(0.25));
    CHECK(kupiec_test(some(3, 3), 0.5).exact_p_value == Approx(0.25));
    CHECK(kupiec_test(some(1, 2), 0.5).exact_p_value == 1.0);
    CHECK(kupiec_test(some(2, 2), 0.1).exact_p_value == Approx(0.02));
}

TEST_CASE("sizes of Kupiec's test, exactly: the ratio rejects too often where few failures are expected") {
    std::cout << "Kupiec at 5 %, days and share: ratio, exact\n";
    for (const auto& [days, share] : {std::pair{250u, 0.01}, {250u, 0.05}, {1'000u, 0.01}, {1'000u, 0.05}}) {
        const double ratio = kupiec_size(days, share, false), exact = kupiec_size(days, share, true);
        std::cout << "  " << days << ' ' << share << ": " << ratio << ' ' << exact << '\n';
        CHECK(exact <= 0.05);
        CHECK(ratio < (days * share < 5.0 ? 0.10 : 0.065));
    }
    CHECK(kupiec_size(250, 0.01, false) == Approx(0.0948).margin(5e-4));
}

TEST_CASE("Christoffersen's ratios of ten days, by hand") {
    const Failures days{0, 0, 0, 1, 1, 1, 0, 0, 0, 0};
    const FailurePairs pairs = failure_pairs(days);
    CHECK((pairs.calm_calm == 5 && pairs.calm_failure == 1 && pairs.failure_calm == 1 && pairs.failure_failure == 2));
    // 2 [5 ln 5/6 + ln 1/6 + ln 1/3 + 2 ln 2/3 - 6 ln 6/9 - 3 ln 3/9]
    const TestResult independence = christoffersen_independence_test(days);
    CHECK(independence.statistic == Approx(2.231436).epsilon(1e-6));
    CHECK(independence.p_value == Approx(0.13523).epsilon(1e-4));
    // 2 [5 ln 5/6 + ln 1/6 + ln 1/3 + 2 ln 2/3 - 6 ln 0.9 - 3 ln 0.1]
    const TestResult coverage = christoffersen_coverage_test(days, 0.1);
    CHECK(coverage.statistic == Approx(5.854017).epsilon(1e-6));
    CHECK(coverage.p_value == Approx(std::exp(-0.5 * 5.854017)).epsilon(1e-6));
}

TEST_CASE("conditional coverage is independence plus Kupiec over all days but the first") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const Failures days = independent(300, 0.04, seed);
        const TestResult independence = christoffersen_independence_test(days);
        if (!independence.unknown_because.empty()) continue;
        const double share = kupiec_test(std::span(days).subspan(1), 0.03).ratio.statistic;
        CHECK(christoffersen_coverage_test(days, 0.03).statistic == Approx(independence.statistic + share));
    }
}

TEST_CASE("where failures say nothing, no p-value is made up") {
    CHECK(kupiec_test({}, 0.01).ratio.unknown_because == "there are no days");
    CHECK(std::isnan(kupiec_test({}, 0.01).exact_p_value));
    CHECK(christoffersen_independence_test(Failures{0, 0, 0}).unknown_because == "no day follows a failure");
    CHECK(christoffersen_independence_test(Failures{0, 0, 1}).unknown_because == "no day follows a failure");
    CHECK(christoffersen_independence_test(Failures{1, 1, 0}).unknown_because == "every day follows a failure");
    CHECK(std::isnan(christoffersen_independence_test(Failures{1, 1, 1}).p_value));
    CHECK(christoffersen_coverage_test(Failures{1}, 0.01).unknown_because == "there are fewer than two days");
    CHECK(christoffersen_coverage_test(Failures{0, 0, 0}, 0.5).statistic == Approx(4.0 * std::log(2.0)));
    CHECK_THROWS_WITH(kupiec_test(Failures{0, 2}, 0.01), "day 1 of the failures is 2, neither 0 nor 1");
    CHECK_THROWS_AS(kupiec_test(Failures{0, 1}, 0.0), std::invalid_argument);
    CHECK_THROWS_AS(christoffersen_coverage_test(Failures{0, 1}, NAN), std::invalid_argument);
}

TEST_CASE("sizes of Christoffersen's tests on independent failures") {
    const int repetitions = 4'000;
    std::cout << "Christoffersen at 5 %, days and share: independence, coverage\n";
    for (const auto& [days, share] : {std::pair{250u, 0.01}, {1'000u, 0.01}, {1'000u, 0.05}, {4'000u, 0.05}}) {
        const auto [n, p] = std::pair{days, share};
        const double independence = rejections(repetitions, [&, n = n, p = p](std::uint64_t seed) {
            return christoffersen_independence_test(independent(n, p, seed)).p_value;
        });
        const double coverage = rejections(repetitions, [&, n = n, p = p](std::uint64_t seed) {
            return christoffersen_coverage_test(independent(n, p, seed), p).p_value;
        });
        std::cout << "  " << days << ' ' << share << ": " << independence << ' ' << coverage << '\n';
        if (days == 4'000) {
            CHECK(near_5_percent(independence, repetitions));
            CHECK(near_5_percent(coverage, repetitions));
        }
    }
}

TEST_CASE("power: too many failures, and failures in clusters, are found") {
    const int repetitions = 1'000;
    const double many = rejections(repetitions, [](std::uint64_t seed) {
        return kupiec_test(independent(1'000, 0.10, seed), 0.05).exact_p_value;
    });
    // As many failures as promised (0.05 / (1 - 0.35 + 0.05) of the days: 7 %), but 35 % after a failure.
    const double clusters = rejections(repetitions, [](std::uint64_t seed) {
        return christoffersen_independence_test(chain(1'000, 0.05, 0.35, seed)).p_value;
    });
    std::cout << "power at 1,000 days: 10 % failures for 5 % " << many << ", clusters " << clusters << '\n';
    CHECK(many > 0.99);
    CHECK(clusters > 0.99);
}

}  // namespace volstorm

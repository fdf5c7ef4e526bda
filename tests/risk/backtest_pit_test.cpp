#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <numeric>

#include "risk/rejections.h"
#include "volstorm/math/normal.h"
#include "volstorm/risk/backtest.h"

namespace volstorm {
namespace {

/// Middle of each of n equal parts of [0, 1].
std::vector<double> grid(std::size_t n) {
    std::vector<double> u(n);
    for (std::size_t i = 0; i < n; ++i) u[i] = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
    return u;
}

/// Transforms of standard normal outcomes, autocorrelated or not, in forecasts of deviation `width`.
std::vector<double> normal_pit(std::size_t n, double width, double autocorrelation, std::uint64_t seed) {
    std::vector<double> pit = uniforms(n, seed);
    double z = 0.0;
    for (double& u : pit) {
        z = autocorrelation * z + std::sqrt(1.0 - autocorrelation * autocorrelation) * normal_quantile(u);
        u = normal_distribution(z / width);
    }
    return pit;
}

double histogram_p(std::span<const double> pit) { return uniformity_test(pit_histogram(pit, 10)).p_value; }

/// The ratio of Berkowitz's test as twice the difference of log likelihoods, term by term.
double ratio_by_likelihoods(std::span<const double> z, double c, double rho, double s) {
    double sum = 0.0;
    for (std::size_t t = 1; t < z.size(); ++t) {
        const double noise = (z[t] - c - rho * z[t - 1]) / s;
        sum += 2.0 * (std::log(normal_density(noise) / s) - std::log(normal_density(z[t])));
    }
    return sum;
}

}  // namespace

TEST_CASE("a histogram of transforms counts its ends, and chi-square is as by hand") {
    const std::vector<double> pit{0.0, 0.24, 0.25, 0.5, 0.74999, 0.75, 1.0};
    CHECK(pit_histogram(pit, 4) == std::vector<std::uint64_t>{2, 1, 2, 2});
    // (30 - 20)^2 / 20 + (10 - 20)^2 / 20 = 10 of 4 bins.
    const std::vector<std::uint64_t> counts{30, 10, 20, 20};
    CHECK(uniformity_test(counts).statistic == Approx(10.0));
    CHECK(uniformity_test(counts).p_value == Approx(0.018566).epsilon(1e-4));
    CHECK(uniformity_test(std::vector<std::uint64_t>{20, 20}).p_value == 1.0);
}

TEST_CASE("Kolmogorov-Smirnov: the grid of middles is half a step away, and a shift adds to it") {
    CHECK(kolmogorov_smirnov_test(grid(100)).statistic == Approx(0.005));
    CHECK(kolmogorov_smirnov_test(grid(100)).p_value == Approx(1.0));
    std::vector<double> shifted = grid(100);
    std::ranges::reverse(shifted);
    for (double& u : shifted) u = std::min(1.0, u + 0.1308);
    // D = 0.1358 with n = 100: 1.358 / sqrt(n), 5 % of the limit law, of which the exact law has 4.5 %.
    CHECK(kolmogorov_smirnov_test(shifted).statistic == Approx(0.1358));
    CHECK(kolmogorov_smirnov_test(shifted).p_value == Approx(0.0455).margin(1e-3));
    // Below 0.5 there is nothing: D = 0.5 where the upper half begins.
    std::vector<double> upper = grid(50);
    for (double& u : upper) u = 0.5 + 0.5 * u;
    CHECK(kolmogorov_smirnov_test(upper).statistic == Approx(0.505));
}

TEST_CASE("Berkowitz's ratio is the difference of log likelihoods, largest at the estimates") {
    const std::vector<double> pit = normal_pit(400, 0.8, 0.3, 5);
    std::vector<double> z(pit.size());
    std::ranges::transform(pit, z.begin(), normal_quantile);
    const BerkowitzResult r = berkowitz_test(pit);
    double best = -1.0;
    for (double c = -0.2; c <= 0.2; c += 0.02) {
        for (double rho = 0.1; rho <= 0.5; rho += 0.02) {
            for (double s = 1.0; s <= 1.4; s += 0.02) best = std::max(best, ratio_by_likelihoods(z, c, rho, s));
        }
    }
    CHECK(best <= r.ratio.statistic + 1e-9);
    CHECK(best == Approx(r.ratio.statistic).margin(0.3));
    CHECK(r.autocorrelation == Approx(0.3).margin(0.2));
    CHECK(r.sd == Approx(1.25).margin(0.2));
    CHECK(r.ratio.p_value < 1e-6);
}

TEST_CASE("transforms that say too little or lie outside have no p-value") {
    CHECK(kolmogorov_smirnov_test(grid(19)).unknown_because == "there are 19 values, fewer than 20");
    CHECK(berkowitz_test(grid(19)).ratio.unknown_because == "there are 19 values, fewer than 20");
    CHECK(berkowitz_test(std::vector<double>(30, 0.4)).ratio.unknown_because == "the values have no spread");
    CHECK(uniformity_test(pit_histogram(grid(49), 10)).unknown_because ==
          "fewer than five values are expected in each bin");
    CHECK(uniformity_test(std::vector<std::uint64_t>{100}).unknown_because == "there are fewer than two bins");
    std::vector<double> certain = grid(30);
    certain[7] = 1.0;
    CHECK(berkowitz_test(certain).ratio.unknown_because ==
          "day 7 lies outside of its forecast: no normal variable belongs to 0 or 1");
    CHECK_THROWS_WITH(pit_histogram(std::vector<double>{0.5, 1.5}, 2),
                      "day 1 of the transforms is 1.500000, outside [0, 1]");
    CHECK_THROWS_AS(kolmogorov_smirnov_test(std::vector<double>(30, NAN)), std::invalid_argument);
    CHECK_THROWS_AS(pit_histogram(grid(5), 0), std::invalid_argument);
    CHECK_THROWS_AS(pit_values(std::vector<PitInterval>{{0.6, 0.4}}, 1), std::invalid_argument);
}

TEST_CASE("an outcome stands among simulated ones, ties and ends included") {
    const std::vector<double> forecast{1.0, 2.0, 2.0, 5.0};
    const auto stands = [&](double outcome, double low, double high) {
        const PitInterval i = pit_interval(forecast, outcome);
        return i.low == Approx(low).margin(1e-15) && i.high == Approx(high);
    };
    CHECK(stands(0.0, 0.0, 0.2));
    CHECK(stands(1.0, 0.0, 0.4));
    CHECK(stands(2.0, 0.2, 0.8));
    CHECK(stands(3.0, 0.6, 0.8));
    CHECK(stands(9.0, 0.8, 1.0));
    CHECK_THROWS_AS(pit_interval(forecast, NAN), std::invalid_argument);
    CHECK_THROWS_AS(pit_interval({}, 1.0), std::invalid_argument);
}

TEST_CASE("randomised transforms are a pure function of seed and day, and uniform in spite of atoms") {
    std::vector<PitInterval> intervals;
    for (std::uint64_t day = 0; day < 5'000; ++day) {
        std::vector<double> losses = uniforms(8, day + 1);  // seven simulated ones and the outcome, capped at 0.6
        for (double& loss : losses) loss = std::min(loss, 0.6);
        const double outcome = losses.back();
        losses.pop_back();
        std::ranges::sort(losses);
        intervals.push_back(pit_interval(losses, outcome));
    }
    const std::vector<double> pit = pit_values(intervals, 9);
    CHECK(pit == pit_values(intervals, 9));
    CHECK(pit != pit_values(intervals, 10));
    CHECK(std::ranges::equal(pit_values(std::span(intervals).first(100), 9), std::span(pit).first(100)));
    CHECK(uniformity_test(pit_histogram(pit, 20)).p_value > 0.001);
    CHECK(kolmogorov_smirnov_test(pit).p_value > 0.001);
    CHECK(berkowitz_test(pit).ratio.p_value > 0.001);
    CHECK(pit_values(std::vector<PitInterval>{{0.3, 0.3}}, 1) == std::vector{0.3});
}

TEST_CASE("sizes of the tests of transforms at 5 %, 250 days") {
    const int repetitions = 4'000;
    const auto right = [](std::uint64_t seed) { return normal_pit(250, 1.0, 0.0, seed); };
    const double histogram = rejections(repetitions, [&](std::uint64_t seed) { return histogram_p(right(seed)); });
    const double distance =
        rejections(repetitions, [&](std::uint64_t seed) { return kolmogorov_smirnov_test(right(seed)).p_value; });
    const double berkowitz =
        rejections(repetitions, [&](std::uint64_t seed) { return berkowitz_test(right(seed)).ratio.p_value; });
    std::cout << "size at 250 days: histogram of 10 bins " << histogram << ", Kolmogorov-Smirnov " << distance
              << ", Berkowitz " << berkowitz << '\n';
    CHECK(near_5_percent(histogram, repetitions));
    CHECK(near_5_percent(distance, repetitions));
    CHECK(near_5_percent(berkowitz, repetitions));
}

TEST_CASE("power at 250 days: forecasts too narrow, and forecasts that forget yesterday") {
    const int repetitions = 500;
    const auto power = [&](double width, double autocorrelation, const auto& p_value) {
        return rejections(repetitions, [&, width, autocorrelation](std::uint64_t seed) {
            return p_value(normal_pit(250, width, autocorrelation, seed));
        });
    };
    const auto distance = [](std::span<const double> pit) { return kolmogorov_smirnov_test(pit).p_value; };
    const auto berkowitz = [](std::span<const double> pit) { return berkowitz_test(pit).ratio.p_value; };
    const double narrow[]{power(0.8, 0.0, histogram_p), power(0.8, 0.0, distance), power(0.8, 0.0, berkowitz)};
    const double forgetful = power(1.0, 0.3, berkowitz);
    std::cout << "power at 250 days: deviation 0.8 of the true one: histogram " << narrow[0] << ", Kolmogorov-Smirnov "
              << narrow[1] << ", Berkowitz " << narrow[2] << "; autocorrelation 0.3: Berkowitz " << forgetful << '\n';
    CHECK(narrow[0] > 0.7);
    CHECK(narrow[1] > 0.15);
    CHECK(narrow[2] > 0.97);
    CHECK(forgetful > 0.97);
}

}  // namespace volstorm

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>

#include "risk/rejections.h"
#include "volstorm/math/normal.h"
#include "volstorm/risk/backtest.h"
#include "volstorm/risk/sum.h"

namespace volstorm {
namespace {

constexpr double kLevel = 0.975;
constexpr std::size_t kDays = 250;

/// Exponential losses whose mean differs from day to day: VaR = mean ln 40, ES = VaR + mean.
double mean_of_day(std::size_t day) { return 1.0 + static_cast<double>(day % 7); }
double exponential(std::size_t day, double u) { return -mean_of_day(day) * std::log1p(-u); }

std::vector<ShortfallForecast> forecasts(double shortfall_factor = 1.0) {
    std::vector<ShortfallForecast> result;
    for (std::size_t day = 0; day < kDays; ++day) {
        const double mean = mean_of_day(day), value_at_risk = mean * std::log(40.0);
        result.push_back({value_at_risk, shortfall_factor * (value_at_risk + mean)});
    }
    return result;
}

/// A history of losses, `factor` times what their law says.
std::vector<double> history(std::uint64_t seed, double factor = 1.0) {
    std::vector<double> u = uniforms(kDays, seed);
    for (std::size_t day = 0; day < kDays; ++day) u[day] = factor * exponential(day, u[day]);
    return u;
}

Moments many(std::size_t histories, const std::function<double(std::uint64_t seed)>& statistic) {
    Moments moments;
    for (std::uint64_t seed = 1; seed <= histories; ++seed) {
        const double value = statistic(seed);
        if (!std::isnan(value)) moments.add(value);
    }
    return moments;
}

/// Shares of histories, `factor` times their law, that are rejected at 5 %: each ranked among 199 drawn ones, so that
/// exactly 4.5 % should be where the forecasts are right.
struct Rejected {
    double z1 = 0.0, z2 = 0.0;
};

Rejected rejected(int repetitions, double factor) {
    Rejected share;
    for (int i = 1; i <= repetitions; ++i) {
        const auto seed = static_cast<std::uint64_t>(i);
        const auto r = acerbi_szekely_test(history(seed, factor), forecasts(), kLevel, exponential, 199, seed);
        share.z1 += (r.z1.p_value < 0.05 ? 1.0 : 0.0) / repetitions;
        share.z2 += (r.z2.p_value < 0.05 ? 1.0 : 0.0) / repetitions;
    }
    std::cout << "Acerbi-Szekely at 5 %, " << kDays << " days, ES 97.5, losses " << factor << " times the forecast: Z1 "
              << share.z1 << ", Z2 " << share.z2 << '\n';
    return share;
}

double distance_from(double truth, const Moments& m) {
    return std::abs(m.mean().value - truth) / m.mean().standard_error;
}

}  // namespace

TEST_CASE("Z1 and Z2 of five days, by hand") {
    const std::vector<ShortfallForecast> all(5, {2.0, 4.0});
    // Failures are 3 and 6, the 2 is none: loss / ES sums to 2.25. Z1 = 1 - 2.25 / 2, Z2 = 1 - 2.25 / (0.2 times 5).
    const ShortfallStatistics s = shortfall_statistics(std::vector{1.0, 3.0, 2.0, 6.0, -7.0}, all, 0.8);
    CHECK(s.failures == 2);
    CHECK(s.z1 == Approx(-0.125));
    CHECK(s.z2 == Approx(-1.25));
    const ShortfallStatistics none = shortfall_statistics(std::vector{1.0, 0.0, 2.0, 1.0, -7.0}, all, 0.8);
    CHECK(std::isnan(none.z1));
    CHECK(none.z2 == 1.0);
}

TEST_CASE("a forecast from simulated losses has the fraction of the last path in its tail") {
    // The worst 25 % of ten losses: 10, 9 and half of 8: (10 + 9 + 4) / 2.5.
    const std::vector<double> losses{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    const ShortfallForecast f = shortfall_forecast(losses, 0.75);
    CHECK(f.value_at_risk == 8.0);
    CHECK(f.expected_shortfall == Approx(9.2));
    CHECK(sample_quantile(losses, 0.0001) == 1.0);
    CHECK(sample_quantile(losses, 0.1001) == 2.0);
    CHECK(sample_quantile(losses, 0.9999) == 10.0);
    CHECK(sample_quantile(losses, 1.0) == 10.0);
    CHECK_THROWS_AS(shortfall_forecast({}, 0.975), std::invalid_argument);
}

TEST_CASE("under right forecasts Z1 and Z2 have mean 0, and too small a shortfall makes them negative") {
    const auto z1 = [](double factor) {
        return many(4'000, [factor](std::uint64_t seed) {
            return shortfall_statistics(history(seed), forecasts(factor), kLevel).z1;
        });
    };
    const auto z2 = [](double factor) {
        return many(4'000, [factor](std::uint64_t seed) {
            return shortfall_statistics(history(seed), forecasts(factor), kLevel).z2;
        });
    };
    CHECK(distance_from(0.0, z1(1.0)) < 4.0);
    CHECK(distance_from(0.0, z2(1.0)) < 4.0);
    // Two thirds of the true shortfall: losses are 1.5 times the forecast. 1.25 of it: 0.8 times.
    CHECK(distance_from(-0.5, z1(2.0 / 3.0)) < 4.0);
    CHECK(distance_from(-0.5, z2(2.0 / 3.0)) < 4.0);
    CHECK(distance_from(0.2, z1(1.25)) < 4.0);
    CHECK(distance_from(0.2, z2(1.25)) < 4.0);
}

TEST_CASE("the 5 % quantile of Z2 over 250 normal days is -0.70") {
    // Acerbi, Szekely 2014: about -0.70 at 5 % for ES 97.5 % and 250 days, for most laws of the loss.
    const double value_at_risk = normal_quantile(kLevel);
    const std::vector<ShortfallForecast> all(kDays, {value_at_risk, normal_density(value_at_risk) / (1.0 - kLevel)});
    std::vector<double> z2;
    for (std::uint64_t seed = 1; seed <= 4'000; ++seed) {
        std::vector<double> losses = uniforms(kDays, seed);
        std::ranges::transform(losses, losses.begin(), normal_quantile);
        z2.push_back(shortfall_statistics(losses, all, kLevel).z2);
    }
    std::ranges::sort(z2);
    CHECK(z2[z2.size() / 20] == Approx(-0.70).margin(0.03));
}

TEST_CASE("p-values by simulation: 5 % of right forecasts are rejected, and too small ones often") {
    const Rejected right = rejected(250, 1.0), small = rejected(100, 1.5);
    CHECK(near_5_percent(right.z1, 250));
    CHECK(near_5_percent(right.z2, 250));
    CHECK(small.z2 > 0.9);
    CHECK(small.z1 > 0.05);
}

TEST_CASE("p-values by simulation, 4,000 repetitions", "[.long]") {
    const Rejected right = rejected(4'000, 1.0);
    CHECK(near_5_percent(right.z1, 4'000));
    CHECK(near_5_percent(right.z2, 4'000));
}

TEST_CASE("a capped loss: strict failures leave the atom out, and p-values stay right") {
    // The worst 4 % of the losses are the cap: nothing can be above the value at risk of 97.5 %.
    const std::vector<ShortfallForecast> capped(50, {100.0, 100.0});
    const LossQuantile all_atom = [](std::size_t, double u) { return std::min(100.0, 100.0 * u / 0.96); };
    const ShortfallResult r = acerbi_szekely_test(std::vector(50, 100.0), capped, kLevel, all_atom, 99, 1);
    CHECK(r.z1.unknown_because == "no loss was above its value at risk");
    CHECK(r.z2.unknown_because == "no history was drawn in which a loss is above its value at risk");
    // The cap weighs 1 %: p-values of Z2 are near uniform all the same.
    const LossQuantile law = [](std::size_t, double u) { return std::min(99.0, 100.0 * u); };
    const std::vector<ShortfallForecast> some_atom(kDays, {97.5, (0.015 * 98.25 + 0.01 * 99.0) / 0.025});
    const double size = rejections(200, [&](std::uint64_t seed) {
        std::vector<double> losses = uniforms(kDays, seed);
        for (double& loss : losses) loss = law(0, loss);
        return acerbi_szekely_test(losses, some_atom, kLevel, law, 199, seed).z2.p_value;
    });
    CHECK(size < 0.05 + 4.0 * std::sqrt(0.05 * 0.95 / 200.0));
}

TEST_CASE("the test of shortfall is a pure function of its seed, takes samples, and refuses nonsense") {
    const std::vector<double> losses = history(3);
    const auto p = [&](std::uint64_t seed) {
        return acerbi_szekely_test(losses, forecasts(), kLevel, exponential, 99, seed).z2.p_value;
    };
    CHECK(p(1) == p(1));
    std::vector<double> sample(20'000);
    for (std::size_t i = 0; i < sample.size(); ++i)
        sample[i] = exponential(0, (static_cast<double>(i) + 0.5) / 20'000.0);
    CHECK(shortfall_forecast(sample, kLevel).expected_shortfall == Approx(std::log(40.0) + 1.0).epsilon(1e-3));
    const LossQuantile of_sample = [&](std::size_t day, double u) {
        return mean_of_day(day) * sample_quantile(sample, u);
    };
    CHECK(acerbi_szekely_test(losses, forecasts(), kLevel, of_sample, 99, 1).z2.p_value == Approx(p(1)).margin(0.021));
    CHECK_THROWS_WITH(shortfall_statistics(std::vector{1.0}, {}, kLevel), "1 losses for 0 forecasts");
    CHECK_THROWS_WITH(shortfall_statistics(std::vector{1.0}, std::vector<ShortfallForecast>{{1.0, 0.0}}, kLevel),
                      "day 0: the expected shortfall is not above zero and finite");
    CHECK_THROWS_AS(shortfall_statistics({}, {}, 1.0), std::invalid_argument);
    CHECK_THROWS_AS(acerbi_szekely_test({}, {}, kLevel, exponential, 0, 1), std::invalid_argument);
    CHECK(acerbi_szekely_test({}, {}, kLevel, exponential, 9, 1).z2.unknown_because == "there are no days");
}

}  // namespace volstorm

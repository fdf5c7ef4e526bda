#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "volstorm/math/normal.h"
#include "volstorm/math/special.h"
#include "volstorm/math/threefry.h"
#include "volstorm/risk/backtest.h"

namespace volstorm {
namespace {

constexpr std::size_t kFewestValues = 20;
constexpr double kFewestExpected = 5.0;

std::string too_few(std::size_t values) {
    return "there are " + std::to_string(values) + " values, fewer than " + std::to_string(kFewestValues);
}

void require_probability(double value, std::size_t day) {
    if (value >= 0.0 && value <= 1.0) return;
    throw std::invalid_argument("day " + std::to_string(day) + " of the transforms is " + std::to_string(value) +
                                ", outside [0, 1]");
}

void require_probabilities(std::span<const double> pit) {
    for (std::size_t day = 0; day < pit.size(); ++day) require_probability(pit[day], day);
}

double mean_of(std::span<const double> z) {
    return std::accumulate(z.begin(), z.end(), 0.0) / static_cast<double>(z.size());
}

/// Sum of (x - mean of x) (y - mean of y).
double centred_product(std::span<const double> x, std::span<const double> y) {
    const double x_mean = mean_of(x), y_mean = mean_of(y);
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - x_mean) * (y[i] - y_mean);
    return sum;
}

/// What the test says of normal variables, if the regression of each on the one before can be made.
BerkowitzResult autoregression(std::span<const double> z) {
    const std::span<const double> before = z.first(z.size() - 1), now = z.subspan(1);
    const double n = static_cast<double>(now.size());
    const double spread = centred_product(before, before), cross = centred_product(before, now);
    const double slope = cross / spread;
    const double variance = (centred_product(now, now) - slope * cross) / n;
    if (!(variance > 0.0)) return {no_result("the values have no spread"), kUnknown, kUnknown, kUnknown};
    const double squares = std::inner_product(now.begin(), now.end(), now.begin(), 0.0);
    const double ratio = std::max(0.0, squares - n - n * std::log(variance));
    const double sd = std::sqrt(centred_product(z, z) / (n + 1.0));
    return {{ratio, chi_square_tail(ratio, 3.0), {}}, mean_of(z), sd, slope};
}

}  // namespace

PitInterval pit_interval(std::span<const double> sorted_forecast, double outcome) {
    if (sorted_forecast.empty() || std::isnan(outcome)) {
        throw std::invalid_argument("an outcome stands among at least one simulated one, and is a number");
    }
    const auto [first, last] = std::equal_range(sorted_forecast.begin(), sorted_forecast.end(), outcome);
    const auto all = static_cast<double>(sorted_forecast.size() + 1);
    return {static_cast<double>(first - sorted_forecast.begin()) / all,
            static_cast<double>(last - sorted_forecast.begin() + 1) / all};
}

std::vector<double> pit_values(std::span<const PitInterval> intervals, std::uint64_t seed) {
    const RandomKey key(seed, Stream::backtest);
    std::vector<double> pit(intervals.size());
    for (std::size_t day = 0; day < pit.size(); ++day) {
        const auto [low, high] = intervals[day];
        require_probability(low, day);
        require_probability(high, day);
        if (low > high)
            throw std::invalid_argument("day " + std::to_string(day) + ": the interval ends before it begins");
        ThreefryEngine engine(key, day);
        pit[day] = low + (high - low) * open_uniform(engine);
    }
    return pit;
}

std::vector<std::uint64_t> pit_histogram(std::span<const double> pit, std::size_t bins) {
    if (bins == 0) throw std::invalid_argument("a histogram has at least one bin");
    require_probabilities(pit);
    std::vector<std::uint64_t> counts(bins);
    for (const double u : pit) ++counts[std::min(static_cast<std::size_t>(u * static_cast<double>(bins)), bins - 1)];
    return counts;
}

TestResult uniformity_test(std::span<const std::uint64_t> counts) {
    const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
    const auto bins = static_cast<double>(counts.size());
    if (counts.size() < 2) return no_result("there are fewer than two bins");
    if (total < kFewestExpected * bins) return no_result("fewer than five values are expected in each bin");
    double sum = 0.0;
    for (const std::uint64_t count : counts) sum += std::pow(static_cast<double>(count) - total / bins, 2);
    const double statistic = sum * bins / total;
    return {statistic, chi_square_tail(statistic, bins - 1.0), {}};
}

TestResult kolmogorov_smirnov_test(std::span<const double> pit) {
    require_probabilities(pit);
    if (pit.size() < kFewestValues) return no_result(too_few(pit.size()));
    std::vector<double> sorted(pit.begin(), pit.end());
    std::ranges::sort(sorted);
    const auto n = static_cast<double>(sorted.size());
    double distance = 0.0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const auto below = static_cast<double>(i);
        distance = std::max({distance, (below + 1.0) / n - sorted[i], sorted[i] - below / n});
    }
    return {distance, kolmogorov_tail(distance, sorted.size()), {}};
}

BerkowitzResult berkowitz_test(std::span<const double> pit) {
    require_probabilities(pit);
    if (pit.size() < kFewestValues) return {no_result(too_few(pit.size())), kUnknown, kUnknown, kUnknown};
    const auto certain = std::ranges::find_if(pit, [](double u) { return u == 0.0 || u == 1.0; });
    if (certain != pit.end()) {
        return {no_result("day " + std::to_string(certain - pit.begin()) +
                          " lies outside of its forecast: no normal variable belongs to 0 or 1"),
                kUnknown, kUnknown, kUnknown};
    }
    std::vector<double> z(pit.size());
    std::ranges::transform(pit, z.begin(), normal_quantile);
    return autoregression(z);
}

}  // namespace volstorm

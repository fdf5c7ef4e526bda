#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "volstorm/calibration/analog.h"
#include "volstorm/core/units.h"
#include "volstorm/math/threefry.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kFigures = 4;
using Figures = std::array<double, kFigures>;

constexpr std::array<std::pair<std::string_view, std::string_view>, kFigures> kNames{
    {{"sd_z", "standard deviation of z"},
     {"z_q1", "1 % quantile of z"},
     {"z_q5", "5 % quantile of z"},
     {"vix_change", "mean VIX change, points"}}};

// The sessions by rising z, so that weighted quantiles need no sorting.
struct Law {
    std::vector<double> z, vix_change;
    std::vector<std::size_t> by_z;
};

Law law_of(const OneDaySample& sessions) {
    Law law{{}, sessions.vix_change, std::vector<std::size_t>(sessions.size())};
    for (std::size_t i = 0; i < sessions.size(); ++i)
        law.z.push_back(sessions.spx_return[i] / sessions.vix_before[i] * std::sqrt(kSessionsPerYear));
    std::iota(law.by_z.begin(), law.by_z.end(), std::size_t{0});
    std::ranges::stable_sort(law.by_z, {}, [&](std::size_t i) { return law.z[i]; });
    return law;
}

// The first value up to which the weights reach the level.
double quantile(const Law& law, std::span<const double> weights, double wanted) {
    double sum = 0.0;
    for (const std::size_t i : law.by_z) {
        sum += weights[i];
        if (weights[i] > 0.0 && sum >= wanted) return law.z[i];
    }
    return kNone;
}

Figures figures_of(const Law& law, std::span<const double> weights) {
    double all = 0.0, z = 0.0, vix = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        all += weights[i];
        z += weights[i] * law.z[i];
        vix += weights[i] * law.vix_change[i];
    }
    for (std::size_t i = 0; i < weights.size(); ++i) squares += weights[i] * std::pow(law.z[i] - z / all, 2);
    return {std::sqrt(squares / all), quantile(law, weights, 0.01 * all), quantile(law, weights, 0.05 * all),
            vix / all};
}

// How often each session is drawn in blocks of a year.
std::vector<double> draws(std::size_t n, std::uint64_t seed, std::size_t replication) {
    ThreefryEngine random(RandomKey(seed, Stream::resampling, 1), replication);
    std::vector<double> times(n, 0.0);
    for (std::size_t drawn = 0; drawn < n;) {
        const std::size_t first = static_cast<std::size_t>(static_cast<std::uint64_t>(random()) * n >> 32);
        for (std::size_t k = 0; k < kEffectBlock && drawn < n; ++k, ++drawn) times[(first + k) % n] += 1.0;
    }
    return times;
}

std::vector<double> product(std::vector<double> a, std::span<const double> b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] *= b[i];
    return a;
}

AnalogState without(const AnalogState& state, StateVariable variable) {
    AnalogState rest;
    for (std::size_t k = 0; k < state.series.size(); ++k) {
        if (state.series[k].variable == variable) continue;
        rest.series.push_back(state.series[k]);
        rest.z.push_back(state.z[k]);
    }
    return rest;
}

// Differences of the figures, a column each, in rising order.
std::array<std::vector<double>, kFigures> differences(const Law& law, const AnalogWeights& with,
                                                      const AnalogWeights& rest, std::uint64_t seed) {
    std::array<std::vector<double>, kFigures> columns;
    for (std::size_t k = 0; k < kEffectReplications; ++k) {
        const std::vector<double> times = draws(law.z.size(), seed, k);
        const Figures a = figures_of(law, product(times, with.weight)),
                      b = figures_of(law, product(times, rest.weight));
        for (std::size_t f = 0; f < kFigures; ++f) {
            if (!std::isnan(a[f] - b[f])) columns[f].push_back(a[f] - b[f]);
        }
    }
    for (auto& column : columns) std::ranges::sort(column);
    return columns;
}

}  // namespace

AnalogShare share_of(StateVariable variable, const AnalogState& state, std::span<const std::size_t> places,
                     const OneDaySample& sessions, std::uint64_t seed) {
    const AnalogState rest = without(state, variable);
    const std::vector<double> distance = squared_distances(state, places);
    std::vector<double> of_rest = squared_distances(rest, places);
    for (std::size_t i = 0; i < of_rest.size(); ++i) {
        if (std::isnan(distance[i])) of_rest[i] = kNone;
    }
    const AnalogWeights with = analog_weights(distance), without_it = analog_weights(of_rest);
    AnalogShare share{.variable = variable, .effects = {}, .bandwidth_without = without_it.bandwidth};
    double all = 0.0;
    for (std::size_t i = 0; i < distance.size(); ++i) {
        if (std::isnan(distance[i])) continue;
        all += with.weight[i] * distance[i];
        share.of_distance += with.weight[i] * (distance[i] - of_rest[i]);
        share.overlap += std::min(with.weight[i], without_it.weight[i]);
    }
    share.of_distance = all > 0.0 ? share.of_distance / all : 0.0;
    const Law law = law_of(sessions);
    const Figures a = figures_of(law, with.weight), b = figures_of(law, without_it.weight);
    const auto columns = differences(law, with, without_it, seed);
    for (std::size_t f = 0; f < kFigures; ++f)
        share.effects.push_back({kNames[f].first, kNames[f].second, a[f], b[f],
                                 quantile_of_sorted(columns[f], 0.5 * (1.0 - kEffectLevel)),
                                 quantile_of_sorted(columns[f], 0.5 * (1.0 + kEffectLevel))});
    return share;
}

}  // namespace volstorm

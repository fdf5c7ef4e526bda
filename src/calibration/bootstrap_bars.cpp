#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "volstorm/calibration/market_bars.h"
#include "volstorm/calibration/session_weights.h"
#include "volstorm/math/kernel_weights.h"
#include "volstorm/math/threefry.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kFewestBeyond = 3.0;  // effective sessions beyond a quantile of a weighted sample

std::vector<double> in_order(std::vector<double> values) {
    std::erase_if(values, [](double x) { return std::isnan(x); });
    std::sort(values.begin(), values.end());
    return values;
}

// Places of as many sessions as there are, in blocks of consecutive ones.
std::vector<std::size_t> drawn_places(std::size_t n, std::uint64_t seed, std::size_t replication) {
    ThreefryEngine random(RandomKey(seed, Stream::resampling), replication);
    std::vector<std::size_t> places;
    while (places.size() < n) {
        const std::size_t first = static_cast<std::size_t>(static_cast<std::uint64_t>(random()) * n >> 32);
        for (std::size_t k = 0; k < kBootstrapBlock && places.size() < n; ++k) places.push_back((first + k) % n);
    }
    return places;
}

// The sessions at these places, each as often as its weight says.
OneDaySample sessions_at(const OneDaySample& sessions, std::span<const std::size_t> places,
                         std::span<const double> weights) {
    OneDaySample sample;
    std::vector<double> of_places;
    for (const std::size_t place : places) of_places.push_back(weights.empty() ? 1.0 : weights[place]);
    const std::vector<std::size_t> times = weighted_sessions(of_places);
    for (std::size_t k = 0; k < places.size(); ++k) {
        for (std::size_t i = 0; i < times[k]; ++i) sample.append(sessions, places[k], 1);
    }
    return sample;
}

void add_replication(const OneDaySample& drawn, std::vector<Bootstrap::ByRegime>& all) {
    const auto statistics = one_day_statistics();
    for (const Regime regime : kRegimes) {
        const OneDayLaw law(sessions_in(drawn, regime));
        for (std::size_t k = 0; k < statistics.size(); ++k) {
            if (statistics[k].of_all_only && regime != Regime::all) continue;
            all[k][static_cast<std::size_t>(regime)].push_back(statistics[k].value(law));
        }
    }
}

// The sample of a regime, and what it is worth.
struct Sample {
    OneDayLaw law;
    double effective;  // sessions
    bool is_weighted;
};

MarketFigure bar_of(const OneDayStatistic& statistic, const Sample& sample, const std::vector<double>& replications) {
    if (sample.law.size() == 0 || replications.empty()) return {kNone, kNone, kNone};
    if (sample.is_weighted && statistic.tail * sample.effective < kFewestBeyond) return {kNone, kNone, kNone};
    const std::vector<double> sorted = in_order(replications);
    MarketFigure bar{statistic.value(sample.law), quantile_of_sorted(sorted, 0.05), quantile_of_sorted(sorted, 0.95)};
    if (statistic.base == nullptr) return bar;
    const double worth = sample.effective / static_cast<double>(sample.law.size());
    if (bar.high == 0.0 || sample.is_weighted)
        bar.high = std::max(bar.high, 300.0 / (worth * statistic.base(sample.law)));
    return bar;
}

// VIX closes in the middle of 64 equal parts of the regime's law.
std::vector<double> mix_of(const OneDaySample& sessions) {
    const std::vector<double> sorted = in_order(sessions.vix_before);
    std::vector<double> mix;
    for (std::size_t i = 0; i < kMixSize && sessions.size() > 0; ++i) {
        const double level = (static_cast<double>(i) + 0.5) / static_cast<double>(kMixSize);
        mix.push_back(std::round(100.0 * quantile_of_sorted(sorted, level)) / 100.0);
    }
    return mix;
}

double effective_in(const OneDaySample& sessions, std::span<const double> weights, Regime regime) {
    std::vector<double> of_regime;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        if (regime == Regime::all || regime_of(sessions.vix_before[i]) == regime)
            of_regime.push_back(weights.empty() ? 1.0 : weights[i]);
    }
    return effective_size(of_regime);
}

}  // namespace

Bootstrap bootstrap_of(const OneDaySample& sessions, std::span<const double> weights, std::string period,
                       std::uint64_t seed) {
    const auto statistics = one_day_statistics();
    Bootstrap result{{}, std::vector<Bootstrap::ByRegime>(statistics.size()), {}};
    for (std::size_t k = 0; k < kBootstrapReplications && sessions.size() > 0; ++k)
        add_replication(sessions_at(sessions, drawn_places(sessions.size(), seed, k), weights), result.replications);
    std::vector<std::size_t> every(sessions.size());
    std::iota(every.begin(), every.end(), std::size_t{0});
    const OneDaySample weighted = sessions_at(sessions, every, weights);
    MarketBars& bars = result.bars;
    bars.period = std::move(period);
    bars.bars.resize(statistics.size());
    for (const OneDayStatistic& statistic : statistics) bars.ids.emplace_back(statistic.id);
    for (const Regime regime : kRegimes) {
        const auto r = static_cast<std::size_t>(regime);
        result.effective[r] = effective_in(sessions, weights, regime);
        const Sample sample{OneDayLaw(sessions_in(weighted, regime)), result.effective[r], !weights.empty()};
        bars.sessions[r] = sample.law.size();
        bars.vix_mix[r] = mix_of(sample.law.sample());
        for (std::size_t k = 0; k < statistics.size(); ++k)
            bars.bars[k][r] = bar_of(statistics[k], sample, result.replications[k][r]);
    }
    return result;
}

MarketBars bars_of(const OneDaySample& sessions, std::string period, std::uint64_t seed) {
    return bootstrap_of(sessions, {}, std::move(period), seed).bars;
}

}  // namespace volstorm

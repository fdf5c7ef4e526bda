#include <algorithm>
#include <cmath>
#include <limits>

#include "volstorm/calibration/market_bars.h"
#include "volstorm/math/threefry.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<double> in_order(std::vector<double> values) {
    std::erase_if(values, [](double x) { return std::isnan(x); });
    std::sort(values.begin(), values.end());
    return values;
}

// As many sessions as there are, in blocks of consecutive ones.
OneDaySample resampled(const OneDaySample& sessions, std::uint64_t seed, std::size_t replication) {
    ThreefryEngine random(RandomKey(seed, Stream::resampling), replication);
    const std::size_t n = sessions.size();
    OneDaySample drawn;
    while (drawn.size() < n) {
        const std::size_t first = static_cast<std::size_t>(static_cast<std::uint64_t>(random()) * n >> 32);
        const std::size_t wanted = std::min<std::size_t>(kBootstrapBlock, n - drawn.size());
        const std::size_t straight = std::min(wanted, n - first);
        drawn.append(sessions, first, straight);
        drawn.append(sessions, 0, wanted - straight);
    }
    return drawn;
}

struct Replications {
    std::vector<std::array<std::vector<double>, kRegimes.size()>> values;  // [statistic][regime]
};

void add_replication(const OneDaySample& drawn, Replications& all) {
    const auto statistics = one_day_statistics();
    for (const Regime regime : kRegimes) {
        const OneDayLaw law(sessions_in(drawn, regime));
        for (std::size_t k = 0; k < statistics.size(); ++k) {
            if (statistics[k].of_all_only && regime != Regime::all) continue;
            all.values[k][static_cast<std::size_t>(regime)].push_back(statistics[k].value(law));
        }
    }
}

MarketFigure bar_of(const OneDayStatistic& statistic, const OneDayLaw& law, const std::vector<double>& replications) {
    if (law.size() == 0 || replications.empty()) return {kNone, kNone, kNone};
    const std::vector<double> sorted = in_order(replications);
    MarketFigure bar{statistic.value(law), quantile_of_sorted(sorted, 0.05), quantile_of_sorted(sorted, 0.95)};
    if (statistic.base != nullptr && bar.high == 0.0) bar.high = 300.0 / statistic.base(law);
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

}  // namespace

MarketBars bars_of(const OneDaySample& sessions, std::string period, std::uint64_t seed) {
    const auto statistics = one_day_statistics();
    Replications all{std::vector<std::array<std::vector<double>, kRegimes.size()>>(statistics.size())};
    for (std::size_t k = 0; k < kBootstrapReplications && sessions.size() > 0; ++k)
        add_replication(resampled(sessions, seed, k), all);
    MarketBars bars;
    bars.period = std::move(period);
    bars.bars.resize(statistics.size());
    for (const OneDayStatistic& statistic : statistics) bars.ids.emplace_back(statistic.id);
    for (const Regime regime : kRegimes) {
        const auto r = static_cast<std::size_t>(regime);
        const OneDayLaw law(sessions_in(sessions, regime));
        bars.sessions[r] = law.size();
        bars.vix_mix[r] = mix_of(law.sample());
        for (std::size_t k = 0; k < statistics.size(); ++k)
            bars.bars[k][r] = bar_of(statistics[k], law, all.values[k][r]);
    }
    return bars;
}

}  // namespace volstorm

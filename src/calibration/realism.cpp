#include "volstorm/calibration/realism.h"

#include <algorithm>

#include "volstorm/calibration/one_day_law.h"

namespace volstorm {
namespace {

constexpr std::size_t index_of(Regime regime) { return static_cast<std::size_t>(regime); }

// All regimes in the shares of the history: as many sessions of each as the scarcest allows, from every VIX close alike.
OneDaySample mixture(const MarketBars& bars, const std::vector<OneDaySample>& regimes, std::size_t paths) {
    double most = 0.0;  // sessions of history for one path of a regime's closes
    for (const Regime regime : kRegimes) {
        const std::size_t r = index_of(regime);
        if (regime == Regime::all || regimes[r].size() == 0) continue;
        most = std::max(most, static_cast<double>(bars.sessions[r]) / static_cast<double>(bars.vix_mix[r].size()));
    }
    OneDaySample all;
    for (const Regime regime : kRegimes) {
        const std::size_t r = index_of(regime), closes = bars.vix_mix[r].size();
        if (regime == Regime::all || regimes[r].size() == 0) continue;
        const double share = static_cast<double>(bars.sessions[r]) / static_cast<double>(closes) / most;
        const auto taken = static_cast<std::size_t>(share * static_cast<double>(paths));
        for (std::size_t k = 0; k < closes; ++k) all.append(regimes[r], k * paths, taken);
    }
    return all;
}

}  // namespace

RealismTable::Count RealismTable::count() const {
    Count count;
    for (const RealismRow& row : rows) {
        ++count.rows;
        count.inside += row.inside() ? 1 : 0;
    }
    return count;
}

RealismTable::Count RealismTable::count(Regime regime) const {
    Count count;
    for (const RealismRow& row : rows) {
        if (row.regime != regime) continue;
        ++count.rows;
        count.inside += row.inside() ? 1 : 0;
    }
    return count;
}

std::vector<OneDayLaw> model_laws(const ModelInput& model, const MarketBars& bars, std::size_t paths,
                                  std::uint64_t seed, Executor& executor) {
    std::vector<OneDaySample> samples(kRegimes.size());
    for (const Regime regime : kRegimes) {
        if (regime == Regime::all) continue;
        samples[index_of(regime)] = simulate_sessions(model, bars.vix_mix[index_of(regime)], paths, seed, executor);
    }
    samples[index_of(Regime::all)] = mixture(bars, samples, paths);
    std::vector<OneDayLaw> laws;
    for (OneDaySample& sample : samples) laws.emplace_back(std::move(sample));
    return laws;
}

RealismTable compare_with(const MarketBars& bars, const std::vector<OneDayLaw>& laws) {
    RealismTable table{bars.period, {}};
    for (const OneDayStatistic& statistic : one_day_statistics()) {
        for (const Regime regime : kRegimes) {
            const Bar* bar = bars.find(statistic.id, regime);
            const OneDayLaw& law = laws[index_of(regime)];
            if (bar == nullptr || law.size() == 0) continue;
            table.rows.push_back(
                {std::string(statistic.id), std::string(statistic.meaning), regime, *bar, statistic.value(law)});
        }
    }
    return table;
}

}  // namespace volstorm

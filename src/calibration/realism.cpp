#include "volstorm/calibration/realism.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "volstorm/calibration/one_day_law.h"

namespace volstorm {
namespace {

constexpr std::size_t index_of(Regime regime) { return static_cast<std::size_t>(regime); }

// All regimes in the shares of the history: as many sessions of each as the scarcest allows, from every VIX close
// alike.
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
    laws.reserve(samples.size());
    for (OneDaySample& sample : samples) laws.emplace_back(std::move(sample));
    return laws;
}

std::vector<ModelFigure> response_figures(const ModelInput& model, const MarketBars& bars, std::uint64_t seed,
                                          Executor& executor) {
    std::vector<ModelFigure> figures = mark_response(model, bars, seed, executor);
    struct Announcement {
        const char *id, *name;
    };
    constexpr Announcement kAnnouncements[] = {
        {"event_variance_fomc", "FOMC"}, {"event_variance_cpi", "CPI"}, {"event_variance_nfp", "NFP"}};
    for (const auto& [id, name] : kAnnouncements) {
        ModelFigure figure{id, fmt::format("variance of a session with {} over that of one without", name), {}};
        figure.value.fill(std::numeric_limits<double>::quiet_NaN());
        figure.value[0] = event_variance_ratio(model, bars.vix_mix[0], name, seed);
        figures.push_back(figure);
    }
    return figures;
}

RealismTable compare_with(const MarketBars& bars, const std::vector<OneDayLaw>& laws,
                          const std::vector<ModelFigure>& figures) {
    RealismTable table{bars.period, {}};
    const auto add = [&](std::string_view id, std::string_view meaning, Regime regime, double model) {
        const MarketFigure* bar = bars.find(id, regime);
        if (bar != nullptr) table.rows.push_back({std::string(id), std::string(meaning), regime, *bar, model});
    };
    for (const OneDayStatistic& statistic : one_day_statistics()) {
        for (const Regime regime : kRegimes) {
            const OneDayLaw& law = laws[index_of(regime)];
            if (law.size() > 0) add(statistic.id, statistic.meaning, regime, statistic.value(law));
        }
    }
    for (const ModelFigure& figure : figures) {
        for (const Regime regime : kRegimes) add(figure.id, figure.meaning, regime, figure.value[index_of(regime)]);
    }
    return table;
}

}  // namespace volstorm

#include "physical_targets.h"

#include <algorithm>
#include <cmath>

#include "volstorm/calibration/one_day_law.h"
#include "volstorm/core/units.h"
#include "volstorm/model/mean_variance.h"
#include "volstorm/model/vix.h"

namespace volstorm {
namespace {

constexpr double kUnknown = 4.0;  // half-widths: of a statistic that the simulated sessions do not show
constexpr double kFreeGain = -0.002, kGainUnit = 0.0005;
constexpr double kExcessUnit = 0.1;  // ln
constexpr double kRidge = 0.25;

std::vector<PhysicalTarget> targets_of(const MarketBars& bars) {
    std::vector<PhysicalTarget> targets;
    const auto statistics = one_day_statistics();
    for (std::size_t k = 0; k < statistics.size(); ++k) {
        for (const Regime regime : kRegimes) {
            const MarketFigure* bar = bars.find(statistics[k].id, regime);
            if (bar == nullptr || !(bar->high > bar->low)) continue;
            targets.push_back({k, regime, bar->value, 0.5 * (bar->high - bar->low)});
        }
    }
    return targets;
}

// An eighth and seven eighths of the way through each regime.
std::vector<double> levels_of(const MarketBars& bars) {
    std::vector<double> levels;
    for (std::size_t r = 1; r < kRegimes.size(); ++r) {
        const std::vector<double>& mix = bars.vix_mix[r];
        if (!mix.empty()) levels.insert(levels.end(), {mix[mix.size() / 8], mix[mix.size() - 1 - mix.size() / 8]});
    }
    return levels;
}

}  // namespace

double expected_vix_gain(const ModelInput& model, double vix) {
    const PricingDay day = simulate_states(model, vix, 0, 0).day;
    const LinearInState squared = vix_squared(day.model.pricing, {});
    const auto expected = [&](const Parameters& p) {
        const MeanVariance mean = mean_variance(p, 1.0 / kSessionsPerYear);
        return squared({mean.v(day.state), mean.m(day.state)});
    };
    return (expected(day.model.physical) - expected(day.model.pricing)) / squared(day.state);
}

PhysicalTargets::PhysicalTargets(const ModelInput& start, const Bootstrap& market, const PhysicalFitOptions& options)
    : start_(start),
      bars_(market.bars),
      options_(options),
      variables_(physical_variables(start)),
      targets_(targets_of(market.bars)),
      levels_(levels_of(market.bars)) {}

void PhysicalTargets::add_statistics(const ModelInput& model, std::span<double> out, Executor& executor) const {
    const auto laws = model_laws(model, bars_, options_.paths, options_.seed, executor);
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        const PhysicalTarget& target = targets_[i];
        const double value =
            one_day_statistics()[target.statistic].value(laws[static_cast<std::size_t>(target.regime)]);
        out[i] = std::isnan(value) ? kUnknown : (value - target.market) / target.half_width;
    }
}

void PhysicalTargets::evaluate(std::span<const double> x, std::span<double> residuals, Executor& executor) const {
    const PhysicalCandidate candidate = at(x);
    add_statistics(candidate.model, residuals, executor);
    std::size_t next = targets_.size();
    for (const double vix : levels_)
        residuals[next++] = std::max(0.0, expected_vix_gain(candidate.model, vix) - kFreeGain) / kGainUnit;
    for (const double excess : candidate.excess) residuals[next++] = excess / kExcessUnit;
    for (const double value : x) residuals[next++] = kRidge * value;
}

void PhysicalTargets::evaluate_each(std::size_t count, std::span<const double> x, std::span<double> residuals,
                                    Executor& executor) const {
    const std::size_t width = variables_.size(), height = this->residuals();
    const auto one = [&](std::size_t, std::size_t, std::size_t k) {
        const auto here = make_thread_executor(1);
        evaluate(x.subspan(k * width, width), residuals.subspan(k * height, height), *here);
    };
    executor.for_each_ordered(count, one, [](std::size_t, std::size_t) {});
}

}  // namespace volstorm

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "volstorm/math/threefry.h"
#include "volstorm/risk/backtest.h"
#include "volstorm/risk/tail.h"

namespace volstorm {
namespace {

void require_level(double level) {
    if (level > 0.0 && level < 1.0) return;
    throw std::invalid_argument("level is " + std::to_string(level) + ", outside (0, 1)");
}

void require_day(std::size_t day, double loss, const ShortfallForecast& forecast) {
    const std::string place = "day " + std::to_string(day) + ": ";
    if (!std::isfinite(loss)) throw std::invalid_argument(place + "the loss is not a finite number");
    if (!std::isfinite(forecast.value_at_risk)) throw std::invalid_argument(place + "the value at risk is not finite");
    if (!(forecast.expected_shortfall > 0.0) || std::isinf(forecast.expected_shortfall)) {
        throw std::invalid_argument(place + "the expected shortfall is not above zero and finite");
    }
}

void require_days(std::span<const double> losses, std::span<const ShortfallForecast> forecasts) {
    if (losses.size() != forecasts.size()) {
        throw std::invalid_argument(std::to_string(losses.size()) + " losses for " + std::to_string(forecasts.size()) +
                                    " forecasts");
    }
    for (std::size_t day = 0; day < losses.size(); ++day) require_day(day, losses[day], forecasts[day]);
}

/// Failures of a history, and the sum of loss / ES over them.
struct FailureSum {
    double ratio = 0.0;
    std::uint64_t failures = 0;
    void add(double loss, const ShortfallForecast& forecast) {
        if (!(loss > forecast.value_at_risk)) return;
        ratio += loss / forecast.expected_shortfall;
        ++failures;
    }
};

ShortfallStatistics statistics(const FailureSum& sum, std::size_t days, double level) {
    if (days == 0) return {};
    const double expected = (1.0 - level) * static_cast<double>(days);
    return {sum.failures == 0 ? kUnknown : 1.0 - sum.ratio / static_cast<double>(sum.failures),
            1.0 - sum.ratio / expected, sum.failures};
}

FailureSum drawn_history(std::span<const ShortfallForecast> forecasts, const LossQuantile& law, RandomKey key,
                         std::uint64_t repetition) {
    ThreefryEngine engine(key, repetition);
    FailureSum sum;
    for (std::size_t day = 0; day < forecasts.size(); ++day) sum.add(law(day, open_uniform(engine)), forecasts[day]);
    return sum;
}

/// How many drawn statistics there were, and how many of them not above the observed one.
struct Rank {
    double observed;
    std::uint64_t drawn = 0, not_above = 0;
    void add(double value) {
        if (std::isnan(value)) return;
        ++drawn;
        if (value <= observed) ++not_above;
    }
    TestResult result() const {
        if (std::isnan(observed)) return no_result("no loss was above its value at risk");
        if (drawn == 0) return {observed, kUnknown, "no history was drawn in which a loss is above its value at risk"};
        return {observed, static_cast<double>(not_above + 1) / static_cast<double>(drawn + 1), {}};
    }
};

}  // namespace

ShortfallForecast shortfall_forecast(std::span<const double> sorted_losses, double level) {
    if (sorted_losses.empty()) throw std::invalid_argument("a forecast has at least one simulated loss");
    const TailSize size = tail_size(sorted_losses.size(), level);
    const std::span<const double> tail = sorted_losses.last(size.count);
    CompensatedSum beyond;
    for (const double loss : tail) beyond.add(loss - tail.front());
    return {tail.front(), tail.front() + beyond.value() / size.mass};
}

double sample_quantile(std::span<const double> sorted_losses, double u) {
    const auto n = sorted_losses.size();
    return sorted_losses[std::min(static_cast<std::size_t>(u * static_cast<double>(n)), n - 1)];
}

ShortfallStatistics shortfall_statistics(std::span<const double> losses, std::span<const ShortfallForecast> forecasts,
                                         double level) {
    require_level(level);
    require_days(losses, forecasts);
    FailureSum sum;
    for (std::size_t day = 0; day < losses.size(); ++day) sum.add(losses[day], forecasts[day]);
    return statistics(sum, losses.size(), level);
}

ShortfallResult acerbi_szekely_test(std::span<const double> losses, std::span<const ShortfallForecast> forecasts,
                                    double level, const LossQuantile& law, std::uint64_t repetitions,
                                    std::uint64_t seed) {
    const ShortfallStatistics observed = shortfall_statistics(losses, forecasts, level);
    if (repetitions == 0) throw std::invalid_argument("a p-value by simulation needs repetitions");
    if (losses.empty()) return {no_result("there are no days"), no_result("there are no days"), 0};
    const RandomKey key(seed, Stream::backtest, 1);
    Rank z1{observed.z1}, z2{observed.z2};
    for (std::uint64_t repetition = 0; repetition < repetitions; ++repetition) {
        const FailureSum history = drawn_history(forecasts, law, key, repetition);
        const ShortfallStatistics drawn = statistics(history, forecasts.size(), level);
        z1.add(drawn.z1);
        if (drawn.failures + observed.failures > 0) z2.add(drawn.z2);  // else the two say nothing of each other
    }
    return {z1.result(), z2.result(), observed.failures};
}

}  // namespace volstorm

#include "volstorm/calibration/forecast.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "volstorm/calibration/one_day_law.h"
#include "volstorm/core/units.h"
#include "volstorm/math/threefry.h"

namespace volstorm {
namespace {

constexpr double kLevelsPerLog = 32.0;
constexpr std::size_t kWeekdays = 5;

// Where a VIX close stands among the levels.
struct Place {
    int below;
    double weight;  // of the level above
};

Place place_of(double vix) {
    const double place = kLevelsPerLog * std::log(vix), below = std::floor(place);
    return {static_cast<int>(below), place - below};
}

double level_of(int number) { return std::exp(number / kLevelsPerLog); }

double one_day_sd(double vix) { return vix / std::sqrt(kSessionsPerYear); }

std::uint64_t seed_of(std::uint64_t seed, int number) {
    const RandomKey key(seed, Stream::backtest, 2);  // 0 and 1 serve the tests of forecasts
    const Words words = key.words(static_cast<std::uint64_t>(number), 0);
    return std::uint64_t{words[0]} << 32 | words[1];
}

// For work that is a piece of another executor's.
class InTurn final : public Executor {
 public:
    std::size_t threads() const override { return 1; }
    void for_each_ordered(std::size_t count, const Produce& produce, const Consume& consume) override {
        for (std::size_t piece = 0; piece < count; ++piece) {
            produce(0, 0, piece);
            consume(0, piece);
        }
    }
};

OneDaySample sessions_from(const ModelInput& model, int level, const ForecastSampling& sampling) {
    std::array<double, kWeekdays> vix{};
    vix.fill(level_of(level));
    InTurn here;
    return simulate_sessions(model, vix, sampling.paths / kWeekdays, seed_of(sampling.seed, level), here);
}

std::set<int> levels_around(std::span<const double> vix_closes) {
    std::set<int> levels;
    for (const double vix : vix_closes) {
        const int below = place_of(vix).below;
        levels.insert({below, below + 1});
    }
    return levels;
}

}  // namespace

double QuantileLaw::quantile(double u) const {
    return at(std::min(static_cast<std::size_t>(u * static_cast<double>(size())), size() - 1));
}

PitInterval QuantileLaw::pit(double outcome) const {
    const std::size_t lower = first_rank(0, size(), [&](std::size_t rank) { return at(rank) >= outcome; });
    const std::size_t upper = first_rank(lower, size(), [&](std::size_t rank) { return at(rank) > outcome; });
    const auto all = static_cast<double>(size() + 1);
    return {static_cast<double>(lower) / all, static_cast<double>(upper + 1) / all};
}

NextDayLaws::NextDayLaws(const ModelInput& model, std::span<const double> vix_closes, const ForecastSampling& sampling,
                         Executor& executor) {
    if (sampling.paths == 0 || sampling.paths % (kWeekdays * 512) != 0)
        throw std::invalid_argument("the paths from a level are not a multiple of 2560");
    const std::set<int> wanted = levels_around(vix_closes);
    const std::vector<int> numbers(wanted.begin(), wanted.end());
    std::vector<Level> levels(numbers.size());
    const auto simulate = [&](std::size_t, std::size_t, std::size_t piece) {
        OneDaySample sessions = sessions_from(model, numbers[piece], sampling);
        const double vix = level_of(numbers[piece]), sd = one_day_sd(vix);
        for (double& r : sessions.spx_return) r /= sd;
        for (double& change : sessions.vix_change) change = std::log1p(change / vix);
        std::ranges::sort(sessions.spx_return);
        std::ranges::sort(sessions.vix_change);
        levels[piece] = {std::move(sessions.spx_return), std::move(sessions.vix_change)};
    };
    executor.for_each_ordered(numbers.size(), simulate, [](std::size_t, std::size_t) {});
    for (std::size_t i = 0; i < numbers.size(); ++i) levels_[numbers[i]] = std::move(levels[i]);
}

QuantileLaw NextDayLaws::between(std::vector<double> Level::*sample, double vix, double scale) const {
    const auto [below, weight] = place_of(vix);
    return {levels_.at(below).*sample, levels_.at(below + 1).*sample, weight, scale};
}

QuantileLaw NextDayLaws::spx_return(double vix) const { return between(&Level::scaled_return, vix, one_day_sd(vix)); }

QuantileLaw NextDayLaws::vix_log_change(double vix) const { return between(&Level::vix_log_change, vix, 1.0); }

}  // namespace volstorm

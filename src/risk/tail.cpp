#include "volstorm/risk/tail.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace volstorm {
namespace {

constexpr std::uint64_t kLevelSteps = 1'000'000'000;
constexpr double kFewestTailPaths = 50.0;  // with fewer the normal interval of an expected shortfall covers too little

/// Ranks among the P&L (0: the worst loss) of the value at risk and of its interval. The number of losses beyond the
/// true value at risk is binomial; where the n paths are as uncertain as `effective` independent ones, each of these
/// stands for n / effective paths, and its rank is that of the middle one.
struct TailRanks {
    std::uint64_t value, low, high;
    bool no_low, no_high;  // the sample has no loss so small, or so large: the limit is infinite
    bool several;          // the interval holds more than the worst loss, so that one path is not taken for an atom
};

TailRanks tail_ranks(std::uint64_t n, TailSize size, std::uint64_t effective) {
    const double paths = static_cast<double>(n);
    const CountRange beyond = binomial_range(effective, size.mass / paths);
    const auto rank = [&](std::uint64_t of_effective) {
        if (effective == n) return of_effective;
        const double each = paths / static_cast<double>(effective);
        return std::min(n - 1, static_cast<std::uint64_t>((static_cast<double>(of_effective) + 0.5) * each));
    };
    return {.value = size.count - 1,
            .low = rank(std::min(beyond.high, effective - 1)),
            .high = rank(std::max<std::uint64_t>(beyond.low, 1) - 1),
            .no_low = beyond.high == effective,
            .no_high = beyond.low == 0,
            .several = beyond.high > 0};
}

TailStart tail_start(double level, TailSize size, const TailRanks& ranks, std::span<const float> pnl, double worst,
                     bool alone) {
    const double value = loss_of(pnl[0]), at_low = loss_of(pnl[1]), at_high = loss_of(pnl[2]);
    const bool atom = at_low == worst && worst > 0.0 && ranks.several && !ranks.no_low && !alone;
    const double low = ranks.no_low ? -kInfinity : at_low;
    const double high = ranks.no_high && !atom ? kInfinity : at_high;
    const double spread_from = value == worst ? at_low : value;  // nothing lies beyond the worst loss
    return {level, size, {value, (high - low) / (2.0 * kNormal95), low, high}, spread_from, atom};
}

}  // namespace

TailSize tail_size(std::uint64_t n, double level) {
    const auto outside = static_cast<std::uint64_t>(std::llround((1.0 - level) * static_cast<double>(kLevelSteps)));
    if (!(level > 0.0 && level < 1.0) || outside == 0 || outside == kLevelSteps) {
        throw std::invalid_argument("level is " + std::to_string(level) + ", outside (0, 1)");
    }
    // n - floor(level n) = ceil((1 - level) n); n in two parts so that no product overflows.
    const std::uint64_t whole = n / kLevelSteps * outside, rest = n % kLevelSteps * outside;
    const double fraction = static_cast<double>(rest) / static_cast<double>(kLevelSteps);
    return {whole + (rest + kLevelSteps - 1) / kLevelSteps, static_cast<double>(whole) + fraction};
}

std::vector<std::uint64_t> landmark_ranks(std::uint64_t n, std::span<const double> levels,
                                          std::span<const std::uint64_t> effective) {
    std::vector<std::uint64_t> ranks{n - 1, 0};
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const TailRanks tail = tail_ranks(n, tail_size(n, levels[i]), effective.empty() ? n : effective[i]);
        ranks.insert(ranks.end(), {tail.value, tail.low, tail.high});
    }
    return ranks;
}

Landmarks landmarks_of(std::uint64_t n, std::span<const double> levels, std::span<const float> pnl_at_ranks,
                       std::span<const std::uint64_t> effective, bool alone) {
    Landmarks result{loss_of(pnl_at_ranks[0]), loss_of(pnl_at_ranks[1]), {}};
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const TailSize size = tail_size(n, levels[i]);
        const TailRanks ranks = tail_ranks(n, size, effective.empty() ? n : effective[i]);
        result.tails.push_back(
            tail_start(levels[i], size, ranks, pnl_at_ranks.subspan(2 + 3 * i, 3), result.worst, alone));
    }
    return result;
}

Estimate ShortfallSums::estimate(Estimate value_at_risk, TailSize size, std::uint64_t n) const {
    const double value = value_at_risk.value + beyond_.value() / size.mass;
    const double paths = static_cast<double>(n), mean = spread_.value() / paths;
    const double variance = std::max(0.0, spread_square_.value() / paths - mean * mean);
    return shortfall_estimate(value, std::sqrt(variance * paths) / size.mass, size.mass, value_at_risk);
}

Estimate shortfall_estimate(double value, double standard_error, double tail_paths, Estimate value_at_risk) {
    const bool too_few = tail_paths < kFewestTailPaths && standard_error > 0.0;
    if (too_few || !std::isfinite(value_at_risk.standard_error)) return estimate_without_limits(value);
    return normal_estimate(value, standard_error);
}

}  // namespace volstorm

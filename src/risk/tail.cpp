#include "volstorm/risk/tail.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "volstorm/risk/selection.h"

namespace volstorm {
namespace {

constexpr std::uint64_t kLevelSteps = 1'000'000'000;

/// Ranks among the P&L (0: the worst loss) of the value at risk and of its interval. The number of losses beyond the
/// true value at risk is binomial, with mean `mass`.
struct TailRanks {
    std::uint64_t value, low, high;
    bool no_low, no_high;  // the sample has no loss so small, or so large: the limit is infinite
    bool several;          // the interval holds more than the worst loss, so that one path is not taken for an atom
};

TailRanks tail_ranks(std::uint64_t n, TailSize size) {
    const CountRange beyond = binomial_range(n, size.mass / static_cast<double>(n));
    return {.value = size.count - 1,
            .low = std::min(beyond.high, n - 1),
            .high = std::max<std::uint64_t>(beyond.low, 1) - 1,
            .no_low = beyond.high == n,
            .no_high = beyond.low == 0,
            .several = beyond.high > 0};
}

TailStart tail_start(double level, TailSize size, const TailRanks& ranks, std::span<const float> pnl, double worst) {
    const double value = loss_of(pnl[0]), at_low = loss_of(pnl[1]), at_high = loss_of(pnl[2]);
    const bool atom = at_low == worst && ranks.several && !ranks.no_low;
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

Landmarks find_landmarks(const Column& pnl, std::span<const double> levels) {
    require_entries(pnl);
    const std::uint64_t n = pnl.size();
    std::vector<TailSize> sizes;
    std::vector<TailRanks> tails;
    std::vector<std::uint64_t> ranks{n - 1, n / 2, 0};
    for (const double level : levels) {
        sizes.push_back(tail_size(n, level));
        tails.push_back(tail_ranks(n, sizes.back()));
        ranks.insert(ranks.end(), {tails.back().value, tails.back().low, tails.back().high});
    }
    const std::vector<float> found = order_statistics(pnl, ranks);
    Landmarks result{loss_of(found[0]), loss_of(found[1]), loss_of(found[2]), {}};
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const std::span<const float> at_tail = std::span(found).subspan(3 + 3 * i, 3);
        result.tails.push_back(tail_start(levels[i], sizes[i], tails[i], at_tail, result.worst));
    }
    return result;
}

Estimate ShortfallSums::estimate(Estimate value_at_risk, TailSize size, std::uint64_t n) const {
    const double value = value_at_risk.value + beyond_.value() / size.mass;
    if (!std::isfinite(value_at_risk.standard_error)) return {value, kInfinity, -kInfinity, kInfinity};
    const double paths = static_cast<double>(n), mean = spread_.value() / paths;
    const double variance = std::max(0.0, spread_square_.value() / paths - mean * mean);
    return normal_estimate(value, std::sqrt(variance * paths) / size.mass);
}

}  // namespace volstorm

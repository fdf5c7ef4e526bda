#include "volstorm/risk/summary.h"

#include <cmath>

#include "volstorm/risk/sum.h"

namespace volstorm {
namespace {

/// Everything the third pass adds up.
struct Sums {
    explicit Sums(const Landmarks& marks)
        : landmarks(marks), all(-marks.median), wins(-marks.median), losses(-marks.median), tails(marks.tails.size()) {}

    void add(float pnl) {
        const double loss = loss_of(pnl);
        all.add(-loss);
        if (loss < 0.0) wins.add(-loss);
        if (loss > 0.0) losses.add(-loss);
        at_worst += loss == landmarks.worst;
        for (std::size_t i = 0; i < tails.size(); ++i) {
            const TailStart& tail = landmarks.tails[i];
            if (loss <= tail.spread_from) continue;
            tails[i].add(excess(loss, tail.value_at_risk.value), loss - tail.spread_from);
        }
    }

    const Landmarks& landmarks;
    Moments all, wins, losses;
    std::uint64_t at_worst = 0;
    std::vector<ShortfallSums> tails;
};

}  // namespace

Summary summarise(const Column& pnl, std::span<const double> levels) {
    const Landmarks landmarks = find_landmarks(pnl, levels);
    Sums sums(landmarks);
    pnl.for_each_chunk([&](std::uint64_t, std::span<const float> values) {
        for (const float value : values) sums.add(value);
    });

    const std::uint64_t n = pnl.size();
    Summary result{.n = n,
                   .mean = sums.all.mean(),
                   .sd = sums.all.standard_deviation(),
                   .p_loss = share_estimate(sums.losses.count(), n),
                   .win_share = share_estimate(sums.wins.count(), n),
                   .mean_win = sums.wins.mean(),
                   .mean_loss = sums.losses.mean(),
                   .best = 0.0 - landmarks.best,
                   .worst = landmarks.worst,
                   .atom_share = share_estimate(sums.at_worst, n),
                   .tails = {}};
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const TailStart& tail = landmarks.tails[i];
        const Estimate shortfall = sums.tails[i].estimate(tail.value_at_risk, tail.size, n);
        result.tails.push_back({tail.level, tail.value_at_risk, shortfall, tail.atom});
    }
    return result;
}

}  // namespace volstorm

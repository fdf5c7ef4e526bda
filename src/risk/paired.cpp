#include "volstorm/risk/paired.h"

namespace volstorm {
namespace {

struct Sums {
    Sums(const Landmarks& a, const Landmarks& b)
        : first(a), second(b), pnl(b.median - a.median), tails(a.tails.size()) {}

    void add(double loss_a, double loss_b) {
        pnl.add(loss_b - loss_a);
        for (std::size_t i = 0; i < tails.size(); ++i) {
            const TailStart &a = first.tails[i], &b = second.tails[i];
            if (loss_a <= a.spread_from && loss_b <= b.spread_from) continue;
            tails[i].add(excess(loss_a, a.value_at_risk.value) - excess(loss_b, b.value_at_risk.value),
                         excess(loss_a, a.spread_from) - excess(loss_b, b.spread_from));
        }
    }

    const Landmarks &first, &second;
    Moments pnl;
    std::vector<ShortfallSums> tails;
};

}  // namespace

PairedDifference paired_difference(const Column& pnl, const Column& reference, std::span<const double> levels) {
    const Landmarks a = find_landmarks(pnl, levels), b = find_landmarks(reference, levels);
    Sums sums(a, b);
    for_each_pair(pnl, reference, [&](std::uint64_t, std::span<const float> of_a, std::span<const float> of_b) {
        for (std::size_t i = 0; i < of_a.size(); ++i) sums.add(loss_of(of_a[i]), loss_of(of_b[i]));
    });

    PairedDifference result{.mean = sums.pnl.mean(), .expected_shortfall = {}};
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const Estimate &var_a = a.tails[i].value_at_risk, &var_b = b.tails[i].value_at_risk;
        const Estimate var{.value = var_a.value - var_b.value,
                           .standard_error = var_a.standard_error + var_b.standard_error};  // only whether it is finite
        result.expected_shortfall.push_back({levels[i], sums.tails[i].estimate(var, a.tails[i].size, pnl.size())});
    }
    return result;
}

}  // namespace volstorm

#include "volstorm/risk/estimate.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace volstorm {
namespace {

constexpr double kNegligible = 1e-20;  // of the mode's probability
constexpr double kTail = 0.025;

/// Probabilities of a binomial count around its mode, up to a common factor, and the count of the first one.
struct Probabilities {
    std::uint64_t first;
    std::vector<double> weight;
};

/// By the ratio of neighbours from the mode outwards: no logarithm, so the same bits everywhere.
Probabilities probabilities(std::uint64_t n, double p) {
    const double odds = p / (1.0 - p);
    const auto mode = std::min(n, static_cast<std::uint64_t>((static_cast<double>(n) + 1.0) * p));
    std::vector<double> weight{1.0};
    std::uint64_t first = mode;
    for (; first > 0 && weight.back() > kNegligible; --first) {
        weight.push_back(weight.back() * static_cast<double>(first) / (static_cast<double>(n - first + 1) * odds));
    }
    std::ranges::reverse(weight);
    for (std::uint64_t k = mode; k < n && weight.back() > kNegligible; ++k) {
        weight.push_back(weight.back() * static_cast<double>(n - k) * odds / static_cast<double>(k + 1));
    }
    return {first, weight};
}

}  // namespace

Estimate share_estimate(std::uint64_t count, std::uint64_t n) {
    if (n == 0) return {};
    return wilson_estimate(static_cast<double>(count) / static_cast<double>(n), static_cast<double>(n));
}

Estimate wilson_estimate(double share, double n) {
    const double z2 = kNormal95 * kNormal95 / n;
    const double centre = (share + 0.5 * z2) / (1.0 + z2);
    const double half = std::sqrt(z2 * (share * (1.0 - share) + 0.25 * z2)) / (1.0 + z2);
    const double error = std::sqrt(share * (1.0 - share) / n);
    return {share, error, share == 0.0 ? 0.0 : centre - half, share == 1.0 ? 1.0 : centre + half};
}

CountRange binomial_range(std::uint64_t n, double p) {
    const auto [first, weight] = probabilities(n, p);
    const double tail = kTail * std::accumulate(weight.begin(), weight.end(), 0.0);
    std::uint64_t low = 0, high = weight.size() - 1;
    for (double below = weight[low]; below < tail; below += weight[++low]) continue;
    for (double above = weight[high]; above <= tail; above += weight[--high]) continue;
    return {first + low, first + high};
}

}  // namespace volstorm

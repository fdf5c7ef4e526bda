#include "volstorm/risk/replicates.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "volstorm/math/special.h"

namespace volstorm {
namespace {

constexpr double kAgreement = 1e-12;           // errors that are no larger are rounding
constexpr std::size_t kFewestReplicates = 10;  // that must hold something, for an interval

double t_quantile(std::size_t replicates) { return student_quantile(0.975, static_cast<double>(replicates - 1)); }

}  // namespace

ReplicateRatio::ReplicateRatio(std::span<const double> over, std::span<const double> under)
    : replicates_(under.size()) {
    const double all = std::accumulate(under.begin(), under.end(), 0.0);
    held_ = static_cast<std::size_t>(std::ranges::count_if(under, [](double x) { return x > 0.0; }));
    std::size_t some = 0, rest = 0;
    for (std::size_t r = 0; r < replicates_; ++r) {
        some += over[r] > 0.0 ? 1 : 0;
        rest += over[r] < under[r] ? 1 : 0;
    }
    is_rare_ = std::min(some, rest) < kFewestReplicates;
    if (!(all > 0.0)) return;
    value_ = std::accumulate(over.begin(), over.end(), 0.0) / all;
    if (replicates_ < 2) return;
    double squares = 0.0;
    for (std::size_t r = 0; r < replicates_; ++r) squares += std::pow(over[r] - value_ * under[r], 2);
    const double count = static_cast<double>(replicates_);
    error_ = std::sqrt(squares * count / (count - 1.0)) / all;
}

Estimate ReplicateRatio::of(double estimate, double scale, double skewness) const {
    if (held_ < kFewestReplicates) return estimate_without_limits(estimate);
    const double t = t_quantile(replicates_), error = error_ * scale;
    const double further = std::abs(skewness) * (2.0 * t * t + 1.0) / 6.0;
    return {estimate, error, estimate - error * (t + (skewness < 0.0 ? further : 0.0)),
            estimate + error * (t + (skewness > 0.0 ? further : 0.0))};
}

double ReplicateRatio::effective_paths(double paths) const {
    const double spread = value_ * (1.0 - value_);
    if (held_ < kFewestReplicates) return 1.0;
    if (!(spread > 0.0) || !(error_ > kAgreement * value_)) return paths;
    const double widened = error_ * t_quantile(replicates_) / kNormal95;
    const double effective = spread / (widened * widened);
    return is_rare_ ? std::min(effective, paths) : effective;
}

Estimate ReplicateRatio::share(double paths) const {
    if (std::isnan(value_)) return {};
    if (held_ < kFewestReplicates) return estimate_without_limits(value_);
    Estimate estimate = wilson_estimate(value_, effective_paths(paths));
    estimate.standard_error = error_;
    return estimate;
}

}  // namespace volstorm

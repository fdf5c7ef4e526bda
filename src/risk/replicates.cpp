#include "volstorm/risk/replicates.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "volstorm/math/special.h"

namespace volstorm {
namespace {

constexpr std::size_t kFewestReplicates = 10;  // that must hold something, for an interval

double t_quantile(std::size_t replicates) { return student_quantile(0.975, static_cast<double>(replicates - 1)); }

}  // namespace

ReplicateRatio::ReplicateRatio(std::span<const double> over, std::span<const double> under)
    : replicates_(under.size()) {
    const double all = std::accumulate(under.begin(), under.end(), 0.0);
    held_ = static_cast<std::size_t>(std::ranges::count_if(under, [](double x) { return x > 0.0; }));
    if (!(all > 0.0)) return;
    value_ = std::accumulate(over.begin(), over.end(), 0.0) / all;
    if (replicates_ < 2) return;
    double squares = 0.0;
    for (std::size_t r = 0; r < replicates_; ++r) squares += std::pow(over[r] - value_ * under[r], 2);
    const double count = static_cast<double>(replicates_);
    error_ = std::sqrt(squares * count / (count - 1.0)) / all;
}

Estimate ReplicateRatio::of(double estimate, double scale) const {
    if (held_ < kFewestReplicates) return estimate_without_limits(estimate);
    const double error = error_ * scale, half = t_quantile(replicates_) * error;
    return {estimate, error, estimate - half, estimate + half};
}

double ReplicateRatio::effective_paths(double most) const {
    const double spread = value_ * (1.0 - value_);
    if (!(spread > 0.0) || !(error_ > 0.0)) return most;
    const double widened = error_ * t_quantile(replicates_) / kNormal95;
    return spread / (widened * widened);
}

Estimate ReplicateRatio::share(double most) const {
    if (std::isnan(value_)) return {};
    if (held_ < kFewestReplicates) return estimate_without_limits(value_);
    Estimate estimate = wilson_estimate(value_, effective_paths(most));
    estimate.standard_error = error_;
    return estimate;
}

}  // namespace volstorm

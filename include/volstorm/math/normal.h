#pragma once
#include <cmath>
#include <numbers>

namespace volstorm {

/// Density of the standard normal law.
inline double normal_density(double x) { return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi); }

/// Distribution function of the standard normal law, with full relative accuracy in the left tail.
inline double normal_distribution(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// Inverse of normal_distribution for p in (0, 1).
double normal_quantile(double p);

}  // namespace volstorm

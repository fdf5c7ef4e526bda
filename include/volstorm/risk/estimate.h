#pragma once
#include <cstdint>
#include <limits>

namespace volstorm {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNormal95 = 1.9599639845400545;  // inverse normal of 0.975: half-width of a 95 % interval

/// A number from a sample, with its standard error and its 95 % interval.
struct Estimate {
    double value = kUnknown;
    double standard_error = kUnknown;
    double low = kUnknown;  // NaN: nothing to say; infinite: the sample is too small for a limit on this side
    double high = kUnknown;
};

/// The estimate whose error is normal.
constexpr Estimate normal_estimate(double value, double standard_error) {
    const double half = kNormal95 * standard_error;
    return {value, standard_error, value - half, value + half};
}

/// The estimate of a sample that is too small for limits.
constexpr Estimate estimate_without_limits(double value) { return {value, kInfinity, -kInfinity, kInfinity}; }

/// The share `count / n` with Wilson's score interval (Wilson 1927), which stays inside [0, 1] and holds for rare and
/// for certain events too; all NaN where n is zero.
Estimate share_estimate(std::uint64_t count, std::uint64_t n);

/// The same of a share in [0, 1] of as many as `n`, not a whole number where they are not independent.
Estimate wilson_estimate(double share, double n);

/// The 95 % range of a binomial count: P(K < low) and P(K > high) are each at most 2.5 %, and no narrower range has
/// that.
struct CountRange {
    std::uint64_t low, high;
};

/// Exact for any n (no normal approximation); time and memory grow as the standard deviation, sqrt(n p (1 - p)).
CountRange binomial_range(std::uint64_t n, double p);

}  // namespace volstorm

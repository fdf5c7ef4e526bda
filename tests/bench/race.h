#pragma once
#include <array>
#include <cmath>
#include <cstdint>

#include "bench_plan.h"

namespace volstorm::bench {

/// What the paths of a program come to, so that a race is between programs that do the same work.
enum Quantity : std::size_t { kVariance, kJumps, kCondor, kVix, kCall };
inline constexpr std::array<const char*, 5> kQuantityNames{"variance", "jumps", "condor", "vix", "call"};

struct Totals {
    std::array<double, kQuantityNames.size()> sum{}, squares{};
    std::uint64_t paths = 0;

    void add(Quantity quantity, double value) {
        sum[quantity] += value;
        squares[quantity] += value * value;
    }
    double mean(std::size_t quantity) const { return sum[quantity] / static_cast<double>(paths); }
    double error(std::size_t quantity) const {
        const double n = static_cast<double>(paths), mean_square = squares[quantity] / n;
        return std::sqrt(std::fmax(mean_square - mean(quantity) * mean(quantity), 0.0) / n);
    }
};

/// The work at the end of a path, the same for all programs (peer_work.py has the same numbers): what a condor pays in
/// index points, VIX, and the mark of a VIX call as a polynomial of 20 by 6 Chebyshev terms in (sqrt(v), m).
inline constexpr double kSpot = 6000.0, kShortPut = 5955.0, kShortCall = 6045.0, kWing = 25.0;
inline constexpr int kRootTerms = 20, kMeanTerms = 6;
inline constexpr double kMostRoot = 0.8, kMostMean = 0.03;  // beyond these it is taken at the edge

/// What the polynomial interpolates: Bachelier's price of a call at 20 on a future half as far from 17 as VIX is.
inline double call_value(double root_v, double m) {
    const double vix = 100.0 * std::sqrt(0.001 + 0.7 * root_v * root_v + 0.2 * m);
    const double above = 17.0 + 0.5 * (vix - 17.0) - 20.0, sd = 4.0;
    const double d = above / sd, density = std::exp(-0.5 * d * d) / std::sqrt(2.0 * 3.14159265358979324);
    return above * 0.5 * std::erfc(-d / std::sqrt(2.0)) + sd * density;
}
using CallCoefficients = std::array<std::array<double, kMeanTerms>, kRootTerms>;
CallCoefficients call_coefficients();
/// All of it for one path, added to the totals.
void add_end(double spot, double v, double m, const StepConstants& last, const CallCoefficients& call, Totals& totals);

/// The programs. Each simulates `paths` paths of the plan (events are left out) with numbers from its seed.
Totals run_volstorm(const PathPlan& plan, std::uint64_t paths);
/// The work of the kernel as one would write it with Boost.Random: path after path, one generator (mt19937_64),
/// normal_distribution (a ziggurat) and exponential clocks, in double precision.
Totals run_boost(const PathPlan& plan, std::uint64_t paths);
/// QuantLib's path generator: of Heston's model, of the same by Andersen's quadratic-exponential scheme, and of Bates's
/// (the plan has one family, of jumps in x alone). QuantLib has no second factor and no jumps in v.
enum class QuantLibProcess { heston, heston_qe, bates };
Totals run_quantlib(QuantLibProcess process, const PathPlan& plan, std::uint64_t paths);

}  // namespace volstorm::bench

#pragma once
#include <cstdint>

#include "volstorm/engine/path_kernel.h"

namespace volstorm::bench {

/// What the paths of a program come to: so that a race is between programs that do the same work.
struct Totals {
    double variance = 0.0;  // v at the end, summed over paths
    std::uint64_t jumps = 0;
    std::uint64_t paths = 0;
};

/// The work of the kernel as one would write it with Boost.Random: path after path, one generator (mt19937_64),
/// normal_distribution (a ziggurat) and exponential clocks, in double precision. Events are left out.
Totals simulate_with_boost(const PathPlan& plan, std::uint64_t paths);

}  // namespace volstorm::bench

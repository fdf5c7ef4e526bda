#pragma once
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <vector>

#include "volstorm/risk/pnl_statistics.h"

namespace volstorm {

/// P&L of `n` paths: minus the loss at a uniform in (0, 1), all from one seed.
inline std::vector<float> sample_pnl(std::uint64_t n, std::uint64_t seed, const std::function<double(double)>& loss) {
    std::mt19937_64 generator(seed);
    std::vector<float> pnl(n);
    for (float& value : pnl) {
        const double u = (static_cast<double>(generator() >> 12) + 0.5) * 0x1p-52;
        value = static_cast<float>(-loss(u));
    }
    return pnl;
}

inline double exponential_loss(double u) { return -std::log(u); }

/// Few distinct values, so that most ranks fall on ties; some zero, of both signs.
inline double rounded_loss(double u) { return std::round(20.0 * (u - 0.3)) / 4.0 * (u < 0.5 ? 1.0 : 3.0); }

}  // namespace volstorm

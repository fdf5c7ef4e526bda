#pragma once
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace volstorm {

/// Uniforms in (0, 1) of one seed.
inline std::vector<double> uniforms(std::size_t n, std::uint64_t seed) {
    std::mt19937_64 generator(seed);
    std::vector<double> u(n);
    for (double& value : u) value = (static_cast<double>(generator() >> 12) + 0.5) * 0x1p-52;
    return u;
}

/// Share of the seeds 1 to `repetitions` at which a test's p-value is below 5 %; NaN does not reject.
inline double rejections(int repetitions, const std::function<double(std::uint64_t seed)>& p_value) {
    int rejected = 0;
    for (int i = 1; i <= repetitions; ++i) rejected += p_value(static_cast<std::uint64_t>(i)) < 0.05 ? 1 : 0;
    return static_cast<double>(rejected) / repetitions;
}

/// Is a share of 5 % within four binomial errors?
inline bool near_5_percent(double share, int repetitions) {
    return std::abs(share - 0.05) < 4.0 * std::sqrt(0.05 * 0.95 / repetitions);
}

}  // namespace volstorm

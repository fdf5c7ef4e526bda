#pragma once
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "volstorm/calibration/least_squares.h"

namespace volstorm {

/// 100 (b - a^2)^2 + (1 - a)^2, from the usual start.
inline LeastSquaresProblem rosenbrock() {
    return {{{.name = "a", .start = -1.2}, {.name = "b", .start = 1.0}},
            2,
            [](std::span<const double> p, std::span<double> r) {
                r[0] = 10.0 * (p[1] - p[0] * p[0]);
                r[1] = 1.0 - p[0];
            },
            {}};
}

/// Standard normal numbers of one seed.
inline std::vector<double> normals(std::size_t n, std::uint64_t seed) {
    std::mt19937_64 generator(seed);
    std::normal_distribution<double> normal;
    std::vector<double> z(n);
    for (double& value : z) value = normal(generator);
    return z;
}

/// The straight line a + b x through points at x = 0, 1, 2 ...
inline LeastSquaresProblem line(const std::vector<double>& y) {
    return {{{.name = "a"}, {.name = "b"}},
            y.size(),
            [y](std::span<const double> p, std::span<double> r) {
                for (std::size_t i = 0; i < r.size(); ++i) r[i] = p[0] + p[1] * static_cast<double>(i) - y[i];
            },
            {}};
}

/// a exp(-b x) + c at x = 0, 0.1, 0.2 ...
inline double decay(std::span<const double> p, std::size_t i) {
    return p[0] * std::exp(-p[1] * 0.1 * static_cast<double>(i)) + p[2];
}
inline LeastSquaresProblem decay_problem(const std::vector<double>& y) {
    return {{{.name = "a", .start = 1.0, .low = 0.0},
             {.name = "b", .start = 1.0, .low = 0.05, .high = 20.0},
             {.name = "c", .start = 0.0}},
            y.size(),
            [y](std::span<const double> p, std::span<double> r) {
                for (std::size_t i = 0; i < r.size(); ++i) r[i] = decay(p, i) - y[i];
            },
            {}};
}

}  // namespace volstorm

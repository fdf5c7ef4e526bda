#include "starts.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "volstorm/math/threefry.h"

namespace volstorm {
namespace {

/// One number in each of `count` equal parts of (0, 1), in random order.
std::vector<double> strata(std::size_t count, ThreefryEngine engine) {
    std::vector<double> u(count);
    std::iota(u.begin(), u.end(), 0.0);
    for (std::size_t i = count; i > 1; --i) {
        std::swap(u[i - 1], u[static_cast<std::size_t>(open_uniform(engine) * static_cast<double>(i))]);
    }
    for (double& value : u) value = (value + open_uniform(engine)) / static_cast<double>(count);
    return u;
}

}  // namespace

std::vector<std::vector<double>> starting_points(const LeastSquaresProblem& problem,
                                                 const LeastSquaresOptions& options) {
    std::vector<double> first;
    for (const FitParameter& p : problem.parameters) first.push_back(p.start);
    std::vector<std::vector<double>> points(options.starts, first);
    for (std::size_t i = 0; i < first.size(); ++i) {
        const FitParameter& p = problem.parameters[i];
        if (p.fixed || options.starts < 2) continue;
        const double low = std::isnan(p.start_low) ? p.low : p.start_low;
        const double high = std::isnan(p.start_high) ? p.high : p.start_high;
        const RandomKey key(options.seed, Stream::start, static_cast<std::uint32_t>(i));
        const std::vector<double> u = strata(options.starts - 1, ThreefryEngine(key, 0));
        for (std::size_t k = 1; k < options.starts; ++k) points[k][i] = low + (high - low) * u[k - 1];
    }
    return points;
}

}  // namespace volstorm

#include "volstorm/calibration/session_weights.h"

#include <cmath>
#include <numeric>

namespace volstorm {

std::vector<std::size_t> weighted_sessions(std::span<const double> weights) {
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::size_t> times(weights.size(), 0);
    double sum = 0.0;
    std::size_t so_far = 0;
    for (std::size_t i = 0; i < weights.size() && all > 0.0; ++i) {
        sum += weights[i];
        const auto until = static_cast<std::size_t>(std::round(sum / all * static_cast<double>(weights.size())));
        times[i] = until - so_far;
        so_far = until;
    }
    return times;
}

}  // namespace volstorm

#include "volstorm/math/kernel_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace volstorm {
namespace {

// Of distances less the smallest, so that no bandwidth makes all weights 0.
std::vector<double> weights_at(std::span<const double> squared_distances, double smallest, double bandwidth) {
    std::vector<double> weights;
    for (const double d : squared_distances)
        weights.push_back(std::isnan(d) ? 0.0 : std::exp((smallest - d) / (2.0 * bandwidth * bandwidth)));
    return weights;
}

}  // namespace

double effective_size(std::span<const double> weights) {
    double sum = 0.0, squares = 0.0;
    for (const double w : weights) sum += w, squares += w * w;
    return squares > 0.0 ? sum * sum / squares : 0.0;
}

KernelWeights kernel_weights(std::span<const double> squared_distances, double effective) {
    double smallest = std::numeric_limits<double>::infinity(), largest = -smallest;
    for (const double d : squared_distances) {
        if (!std::isnan(d)) smallest = std::min(smallest, d), largest = std::max(largest, d);
    }
    // In ln h: from where only the nearest count to where all count alike to 1e-6.
    double low = std::log(1e-8), high = std::log(1.0 + 1e3 * std::sqrt(largest - smallest));
    for (int i = 0; i < 100; ++i) {
        const double middle = 0.5 * (low + high);
        const double size = effective_size(weights_at(squared_distances, smallest, std::exp(middle)));
        (size < effective ? low : high) = middle;
    }
    return {weights_at(squared_distances, smallest, std::exp(high)), std::exp(high)};
}

}  // namespace volstorm

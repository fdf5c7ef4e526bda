#include "kernel_weights.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace volstorm {
namespace {

std::vector<double> weights_at(const std::vector<double>& squared_distances, double nearest, double bandwidth) {
    std::vector<double> weights(squared_distances.size());
    std::ranges::transform(squared_distances, weights.begin(),
                           [&](double d) { return std::exp((nearest - d) / (2.0 * bandwidth * bandwidth)); });
    return weights;
}

double effective(const std::vector<double>& weights) {
    double sum = 0.0, squares = 0.0;
    for (const double weight : weights) sum += weight, squares += weight * weight;
    return sum * sum / squares;
}

}  // namespace

WeightedDraw::WeightedDraw(std::vector<double> weights) : weights_(std::move(weights)), passed_(weights_.size()) {
    const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    for (double& weight : weights_) weight = sum > 0.0 ? weight / sum : 1.0 / static_cast<double>(weights_.size());
    std::partial_sum(weights_.begin(), weights_.end(), passed_.begin());
}

std::size_t WeightedDraw::operator()(double u) const {
    const auto found = std::ranges::upper_bound(passed_, u * passed_.back());
    const auto index = static_cast<std::size_t>(found - passed_.begin());
    return std::min(index, passed_.size() - 1);
}

double WeightedDraw::effective_size() const { return effective(weights_); }

std::vector<double> kernel_weights(const std::vector<double>& squared_distances, double effective_size) {
    const double nearest = *std::ranges::min_element(squared_distances);
    double low = 1e-6, high = 1e3;  // of the bandwidth, in ln: far below and far above any distance
    for (int i = 0; i < 60; ++i) {
        const double middle = std::sqrt(low * high);
        (effective(weights_at(squared_distances, nearest, middle)) < effective_size ? low : high) = middle;
    }
    return weights_at(squared_distances, nearest, high);
}

}  // namespace volstorm

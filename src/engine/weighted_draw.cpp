#include "weighted_draw.h"

#include <algorithm>
#include <numeric>

namespace volstorm {
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

}  // namespace volstorm

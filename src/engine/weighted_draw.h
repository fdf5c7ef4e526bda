#pragma once
#include <cstddef>
#include <vector>

namespace volstorm {

/// A discrete law over indices 0 ... n - 1.
class WeightedDraw {
 public:
    WeightedDraw() = default;
    /// `weights` not below 0; where their sum is 0, all indices are equally likely.
    explicit WeightedDraw(std::vector<double> weights);
    std::size_t size() const { return weights_.size(); }
    const std::vector<double>& weights() const { return weights_; }
    double weight(std::size_t index) const { return weights_[index]; }  // they sum to 1
    /// The index at the quantile `u` in [0, 1).
    std::size_t operator()(double u) const;

 private:
    std::vector<double> weights_, passed_;
};

}  // namespace volstorm

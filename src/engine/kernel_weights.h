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
    double weight(std::size_t index) const { return weights_[index]; }  // they sum to 1
    /// The index at the quantile `u` in [0, 1).
    std::size_t operator()(double u) const;
    /// (sum w)^2 / sum w^2 (Kish 1965): so many equally likely ones would tell as much.
    double effective_size() const;

 private:
    std::vector<double> weights_, passed_;
};

/// Gaussian kernel: weights exp(-d / (2 h^2)) of squared distances d, with the smallest bandwidth h for which the
/// effective size is at least `effective_size`, which must not be above the number of distances. The nearest has 1.
std::vector<double> kernel_weights(const std::vector<double>& squared_distances, double effective_size);

}  // namespace volstorm

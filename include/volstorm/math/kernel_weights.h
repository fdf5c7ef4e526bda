#pragma once
#include <span>
#include <vector>

namespace volstorm {

/// (sum w)^2 / sum w^2 (Kish 1965): how many of equal weight say as much; 0 where all weights are 0.
double effective_size(std::span<const double> weights);

struct KernelWeights {
    std::vector<double> weight;  // the nearest has 1; 0 where the distance is not known
    double bandwidth = 0.0;      // h
};

/// Gaussian kernel: weights exp(-d / (2 h^2)) of squared distances d (NaN: not known), with the smallest bandwidth h
/// for which the effective size, which grows with it, is `effective`. That must not be above the number of distances
/// that are known, of which there must be one.
KernelWeights kernel_weights(std::span<const double> squared_distances, double effective);

}  // namespace volstorm

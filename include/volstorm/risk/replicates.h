#pragma once
#include <cmath>
#include <span>

#include "volstorm/risk/estimate.h"

/// Errors of a sample in strata, told by its independent replicates: each has the same paths of every stratum.
namespace volstorm {

/// A figure that is a ratio of two sums, each given by replicate.
class ReplicateRatio {
 public:
    ReplicateRatio(std::span<const double> over, std::span<const double> under);
    double value() const { return value_; }
    /// sqrt(R / (R - 1) sum_r (over_r - value under_r)^2) / sum under; NaN below two replicates.
    double standard_error() const { return error_; }
    /// An estimate with this standard error, times `scale`, and limits by Student's t with R - 1 degrees of freedom;
    /// without limits where fewer than 10 replicates have anything under the ratio. Where the estimate has a skewness,
    /// the limit on that side lies further out, by the first term of Hall (1992): a sample without the rare large terms
    /// that make it skewed lies low, and has a small error.
    Estimate of(double estimate, double scale = 1.0, double skewness = 0.0) const;
    /// The ratio as a share of so many paths, by Wilson's interval for as many as effective_paths() says.
    Estimate share(double paths) const;
    /// As many independent paths would leave a share as uncertain, and with a normal interval as wide as Student's; no
    /// more than `paths` where fewer than 10 replicates hold any of it, or of the rest: they tell their error badly.
    /// `paths` is what the paths under the ratio are worth by their weights (Kish 1965). 1 where fewer than 10
    /// replicates have anything under it.
    double effective_paths(double paths) const;

 private:
    double value_ = kUnknown, error_ = kUnknown;
    std::size_t replicates_ = 0, held_ = 0;  // those with something under the ratio
    bool is_rare_ = false;                   // few replicates have something over it, or under but not over
};

/// The terms, path by path, that a figure of a weighted sample is the sum of.
struct WeightedTerms {
    double mass = 0.0, mass_square = 0.0;  // of these paths
    double square = 0.0, cube = 0.0;       // of mass x number
    void add(double of_path, double number) {
        const double part = of_path * number;
        mass += of_path, mass_square += of_path * of_path;
        square += part * part, cube += part * part * part;
    }
    void add(const WeightedTerms& other) {
        mass += other.mass, mass_square += other.mass_square, square += other.square, cube += other.cube;
    }
    /// What the paths are worth by their weights (Kish 1965).
    double effective() const { return mass_square > 0.0 ? mass * mass / mass_square : 0.0; }
    /// Skewness of the sum, where the numbers are small but for a few.
    double skewness() const { return square > 0.0 ? cube / std::pow(square, 1.5) : 0.0; }
};
inline constexpr double kFewestTerms = 50.0;  // worth fewer, they give no limits

}  // namespace volstorm

#pragma once
#include <optional>
#include <span>
#include <vector>

#include "bounded.h"
#include "volstorm/calibration/least_squares.h"

namespace volstorm {

/// The problem as the search sees it: weighted residuals as a function of the variables of the free parameters. Counts
/// evaluations, and keeps the best point.
class Objective {
 public:
    /// `from`: the values of all parameters at the start; those fixed keep them. `budget`: evaluations.
    Objective(const LeastSquaresProblem& problem, const LeastSquaresOptions& options, std::span<const double> from,
              std::size_t start, std::size_t budget);

    std::size_t free_count() const { return free_.size(); }
    const std::vector<std::size_t>& free_parameters() const { return free_; }
    /// The variables of the start, moved off the bounds by a share `off` of ranges or scales.
    std::vector<double> start(double off) const;
    /// Weighted residuals at y; false where the search must end (see ended()).
    bool residuals(std::span<const double> y, std::span<double> out);
    /// Column by column: of weighted residuals by y, for the search; of raw ones by x, by central differences.
    bool jacobian(std::span<const double> y, std::span<double> columns);
    void raw_jacobian(std::span<const double> y, std::span<double> columns) const;
    std::optional<FitStop> ended() const { return ended_; }

    std::size_t evaluations() const { return evaluations_; }
    double cost() const { return cost_; }
    const std::vector<double>& parameters() const { return parameters_; }
    const std::vector<double>& raw_residuals() const { return raw_; }

 private:
    bool may_evaluate(std::size_t count);
    std::vector<double> values(std::span<const double> y) const;
    std::vector<double> differences(std::span<const double> y, bool one_sided) const;
    const LeastSquaresProblem& problem_;
    const LeastSquaresOptions& options_;
    std::vector<Bounded> bounded_;  // by free parameter
    std::vector<std::size_t> free_;
    std::vector<double> from_;
    std::size_t start_, budget_, evaluations_ = 0;
    std::optional<FitStop> ended_;
    double cost_ = std::numeric_limits<double>::infinity();
    std::vector<double> parameters_, raw_;  // of the best point
};

}  // namespace volstorm

#include "require.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace volstorm {
namespace {

void require(bool holds, const std::string& what) {
    if (!holds) throw std::invalid_argument(what);
}

bool has_range(const FitParameter& p) {
    const double low = std::isnan(p.start_low) ? p.low : p.start_low;
    const double high = std::isnan(p.start_high) ? p.high : p.start_high;
    return std::isfinite(low) && std::isfinite(high) && low <= high && low >= p.low && high <= p.high;
}

void require_parameter(const FitParameter& p, std::size_t starts) {
    require(p.low < p.high, p.name + ": the lower bound is not below the upper one");
    require(std::isfinite(p.start) && p.start >= p.low && p.start <= p.high,
            p.name + ": the start is not a number within the bounds");
    require(std::isfinite(p.scale) && p.scale >= 0.0, p.name + ": the scale is negative or not finite");
    require(p.step > 0.0 && p.step < 0.1, p.name + ": the step of differences is outside (0, 0.1)");
    require(p.fixed || starts < 2 || has_range(p), p.name + ": further starts need a finite range within the bounds");
}

}  // namespace

void require_possible(const LeastSquaresProblem& problem, const LeastSquaresOptions& options) {
    for (const FitParameter& p : problem.parameters) require_parameter(p, options.starts);
    const auto free = std::ranges::count(problem.parameters, false, &FitParameter::fixed);
    require(problem.residuals > 0 && problem.residuals >= static_cast<std::size_t>(free),
            std::to_string(problem.residuals) + " residuals do not determine " + std::to_string(free) + " parameters");
    require(static_cast<bool>(problem.evaluate), "the problem has no function for its residuals");
    require(options.starts > 0, "a fit has at least one start");
    require(std::isfinite(options.loss_scale) && options.loss_scale > 0.0, "the loss scale is not above zero");
    require(options.tolerance > 0.0, "the tolerance is not above zero");
    require(!options.residual_variance || *options.residual_variance > 0.0, "the residual variance is not above zero");
    require(!options.residual_variance || options.loss == Loss::squares,
            "a given residual variance is for the loss of squares");
}

}  // namespace volstorm

#include "search.h"

#include <cmath>

// Of Eigen's two ports of MINPACK this is the plain one: dense, a step at a time, and a callback can end it. The other
// (LevenbergMarquardt) adds sparse Jacobians, which calibration has no use for.
#include <unsupported/Eigen/NonLinearOptimization>

namespace volstorm {
namespace {

constexpr double kOff = 1e-3;       // a start at a bound has no slope there
constexpr double kFirstStep = 1.0;  // at most that multiple of the start's scaled length

/// The objective with the members that Eigen calls.
struct Functor {
    Objective& objective;
    Eigen::Index residuals;
    int operator()(const Eigen::VectorXd& y, Eigen::VectorXd& out) const {
        return objective.residuals({y.data(), static_cast<std::size_t>(y.size())},
                                   {out.data(), static_cast<std::size_t>(out.size())})
                   ? 0
                   : -1;
    }
    int df(const Eigen::VectorXd& y, Eigen::MatrixXd& columns) const {
        return objective.jacobian({y.data(), static_cast<std::size_t>(y.size())},
                                  {columns.data(), static_cast<std::size_t>(columns.size())})
                   ? 0
                   : -1;
    }
    Eigen::Index values() const { return residuals; }
};

using Minimizer = Eigen::LevenbergMarquardt<Functor>;
namespace space = Eigen::LevenbergMarquardtSpace;

FitStop reason(space::Status status, const Objective& objective) {
    if (objective.ended()) return *objective.ended();
    const bool exhausted = status == space::FtolTooSmall || status == space::XtolTooSmall ||
                           status == space::GtolTooSmall || status == space::TooManyFunctionEvaluation;
    return exhausted ? FitStop::no_progress : FitStop::converged;
}

void configure(Minimizer& minimizer, double tolerance) {
    minimizer.parameters.factor = kFirstStep;
    minimizer.parameters.ftol = tolerance;
    minimizer.parameters.xtol = tolerance;
    minimizer.parameters.maxfev = std::numeric_limits<Eigen::Index>::max();  // the objective counts
}

}  // namespace

SearchEnd search(Objective& objective, std::size_t residuals, double tolerance) {
    const std::vector<double> start = objective.start(kOff);
    Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(start.data(), static_cast<Eigen::Index>(start.size()));
    Functor functor{objective, static_cast<Eigen::Index>(residuals)};
    Minimizer minimizer(functor);
    configure(minimizer, tolerance);
    space::Status status = minimizer.minimizeInit(y);
    if (objective.ended()) return {*objective.ended(), 0};
    if (!std::isfinite(objective.cost())) return {FitStop::not_finite_at_start, 0};
    do status = minimizer.minimizeOneStep(y);
    while (status == space::Running);
    return {reason(status, objective), static_cast<std::size_t>(minimizer.iter)};
}

}  // namespace volstorm

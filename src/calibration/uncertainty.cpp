#include "uncertainty.h"

#include <Eigen/SVD>
#include <cmath>

#include "loss.h"
#include "objective.h"

namespace volstorm {
namespace {

constexpr double kWorstCondition = 1e9;  // beyond it the differences of the Jacobian are noise
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The problem with the parameters at a bound held there.
LeastSquaresProblem held_at_bounds(const LeastSquaresProblem& problem, const Fit& fit) {
    LeastSquaresProblem result = problem;
    for (std::size_t i = 0; i < fit.at_bound.size(); ++i) {
        if (fit.at_bound[i] != AtBound::no) result.parameters[i].fixed = true;
    }
    return result;
}

/// What stands before (J'J)^-1: see Fit.
double variance_factor(const LeastSquaresOptions& options, std::span<const double> residuals, std::size_t parameters) {
    if (options.residual_variance) return *options.residual_variance;
    if (residuals.size() == parameters) return kNaN;
    const auto n = static_cast<double>(residuals.size()), p = static_cast<double>(parameters);
    double squares = 0.0, slopes = 0.0, slope_squares = 0.0;
    for (const double r : residuals) {
        const Influence psi = influence(options.loss, options.loss_scale, r);
        squares += psi.value * psi.value;
        slopes += psi.slope / n;
        slope_squares += psi.slope * psi.slope / n;
    }
    if (slopes == 0.0) return kNaN;
    const double k = 1.0 + p / n * (slope_squares - slopes * slopes) / (slopes * slopes);
    return k * k * squares / (n - p) / (slopes * slopes);
}

void fill_covariance(const Eigen::MatrixXd& covariance, std::span<const std::size_t> free, Fit& fit) {
    for (std::size_t i = 0; i < free.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        fit.standard_errors[free[i]] = std::sqrt(covariance(row, row));
        for (std::size_t j = 0; j < free.size(); ++j) {
            const auto column = static_cast<Eigen::Index>(j);
            fit.covariance[free[i]][free[j]] = covariance(row, column);
            fit.correlation[free[i]][free[j]] =
                i == j ? 1.0 : covariance(row, column) / std::sqrt(covariance(row, row) * covariance(column, column));
        }
    }
}

void decompose(Eigen::MatrixXd jacobian, std::span<const std::size_t> free, Fit& fit) {
    Eigen::VectorXd length = jacobian.colwise().stableNorm();
    length = (length.array() > 0.0).select(length, 1.0);
    jacobian.array().rowwise() /= length.transpose().array();
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(jacobian, Eigen::ComputeThinV);
    const Eigen::VectorXd& s = svd.singularValues();
    fit.singular_values.assign(s.data(), s.data() + s.size());
    const double least = s.tail(1)(0);
    fit.condition_number = least > 0.0 ? s(0) / least : std::numeric_limits<double>::infinity();
    fit.weakest_direction.assign(fit.parameters.size(), 0.0);
    for (std::size_t j = 0; j < free.size(); ++j) {
        fit.weakest_direction[free[j]] = svd.matrixV()(static_cast<Eigen::Index>(j), s.size() - 1);
    }
    if (!(fit.condition_number < kWorstCondition)) return;
    const Eigen::MatrixXd root =
        length.cwiseInverse().asDiagonal() * svd.matrixV() * s.cwiseInverse().asDiagonal().toDenseMatrix();
    fill_covariance(fit.residual_variance * root * root.transpose(), free, fit);
}

}  // namespace

void no_uncertainty(Fit& fit) {
    const std::size_t n = fit.parameters.size();
    fit.standard_errors.assign(n, kNaN);
    fit.covariance.assign(n, std::vector<double>(n, kNaN));
    fit.correlation = fit.covariance;
}

void add_uncertainty(const LeastSquaresProblem& problem, const LeastSquaresOptions& options, Fit& fit) {
    const LeastSquaresProblem held = held_at_bounds(problem, fit);
    const Objective objective(held, options, fit.parameters, 0, 0);
    const std::vector<double> y = objective.start(0.0);
    fit.residual_variance = variance_factor(options, fit.residuals, y.size());
    if (y.empty()) return;
    Eigen::MatrixXd jacobian(static_cast<Eigen::Index>(problem.residuals), static_cast<Eigen::Index>(y.size()));
    objective.raw_jacobian(y, {jacobian.data(), static_cast<std::size_t>(jacobian.size())});
    fit.evaluations += 2 * y.size();
    if (jacobian.allFinite()) decompose(jacobian, objective.free_parameters(), fit);
}

}  // namespace volstorm

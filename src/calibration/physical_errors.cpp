#include "physical_errors.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "loss.h"

namespace volstorm {
namespace {

// Slopes of the residuals by the variables `free`, by central differences.
Eigen::MatrixXd slopes(const PhysicalTargets& targets, const Fit& fit, const std::vector<std::size_t>& free,
                       Executor& executor) {
    const std::size_t height = targets.residuals();
    std::vector<double> points, residuals(2 * free.size() * height);
    for (const std::size_t i : free) {
        for (const double side : {1.0, -1.0}) {
            std::vector<double> x = fit.parameters;
            x[i] += side * kVariableStep;
            points.insert(points.end(), x.begin(), x.end());
        }
    }
    targets.evaluate_each(2 * free.size(), points, residuals, executor);
    const Eigen::Map<const Eigen::MatrixXd> columns(residuals.data(), static_cast<Eigen::Index>(height),
                                                    static_cast<Eigen::Index>(2 * free.size()));
    Eigen::MatrixXd result(columns.rows(), columns.cols() / 2);
    for (Eigen::Index j = 0; j < result.cols(); ++j)
        result.col(j) = (columns.col(2 * j) - columns.col(2 * j + 1)) / (2.0 * kVariableStep);
    return result;
}

// By how much a replication's statistics lie off the market's, in half-widths; 0 where it has none.
Eigen::VectorXd replication(const PhysicalTargets& targets, const Bootstrap& market, std::size_t number) {
    Eigen::VectorXd off = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(targets.residuals()));
    for (std::size_t i = 0; i < targets.statistics().size(); ++i) {
        const PhysicalTarget& t = targets.statistics()[i];
        const auto r = static_cast<std::size_t>(t.regime);
        const double value = market.replications[t.statistic][r][number] - market.bars.bars[t.statistic][r].value;
        if (!std::isnan(value)) off(static_cast<Eigen::Index>(i)) = value / t.half_width;
    }
    return off;
}

// How much each residual still weighs: the slope of soft L1's influence.
Eigen::VectorXd weights(const Fit& fit) {
    Eigen::VectorXd w(static_cast<Eigen::Index>(fit.residuals.size()));
    for (std::size_t i = 0; i < fit.residuals.size(); ++i)
        w(static_cast<Eigen::Index>(i)) = influence(Loss::soft_l1, 1.0, fit.residuals[i]).slope;
    return w;
}

// Slopes of the parameters, row by row, by the variables `free`.
Eigen::MatrixXd parameter_slopes(const PhysicalTargets& targets, const Fit& fit, const std::vector<std::size_t>& free) {
    constexpr double kStep = 1e-5;
    const auto& variables = targets.variables();
    Eigen::MatrixXd result(static_cast<Eigen::Index>(variables.size()), static_cast<Eigen::Index>(free.size()));
    for (std::size_t j = 0; j < free.size(); ++j) {
        std::vector<double> x = fit.parameters;
        x[free[j]] += kStep;
        const ModelInput above = targets.at(x).model;
        x[free[j]] -= 2.0 * kStep;
        const ModelInput below = targets.at(x).model;
        for (std::size_t i = 0; i < variables.size(); ++i)
            result(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
                (variables[i].value(above) - variables[i].value(below)) / (2.0 * kStep);
    }
    return result;
}

}  // namespace

std::vector<double> parameter_errors(const PhysicalTargets& targets, const Bootstrap& market, const Fit& fit,
                                     Executor& executor) {
    std::vector<double> errors(fit.parameters.size(), std::numeric_limits<double>::quiet_NaN());
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
        if (fit.at_bound[i] == AtBound::no) free.push_back(i);
    }
    if (free.empty()) return errors;
    const Eigen::MatrixXd j = slopes(targets, fit, free, executor),
                          to_parameters = parameter_slopes(targets, fit, free);
    const Eigen::MatrixXd weighted = weights(fit).asDiagonal() * j;
    const Eigen::LDLT<Eigen::MatrixXd> normal(j.transpose() * weighted);
    const std::size_t count = market.replications[0][0].size();
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(to_parameters.rows()), squares = sum;
    for (std::size_t k = 0; k < count; ++k) {
        const Eigen::VectorXd moved =
            to_parameters * normal.solve(weighted.transpose() * replication(targets, market, k));
        sum += moved;
        squares += moved.cwiseAbs2();
    }
    const auto n = static_cast<double>(count);
    // The pull to the start is one more observation of each variable, with a standard error of its own: where sessions
    // tell little, it is what the parameter rests on.
    const auto pulls = static_cast<Eigen::Index>(fit.parameters.size());
    const Eigen::MatrixXd by_pull = to_parameters * normal.solve(weighted.bottomRows(pulls).transpose());
    const Eigen::VectorXd variance = squares / n - (sum / n).cwiseAbs2() + by_pull.cwiseAbs2().rowwise().sum();
    for (const std::size_t i : free) errors[i] = std::sqrt(std::max(0.0, variance(static_cast<Eigen::Index>(i))));
    return errors;
}

}  // namespace volstorm

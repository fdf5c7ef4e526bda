#include "volstorm/calibration/least_squares.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "bounded.h"
#include "objective.h"
#include "require.h"
#include "search.h"
#include "starts.h"
#include "uncertainty.h"

namespace volstorm {
namespace {

constexpr double kNear = 0.01;       // of the range or scale: from there a parameter is tried at its bound
constexpr double kRounding = 1e-12;  // of the cost: what a move to a bound may cost

/// A fit without its uncertainties, from one point.
Fit fit_from(const LeastSquaresProblem& problem, const LeastSquaresOptions& options, std::span<const double> from,
             std::size_t start, std::size_t budget) {
    Objective objective(problem, options, from, start, budget);
    SearchEnd end{FitStop::nothing_free, 0};
    if (objective.free_count() > 0)
        end = search(objective, problem.residuals, options.tolerance);
    else if (std::vector<double> out(problem.residuals); !objective.residuals({}, out))
        end.stop = *objective.ended();
    Fit fit;
    fit.parameters = objective.parameters();
    fit.residuals = objective.raw_residuals();
    fit.cost = objective.cost();
    fit.iterations = end.iterations;
    fit.evaluations = objective.evaluations();
    fit.stop = end.stop;
    return fit;
}

double bound(const FitParameter& p, AtBound side) { return side == AtBound::low ? p.low : p.high; }

/// The free parameters near a bound.
std::vector<std::size_t> near_bounds(const LeastSquaresProblem& problem, const Fit& fit) {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
        const Bounded bounded(problem.parameters[i]);
        if (!problem.parameters[i].fixed && bounded.distance(fit.parameters[i]) < kNear) result.push_back(i);
    }
    return result;
}

/// The fit with some parameters put on their nearest bound and the others fitted again.
Fit at_bounds(LeastSquaresProblem problem, const LeastSquaresOptions& options, const Fit& fit,
              std::span<const std::size_t> held) {
    std::vector<double> from = fit.parameters;
    for (const std::size_t i : held) {
        FitParameter& p = problem.parameters[i];
        from[i] = bound(p, Bounded(p).nearest(from[i]));
        p.fixed = true;
    }
    const std::size_t spent = std::min(fit.evaluations, options.evaluations);
    return fit_from(problem, options, from, fit.starts.empty() ? 0 : fit.starts.size() - 1,
                    options.evaluations - spent);
}

/// Takes over a fit at a bound unless it costs more.
bool accept(Fit& fit, const Fit& other) {
    fit.evaluations += other.evaluations;
    fit.iterations += other.iterations;
    if (other.stop == FitStop::stopped) fit.stop = FitStop::stopped;
    if (!(other.cost <= fit.cost * (1.0 + kRounding))) return false;
    fit.parameters = other.parameters;
    fit.residuals = other.residuals;
    fit.cost = other.cost;
    return true;
}

/// All that are near a bound at once; else one after another, those accepted staying there.
void press_to_bounds(const LeastSquaresProblem& problem, const LeastSquaresOptions& options, Fit& fit) {
    const std::vector<std::size_t> near = near_bounds(problem, fit);
    if (near.empty() || accept(fit, at_bounds(problem, options, fit, near)) || near.size() == 1) return;
    std::vector<std::size_t> held;
    for (const std::size_t i : near) {
        if (fit.stop == FitStop::stopped) return;
        held.push_back(i);
        if (!accept(fit, at_bounds(problem, options, fit, held))) held.pop_back();
    }
}

void note_bounds(const LeastSquaresProblem& problem, Fit& fit) {
    fit.at_bound.assign(fit.parameters.size(), AtBound::no);
    for (const std::size_t i : near_bounds(problem, fit)) {
        const Bounded bounded(problem.parameters[i]);
        const double x = fit.parameters[i];
        if (bounded.distance(x) <= kAtBound) fit.at_bound[i] = bounded.nearest(x);
    }
}

/// The problem with one parameter fixed; throws where a value of the grid is outside its bounds.
LeastSquaresProblem with_fixed(LeastSquaresProblem problem, std::size_t parameter, std::span<const double> grid) {
    FitParameter& p = problem.parameters.at(parameter);
    p.fixed = true;
    for (const double value : grid) {
        if (value >= p.low && value <= p.high) continue;
        throw std::invalid_argument(p.name + ": " + std::to_string(value) + " is outside the bounds");
    }
    return problem;
}

/// The places of the grid, the nearest to `centre` first.
std::vector<std::size_t> outwards(std::span<const double> grid, double centre) {
    std::vector<std::size_t> order(grid.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return std::abs(grid[i] - centre); });
    return order;
}

/// The best of all starts.
Fit best_of(const LeastSquaresProblem& problem, const LeastSquaresOptions& options) {
    Fit best;
    std::size_t evaluations = 0, iterations = 0;
    std::vector<StartResult> starts;
    for (const std::vector<double>& from : starting_points(problem, options)) {
        const std::size_t left = options.evaluations - std::min(evaluations, options.evaluations);
        Fit fit = fit_from(problem, options, from, starts.size(), left / (options.starts - starts.size()));
        evaluations += fit.evaluations;
        iterations += fit.iterations;
        starts.push_back({from, fit.parameters, fit.cost, fit.stop});
        const bool stopped = fit.stop == FitStop::stopped;
        if (starts.size() == 1 || fit.cost < best.cost) best = std::move(fit);
        if (stopped) best.stop = FitStop::stopped;
        if (stopped) break;
    }
    best.evaluations = evaluations;
    best.iterations = iterations;
    best.starts = std::move(starts);
    return best;
}

}  // namespace

std::string_view to_string(FitStop stop) {
    switch (stop) {
        case FitStop::converged:
            return "the cost or the parameters no longer change";
        case FitStop::no_progress:
            return "no step makes the cost smaller, within the precision of numbers";
        case FitStop::budget:
            return "the evaluations are used up";
        case FitStop::stopped:
            return "the caller stopped the search";
        case FitStop::not_finite_at_start:
            return "the residuals at the start are not finite";
        case FitStop::not_finite:
            return "the residuals are not finite around the best point";
        default:
            return "no parameter is free";
    }
}

Fit least_squares(const LeastSquaresProblem& problem, const LeastSquaresOptions& options) {
    require_possible(problem, options);
    Fit fit = best_of(problem, options);
    if (std::isfinite(fit.cost) && fit.stop != FitStop::stopped) press_to_bounds(problem, options, fit);
    note_bounds(problem, fit);
    no_uncertainty(fit);
    if (std::isfinite(fit.cost) && fit.stop != FitStop::stopped) add_uncertainty(problem, options, fit);
    return fit;
}

std::vector<ProfilePoint> profile(const LeastSquaresProblem& problem, const Fit& fit, std::size_t parameter,
                                  std::span<const double> grid, const LeastSquaresOptions& options) {
    const LeastSquaresProblem held = with_fixed(problem, parameter, grid);
    LeastSquaresOptions once = options;
    once.starts = 1;
    require_possible(held, once);
    std::vector<double> below = fit.parameters, above = fit.parameters;
    std::vector<ProfilePoint> result(grid.size());
    const double centre = fit.parameters.at(parameter);
    for (const std::size_t i : outwards(grid, centre)) {
        std::vector<double>& neighbour = grid[i] < centre ? below : above;
        neighbour[parameter] = grid[i];
        Fit point = fit_from(held, once, neighbour, 0, once.evaluations);
        if (std::isfinite(point.cost)) press_to_bounds(held, once, point);
        neighbour = point.parameters;
        result[i] = {grid[i], point.cost, point.parameters, point.stop};
    }
    return result;
}

}  // namespace volstorm

#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Nonlinear least squares within bounds, what the result is worth, and which parameters the data do not determine.
namespace volstorm {

/// One parameter, in its own unit. Bounds are kept by a transformation (James, Roos 1975): between two bounds the
/// search moves an angle y with x = middle + half the range times sin y; on one side of a bound x = bound +- scale
/// (sqrt(1 + y^2) - 1); without bounds x = start + scale (y - 1). Every point that is evaluated lies within the bounds.
struct FitParameter {
    std::string name;    // for messages
    double start = 0.0;  // within the bounds; moved off a bound by 0.1 % of the range or scale, where y has no slope
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    double scale = 0.0;  // typical size where there are not two bounds; 0: |start|, or 1 where that is 0
    double step = 6e-6;  // of differences, in y: larger where the residuals are noisy
    bool fixed = false;  // stays at start
    double start_low = std::numeric_limits<double>::quiet_NaN();  // where further starts lie; NaN: the bounds
    double start_high = std::numeric_limits<double>::quiet_NaN();
};

/// Fills the residuals at a set of parameters: model less data, each divided by its error where that is known. Where
/// they cannot be computed, NaN: the search turns back.
using Residuals = std::function<void(std::span<const double> parameters, std::span<double> residuals)>;

/// The same for `count` sets one after another; the residuals of each follow those of the one before. For callers that
/// share out the columns of the Jacobian, two sets for each free parameter, among threads.
using ResidualBatch =
    std::function<void(std::size_t count, std::span<const double> parameters, std::span<double> residuals)>;

struct LeastSquaresProblem {
    std::vector<FitParameter> parameters;
    std::size_t residuals = 0;  // how many; not fewer than free parameters
    Residuals evaluate;
    ResidualBatch batch;  // may be empty
};

/// What a residual r costs, with z = (r / s)^2 and s the loss scale: r^2; Huber (1964): r^2 up to |r| = s, beyond it
/// s^2 (2 sqrt(z) - 1); soft L1: 2 s^2 (sqrt(1 + z) - 1). Far residuals cost in proportion to |r|, so that an outlier
/// pulls no more than one at s. The search weights each residual by sqrt(cost / r^2): the sum of squares is the cost.
enum class Loss { squares, huber, soft_l1 };

struct FitProgress {
    std::size_t start = 0;        // from 0; the number of starts while parameters are tried at their bounds
    std::size_t evaluations = 0;  // of this start
    double cost = 0.0;            // the least of this start so far
};

struct LeastSquaresOptions {
    Loss loss = Loss::squares;
    double loss_scale = 1.0;           // s, unit of the residuals
    std::size_t starts = 1;            // the first at `start`, the others on a Latin hypercube (McKay and others 1979)
    std::uint64_t seed = 1;            // of the hypercube: a pure function of (seed, number of starts, parameter)
    std::size_t evaluations = 10'000;  // sets of parameters, all starts together, each with an equal share of what is
                                       // left; the uncertainties take two more for each free parameter
    double tolerance = 1e-10;          // relative, of the cost and of y
    bool one_sided = false;            // differences of the search: half the evaluations, where its last digits do not
                                       // matter. Uncertainties come from central ones in any case
    std::optional<double> residual_variance = {};       // if known; else estimated. Only for Loss::squares
    std::function<bool(const FitProgress&)> stop = {};  // asked before each evaluation; true ends the search
};

/// Why a search ended; to_string() says it in words.
enum class FitStop { converged, no_progress, budget, stopped, not_finite_at_start, not_finite, nothing_free };

std::string_view to_string(FitStop stop);

/// Does a parameter stand at a bound, as near as kAtBound of the range between two bounds, or of the scale?
enum class AtBound { no, low, high };
inline constexpr double kAtBound = 1e-6;

/// What one start led to.
struct StartResult {
    std::vector<double> start, parameters;
    double cost = std::numeric_limits<double>::infinity();
    FitStop stop = FitStop::not_finite_at_start;
};

/// Square and symmetric, by parameter.
using FitMatrix = std::vector<std::vector<double>>;

struct Fit {
    std::vector<double> parameters, residuals;              // residuals as they were given, before the loss
    double cost = std::numeric_limits<double>::infinity();  // sum over the residuals; unit of their squares
    std::size_t iterations = 0, evaluations = 0;            // of all starts
    FitStop stop = FitStop::not_finite_at_start;            // of the best start
    std::vector<AtBound> at_bound;
    std::vector<StartResult> starts;

    // By the linearised model at the end; NaN for parameters that are fixed or at a bound (which are taken as known),
    // for all where the condition number is above 1e9 (they cannot be told apart), where no degree of freedom is left,
    // and where the caller stopped. The covariance is variance (J'J)^-1. For a robust loss it is Huber's (1981, section
    // 7.6): K^2 [sum psi^2 / (n - p)] / (mean psi')^2 (J'J)^-1, with psi half the slope of the loss and K = 1 + (p / n)
    // var psi' / (mean psi')^2; right where all residuals have the same law, symmetric around zero.
    double residual_variance = std::numeric_limits<double>::quiet_NaN();  // given, or cost / (residuals - free ones);
                                                                          // robust: all that stands before (J'J)^-1
    std::vector<double> standard_errors;
    FitMatrix covariance, correlation;

    // Of the Jacobian of the free parameters with columns of length 1, so that units play no part (Belsley, Kuh, Welsch
    // 1980: from a condition number of 30 parameters stand in for each other). The largest comes first.
    std::vector<double> singular_values;
    double condition_number = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> weakest_direction;  // by parameter, length 1 in those columns' units: what is determined least
};

/// Levenberg-Marquardt from each start (More 1978), by Eigen's port of MINPACK; then parameters near a bound are put on
/// it where the cost is no larger with the others fitted again. Throws std::invalid_argument for a problem that
/// cannot be: bounds that cross, a start outside, fewer residuals than free parameters, further starts without a range.
/// What the callbacks throw passes through. Deterministic if they are.
Fit least_squares(const LeastSquaresProblem& problem, const LeastSquaresOptions& options = {});

/// One point of a profile: the least cost with one parameter held at `value`.
struct ProfilePoint {
    double value = 0.0, cost = 0.0;
    std::vector<double> parameters;
    FitStop stop = FitStop::converged;
};

/// The cost along a parameter, the others fitted again at each value of the grid, from the fit outwards so that each
/// starts at its neighbour's. In the order of the grid. With least squares of variance s^2, a rise of the cost by
/// 3.84 s^2 bounds a 95 % interval. Throws as above, and for a value outside the bounds.
std::vector<ProfilePoint> profile(const LeastSquaresProblem& problem, const Fit& fit, std::size_t parameter,
                                  std::span<const double> grid, const LeastSquaresOptions& options = {});

}  // namespace volstorm

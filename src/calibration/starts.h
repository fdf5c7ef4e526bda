#pragma once
#include "volstorm/calibration/least_squares.h"

namespace volstorm {

/// The values of all parameters at every start: first the given ones, then a Latin hypercube of the others.
std::vector<std::vector<double>> starting_points(const LeastSquaresProblem& problem,
                                                 const LeastSquaresOptions& options);

}  // namespace volstorm

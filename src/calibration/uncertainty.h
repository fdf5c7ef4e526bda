#pragma once
#include "volstorm/calibration/least_squares.h"

namespace volstorm {

/// Fills what the fit says of uncertainties; `free` are the parameters that are neither fixed nor at a bound.
void add_uncertainty(const LeastSquaresProblem& problem, const LeastSquaresOptions& options, Fit& fit);

/// All NaN, in the right sizes.
void no_uncertainty(Fit& fit);

}  // namespace volstorm

#pragma once
#include "volstorm/calibration/least_squares.h"

namespace volstorm {

/// Throws std::invalid_argument for a problem or options that cannot be.
void require_possible(const LeastSquaresProblem& problem, const LeastSquaresOptions& options);

}  // namespace volstorm

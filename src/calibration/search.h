#pragma once
#include "objective.h"

namespace volstorm {

struct SearchEnd {
    FitStop stop;
    std::size_t iterations;
};

/// Levenberg-Marquardt from the objective's start; the objective keeps the best point.
SearchEnd search(Objective& objective, std::size_t residuals, double tolerance);

}  // namespace volstorm

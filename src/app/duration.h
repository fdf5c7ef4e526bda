#pragma once
#include <cstddef>
#include <string>

#include "volstorm/engine/scenario.h"

namespace volstorm {

/// What the time of a path follows from.
struct RunSize {
    double steps = 0.0, layers = 0.0;
    bool in_strata = false;
};

RunSize run_size(const Scenario& scenario);

/// What so many paths take, roughly, with their statistics, seconds: for the estimate of an absurd request only.
double seconds_for(const RunSize& size, double paths, std::size_t threads);

/// `3 minutes`, `11 days`.
std::string duration_text(double seconds);

}  // namespace volstorm

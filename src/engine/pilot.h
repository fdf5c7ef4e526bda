#pragma once
#include <vector>

#include "volstorm/engine/experiment.h"

namespace volstorm {

/// A short simulation with another seed, before the run: where paths go, and how good marks are there.
struct Pilot {
    StateBox box;                        // holds every state that the pilot saw, with room
    std::vector<double> root_v, m, spx;  // at the horizon, of every path
    std::vector<VarianceState> sample;   // some of them, for the error of marks
    std::vector<double> sample_spx;

    SpxStateSpan visited() const { return {{root_v, m}, spx}; }
};
Pilot run_pilot(const Experiment& experiment);

/// Measures the risk-neutral drift of each layer's mark to the horizon (share of its price) and stores it; warns where
/// an option's goes beyond 1 %, told from noise or not. Also the beta of its future to VIX.
void measure_drifts(Experiment& experiment);

}  // namespace volstorm

#pragma once
#include <vector>

#include "volstorm/engine/experiment.h"

namespace volstorm {

/// Where paths are at the horizon.
struct Arrivals {
    std::vector<double> root_v, m, spx;
    SpxStateSpan span() const { return {{root_v, m}, spx}; }
};

/// A short simulation with another seed, before the run: where paths go, and how good marks are there.
struct Pilot {
    StateBox box;                       // holds every state of paths like the run's, with room, and all of `priced`
    Arrivals arrivals;                  // of paths drawn plainly, and of some in strata
    Arrivals priced;                    // of paths of the model under the pricing measure, always the same; with layers
    std::vector<VarianceState> sample;  // some arrivals, plain ones and those in strata, for the error of marks
    std::vector<double> sample_spx;

    void take_some(std::span<const VarianceState> states, std::span<const double> spx_there);
};
Pilot run_pilot(const Experiment& experiment);

/// Measures the risk-neutral drift of each layer's mark to the horizon (share of its price) over the pilot's paths
/// under the pricing measure and stores it; warns where an option's goes beyond 1 %, told from noise or not. Also the
/// beta of its future to VIX.
void measure_drifts(Experiment& experiment, const Pilot& pilot);

}  // namespace volstorm

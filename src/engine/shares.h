#pragma once
#include <vector>

#include "volstorm/engine/experiment.h"
#include "volstorm/engine/strata.h"

namespace volstorm {

/// The strata of the experiment's plan with their shares of the paths, from a pilot with another seed that has as many
/// paths in each, about as many as the run together: half in proportion to the probability, half where the expected
/// shortfalls at 99 and 99.9 % of the unhedged and of the whole book vary (Neyman 1934) and where figures of most days
/// do that would otherwise be told worse than by plain sampling. The experiment must be ready to run.
std::vector<Stratum> strata_with_shares(Experiment& experiment, const SampleLayout& layout);

}  // namespace volstorm

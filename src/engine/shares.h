#pragma once
#include <vector>

#include "volstorm/engine/experiment.h"
#include "volstorm/engine/strata.h"

namespace volstorm {

/// The strata of the experiment's plan with their shares of the paths, from a pilot with another seed that has as many
/// paths in each: most in proportion to the probability, so that nothing reported is told much worse than by plain
/// sampling; the rest where the expected shortfalls at 99 and 99.9 % of the unhedged and of the whole book vary
/// (Neyman 1934). The experiment must be ready to run.
std::vector<Stratum> strata_with_shares(Experiment& experiment, std::uint32_t slots);

}  // namespace volstorm

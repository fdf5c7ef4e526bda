#pragma once
#include <vector>

#include "physical_targets.h"

namespace volstorm {

/// Standard errors of the variables at a fit: the deviation of what each replication of the market's bootstrap would
/// have moved them by, to first order, the others' noise and the ties between statistics included (the sandwich of
/// Gourieroux, Monfort 1996). That of the simulation, with thirty times as many sessions, is left out. NaN for those at
/// a bound.
std::vector<double> variable_errors(const PhysicalTargets& targets, const Bootstrap& market, const Fit& fit,
                                    Executor& executor);

}  // namespace volstorm

#pragma once
#include <vector>

#include "physical_targets.h"

namespace volstorm {

/// Standard errors of the parameters at a fit: the deviation of what each replication of the market's bootstrap would
/// have moved them by, to first order, the ties between statistics included (the sandwich of Gourieroux, Monfort 1996).
/// That of the simulation, with many times as many sessions, is left out. NaN for those at a bound.
std::vector<double> parameter_errors(const PhysicalTargets& targets, const Bootstrap& market, const Fit& fit,
                                     Executor& executor);

}  // namespace volstorm

#pragma once
#include <span>

#include "volstorm/engine/executor.h"
#include "volstorm/engine/experiment.h"
#include "volstorm/io/h5.h"
#include "volstorm/risk/summary.h"

namespace volstorm {

/// Simulates the worst paths once more and writes under /worst what /paths would hold of them, the worst first.
void write_worst(const Experiment& experiment, std::span<const RankedPath> worst, Executor& executor, h5::File& file);

}  // namespace volstorm

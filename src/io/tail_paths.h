#pragma once
#include <span>

#include "volstorm/engine/executor.h"
#include "volstorm/engine/experiment.h"
#include "volstorm/io/h5.h"
#include "volstorm/risk/summary.h"

namespace volstorm {

/// Simulates the worst paths once more and writes them whole under /tail: state, VIX, marks and positions by step.
void write_tail(const Experiment& experiment, std::span<const RankedPath> worst, Executor& executor, h5::File& file);

}  // namespace volstorm

#pragma once
#include <span>

#include "volstorm/engine/executor.h"
#include "volstorm/engine/experiment.h"
#include "volstorm/io/h5.h"
#include "volstorm/risk/summary.h"

namespace volstorm {

/// Writes the worst paths under /tail: their P&L, and, if they are to be `whole`, what they went through by step: they
/// are simulated once more for their state, VIX, marks and positions.
void write_tail(const Experiment& experiment, std::span<const RankedPath> worst, bool whole, Executor& executor,
                h5::File& file);

}  // namespace volstorm

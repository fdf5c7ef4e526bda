#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "volstorm/risk/book.h"

namespace volstorm {

/// Simulates all paths of an experiment, counts them in `statistics` and hands each piece to `use`, in order.
void simulate_book(const Experiment& experiment, Executor& executor, BookStatistics& statistics,
                   const std::function<void(const PathColumns&)>& use);

/// The P&L of a run that is kept nowhere: whoever reads a piece simulates it again. `experiment` must outlive it.
std::unique_ptr<const PnlSource> simulated_pnl(const Experiment& experiment);

/// How often run_book simulates each path, where each draws so many sessions of history: once where the P&L of the run
/// fits into memory, else once a pass.
double simulations_of(const Scenario& scenario, std::size_t draws);

/// Simulates all paths of an experiment and gives the figures that `run` stores, without a file: where the P&L is too
/// large for memory, its paths are simulated again for each pass. `progress` (optional) is told the paths done.
BookRisk run_book(const Experiment& experiment, Executor& executor,
                  const std::function<void(std::uint64_t)>& progress = {});

}  // namespace volstorm

#pragma once
#include <span>
#include <vector>

#include "volstorm/risk/pnl_statistics.h"

namespace volstorm {

/// Where the paths draw sessions of history, gives the figures the intervals that hold were other sessions drawn; what
/// has none of them loses its limits. `upper`, by book: counts of the upper halves of the P&L.
void set_session_intervals(PnlFigures& figures, const PnlSource& source, std::span<const CellCounts> upper,
                           std::span<const double> levels, Executor& executor);

}  // namespace volstorm

#pragma once
#include <cstdint>
#include <vector>

#include "volstorm/risk/column.h"

namespace volstorm {

struct RankedPath {
    std::uint64_t path;
    float pnl;  // dollars
};

/// The `count` paths with the lowest P&L, the worst first; of equal ones the lower path number comes first. All paths,
/// sorted, where there are fewer. One pass; memory only for the paths kept.
std::vector<RankedPath> worst_paths(const Column& pnl, std::uint64_t count = 1000);

/// Where a value stands in a column: the shares of the entries below it, equal to it, and above it.
struct Standing {
    double below, at, above;
};

/// The value is compared in double precision, as given. Throws std::invalid_argument for an empty column or a value
/// that is not a number.
Standing standing(const Column& column, double value);

}  // namespace volstorm

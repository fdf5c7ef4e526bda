#pragma once
#include <span>
#include <vector>

#include "volstorm/risk/column.h"
#include "volstorm/risk/estimate.h"
#include "volstorm/risk/tail.h"

namespace volstorm {

struct ShortfallDifference {
    double level;
    Estimate value;  // dollars: below zero where the first column has the smaller tail
};

/// The first column less the second, path by path: what the paths have in common cancels, so the intervals are far
/// narrower than those of two separate runs.
struct PairedDifference {
    Estimate mean;  // P&L, dollars: above zero where the first column earns more
    std::vector<ShortfallDifference> expected_shortfall;
};

/// Two passes over each column of P&L and one over both; the columns hold the same paths in the same order. The error
/// of the shortfall's difference is that of the difference of the influence functions.
PairedDifference paired_difference(const Column& pnl, const Column& reference,
                                   std::span<const double> levels = kTailLevels);

}  // namespace volstorm

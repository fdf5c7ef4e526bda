#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "volstorm/risk/estimate.h"
#include "volstorm/risk/tail.h"

namespace volstorm {

/// Dollars of loss. Limits are infinite where the sample is too small for the level: fewer than about four paths
/// expected beyond it.
struct Tail {
    double level;
    Estimate value_at_risk;
    Estimate expected_shortfall;
    bool atom;  // the whole tail is the worst loss (a capped loss): ES = VaR = worst, and the interval is a point
    double plain_paths = kUnknown;  // in strata: as many independent paths would leave the shortfall as uncertain
};

/// What is said of the P&L of one book on a group of paths. All intervals are 95 %, for paths of equal weight.
struct Summary {
    std::uint64_t n = 0;
    Estimate mean;                   // P&L, dollars: the trader's expectancy, win_share mean_win + p_loss mean_loss
    Estimate sd;                     // of the P&L, dollars
    Estimate p_loss, win_share;      // shares of the paths that lose, that win; the rest end at exactly zero
    Estimate mean_win, mean_loss;    // P&L of the winning, of the losing paths (negative), dollars; NaN where none
    double best = 0.0, worst = 0.0;  // best P&L; worst loss (positive when money is lost), dollars
    Estimate atom_share;             // share of the paths at exactly the worst loss
    std::vector<Tail> tails;         // by level, in the order asked for
};

struct ShortfallDifference {
    double level;
    Estimate value;  // dollars: below zero where the first book has the smaller tail
};

/// One book less another, path by path: what the paths have in common cancels, so the intervals are far narrower than
/// those of two separate runs. The error of the shortfall's difference is that of the difference of the influence
/// functions.
struct PairedDifference {
    Estimate mean;  // P&L, dollars: above zero where the first book earns more
    std::vector<ShortfallDifference> expected_shortfall;
};

inline constexpr std::size_t kWorstPaths = 1'000;   // that a result keeps bar by bar
inline constexpr std::size_t kTailPaths = 100'000;  // that it keeps at their end where it does not keep all

struct RankedPath {
    std::uint64_t path;
    float pnl;  // dollars
};

}  // namespace volstorm

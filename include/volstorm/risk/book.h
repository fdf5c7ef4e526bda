#pragma once
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "volstorm/engine/experiment.h"
#include "volstorm/risk/blocks.h"
#include "volstorm/risk/claims.h"
#include "volstorm/risk/paired.h"
#include "volstorm/risk/rank.h"
#include "volstorm/risk/summary.h"

namespace volstorm {

/// The per-path results of a run, wherever they are kept: every figure of the summary is computed from these columns.
class PathResults {
 public:
    virtual ~PathResults() = default;
    virtual std::uint64_t paths() const = 0;
    /// Rows of a column under /paths: `pnl` by strategy, `opened` by layer ...; row 0 where it has only one.
    virtual const Column& column(const std::string& name, std::size_t row) const = 0;
};

/// What became of one strategy: the book with the first layers.
struct StrategyRisk {
    std::string name;
    Summary whole;
    std::array<Conditional, 3> by_breach;  // no breach, down, up (as Breach)
    Sides sides;
    PairedDifference against_unhedged;  // empty for the unhedged book
};

/// What one layer did.
struct LayerRisk {
    std::string name;
    Estimate opened_share, closed_early_share, empty_share;  // of all paths; opened by rule but none bought
    Estimate mean_pnl, mean_cost;                            // dollars, all contracts
};

struct ClaimRisk {
    std::string text;
    ClaimResult result, down, up;  // all given paths, and those below and above zero SPX return
    double required = 0.5;
};

/// What the real next session did, and where it stands in the simulated law.
struct RealisedRisk {
    double spx_return = 0.0, vix = 0.0;
    Standing spx, vix_standing;
};

/// Every figure of a run.
struct BookRisk {
    std::vector<StrategyRisk> strategies;
    std::vector<LayerRisk> layers;
    std::vector<ClaimRisk> claims;
    std::optional<RealisedRisk> realised;
    std::vector<RankedPath> worst;  // of the total, the worst first
};
BookRisk measure(const Experiment& experiment, const PathResults& results);

/// The variables that claims know: condor_return, total_return, spx_return ...
std::vector<std::pair<std::string, std::string>> claim_variables();

/// Reads every claim of the scenario; throws InputError at the column of a mistake. For `check`.
void check_claims(const Scenario& scenario);

}  // namespace volstorm

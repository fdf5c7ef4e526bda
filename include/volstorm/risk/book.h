#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "volstorm/engine/experiment.h"
#include "volstorm/engine/simulate.h"
#include "volstorm/risk/claims.h"
#include "volstorm/risk/pnl_statistics.h"

namespace volstorm {

/// What became of one strategy: the book with the first layers.
struct StrategyRisk {
    std::string name;
    BookFigures figures;     // against_first: against the unhedged book
    double mean_cost = 0.0;  // dollars: half-spreads, fees, interest of all that it holds
    const Summary& whole() const { return *figures.summary[kWhole]; }
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

/// Where a value stands among the paths: shares of those below it, equal to it, and above it.
struct Standing {
    double below, at, above;
};

/// What the real next session did, and where it stands in the simulated law.
struct RealisedRisk {
    double spx_return = 0.0, vix = 0.0;
    double condor_pnl = 0.0;  // what the condor alone would have made, dollars after costs
    Standing spx, vix_standing;
};

inline constexpr double kConvergenceLevel = 0.975;
inline constexpr std::uint64_t kFewestToConverge = 4'096, kConvergenceStep = 4;

/// The same figures from the first paths alone, a quarter of all, a sixteenth ...: how they settle.
struct Convergence {
    std::vector<std::uint64_t> paths;                             // the last is the whole run
    std::vector<std::vector<Estimate>> mean, expected_shortfall;  // by strategy, then by count; dollars
};

/// Every figure of a run.
struct BookRisk {
    std::vector<StrategyRisk> strategies;
    std::vector<LayerRisk> layers;
    std::vector<ClaimRisk> claims;
    std::optional<RealisedRisk> realised;
    Convergence convergence;
    std::vector<RankedPath> worst;  // of the total, the worst first
    /// How many sessions of history the paths draw from, by weight: the intervals are then of other sessions drawn, and
    /// not of other paths. NaN where they draw none.
    double effective_sessions = kUnknown;
};

/// Whether layer k, long VIX, earns before costs under the physical law of the model. Long volatility should not: a
/// model that pays for holding it flatters the hedge.
bool pays_for_holding(const Experiment& experiment, const BookRisk& risk, std::size_t k);

/// Whether the P&L of a run, with `draws` sessions of history a path, is small enough to be kept in memory: the
/// statistics do not read it again then.
bool keeps_pnl(const Scenario& scenario, std::size_t draws);

/// How the paths of an experiment count.
PathWeights path_weights(const Experiment& experiment);

/// Gathers every figure of a run. What needs many columns is counted while the paths are at hand; the P&L is read
/// again.
class BookStatistics {
 public:
    BookStatistics(const Experiment& experiment, std::size_t workers);
    ~BookStatistics();
    /// Takes in a piece of kChunkPaths paths (the last may be shorter): pieces in any order, each worker for itself.
    void count(std::size_t worker, const PathColumns& columns);
    /// Takes in the same pieces in the order of the paths: where they draw sessions of history.
    void count_sessions(const PathColumns& columns);
    /// After all pieces. `pnl` holds the same paths; its books are the strategies. It is not read where the P&L of the
    /// run is small enough to be kept in memory.
    BookRisk finish(const PnlSource& pnl, Executor& executor);

 private:
    struct Worker;
    struct LayerSums;
    struct Sessions;
    BookRisk finish_from(const PnlSource& pnl, Executor& executor);
    std::vector<LayerRisk> layer_risks(std::uint64_t paths) const;
    std::vector<ClaimRisk> claim_risks() const;
    void set_from_replicates(std::size_t layer, LayerRisk& risk) const;
    RealisedRisk realised_risk() const;
    Convergence convergence(const BookRisk& whole, const PnlSource& pnl, Executor& executor) const;
    const Experiment& experiment_;
    PathWeights weights_;
    PnlStatistics pnl_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<std::vector<LayerSums>> layers_;  // by piece and layer: summed in order, whoever counted them
    std::vector<PnlPiece> kept_;                  // the P&L itself where it is small: not read again
    std::unique_ptr<Sessions> sessions_;          // where the paths draw them
};

/// The variables that claims know: condor_return, total_return, spx_return ...
std::vector<std::pair<std::string, std::string>> claim_variables();

/// Reads every claim of the scenario; throws InputError at the column of a mistake. For `check`.
void check_claims(const Scenario& scenario);

}  // namespace volstorm

#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "volstorm/calibration/least_squares.h"
#include "volstorm/calibration/realism.h"

/// The physical parameters of a model, fitted to the one-session moves of a history by simulated moments (McFadden
/// 1989; Duffie, Singleton 1993).
namespace volstorm {

/// A parameter of one anchor's physical set.
struct PhysicalParameter {
    std::string anchor, family, key;  // calm, crash, intensity; no family where it is of the set itself
    double before = 0.0, after = 0.0;
    double error = 0.0;  // standard error by the replications of the market's bootstrap; NaN at a bound
    AtBound at_bound = AtBound::no;
};

struct PhysicalFitOptions {
    std::size_t paths = 1024;        // from each VIX close of a regime's mix; a multiple of 512
    std::size_t judge_paths = 4096;  // of the tables before and after; a multiple of 512
    std::size_t evaluations = 500;   // sets of parameters at most
    std::uint64_t seed = 1;          // the same paths at every set of parameters
    bool with_premia = true;         // also what long VIX earns, before and after
    std::function<void(const FitProgress&)> progress = {};
};

struct PhysicalFit {
    ModelInput model;  // with the fitted physical sets
    std::vector<PhysicalParameter> parameters;
    RealismTable before, after;                  // on other random numbers than those of the fit
    double cost_before = 0.0, cost_after = 0.0;  // of the fit's own objective
    std::vector<std::string> unstable;           // anchors that stand at the line of stability
    std::vector<VixPremium> premia_before, premia_after;
    Fit search;  // its parameters are the variables of the search; conditioning, why it ended
};

/// What a statistic costs: soft L1 of its distance from the middle of the market's interval, in half-widths of it; up
/// to about 1 inside, and beyond it in proportion to the distance, so that what the model cannot do does not rule.
double cost_of(const RealismRow& row);
double cost_of(const RealismTable& table, Regime regime);

inline constexpr double kFewestOfRegime = 50.0;  // effective sessions, else a regime is no target

/// The figures of regimes with too few sessions are taken out; their VIX closes still count in the mix of all.
void drop_scarce_regimes(Bootstrap& market);

/// Moves, under the physical measure alone, of each anchor and jump family: intensity, intensity_per_variance,
/// mean_variance_jump, and mean_log_jump so that the whole mean jump mu + rho_j nu keeps its sign, each within a factor
/// of 20; and kappa_v where it differs from the pricing one. What is 0 stays 0. The drift of m moves it by less in a
/// session than any figure can tell, so kappa_m, theta_m and pull_m stay; log_jump_sd and variance_jump_slope are the
/// law of a single jump, which both measures keep. The residuals: every one-day statistic by cost_of; VIX^2 that the
/// physical measure expects to gain on the pricing one in a session, above -0.2 %, in units of 0.05 %; feedback of
/// jumps beyond 98 % of what is stable, where the intensities per variance are scaled back to it; and a ridge of a
/// quarter for each factor e of a parameter. InputError where nothing can be fitted.
PhysicalFit fit_physical(const ModelInput& start, const Bootstrap& market, const PhysicalFitOptions& options,
                         Executor& executor);

}  // namespace volstorm

#pragma once
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "volstorm/engine/path_kernel.h"
#include "volstorm/engine/scenario.h"
#include "volstorm/hedge/layer_marks.h"
#include "volstorm/market/timeline.h"
#include "volstorm/pricing/day.h"

namespace volstorm {

/// What one unit of a layer costs when it is opened.
struct EntryFill {
    double strike = 0.0;
    double mid = 0.0;          // points
    double half_spread = 0.0;  // points, all legs
    double contracts = 0.0;
    double implied_vol = 0.0;  // of the long leg, session clock; NaN for a future
    double delta = 0.0;        // of the long leg
};

/// A layer made ready: marks, rules, money.
struct PreparedLayer {
    std::string name;
    const LayerSpec* spec = nullptr;
    std::vector<std::unique_ptr<LayerMarks>> marks;  // of each expiry that a fill can have; the first fill's first
    std::vector<std::size_t> expiry_of_step;  // index into marks, for a fill at the end of a step; 0 is the entry
    std::optional<EntryFill> entry;           // where it is open from the start
    std::optional<PreparedRule> open, close;
    bool opens_at_once = false;  // its rule is true at the entry already, on every path alike: `open` is then empty
    double multiplier = 0.0;     // dollars a point
    double fee = 0.0;            // dollars a unit, one way
    double half_spread = 0.0;    // points, all legs, before widening
    double budget = 0.0;         // dollars; 0 where contracts are given
    double mark_error = 0.0;     // largest error of its marks, measured: points of the product
    double drift = 0.0;          // risk-neutral drift of its mark to the horizon, share of its price; first expiry
    double drift_error = 0.0;    // standard error of that
    /// Move of the VIX future of its first expiry for one point of VIX, by regression to the horizon; NaN for SPX.
    double future_beta = std::numeric_limits<double>::quiet_NaN();

    const LayerMarks& first_marks() const { return *marks.front(); }
    /// Units that the budget buys at a mid price, given what a unit ties up.
    double units(double mid, double half_spread_paid, double forward, const Account& account) const;
};

/// An expiry whose marks at the entry are mids of market.snapshot.
struct QuotedExpiry {
    std::string name;  // SPXW 2023-10-05 16:00
    ChainFamily family = ChainFamily::spx;
    DateTime settlement{};
    std::vector<double> strikes = {};           // that have a bid and an ask
    double forward = 0.0, model_forward = 0.0;  // points
    double atm_vol = 0.0, model_atm_vol = 0.0;  // session clock
};

/// All that a run needs, made once and immutable: prices at the entry, the plan of the paths, marks.
struct Experiment {
    Scenario scenario;
    PricingDay day;
    std::optional<Condor> condor;
    std::vector<PreparedLayer> layers;
    std::vector<Step> timeline;
    std::vector<std::size_t>
        mark_time_of_step;  // index into mark_times, where the step ends a bar and marks are needed
    MarkTimes mark_times;   // the last is the horizon
    PathPlan plan;
    std::unique_ptr<const Generator> generator;  // of the paths; where there is a condor
    StateBox box;
    bool needs_bars = false;  // marks at every bar: some layer has a rule, or they were asked for
    double vix_at_entry = 0.0;
    std::vector<QuotedExpiry> quoted;
    std::vector<std::string> warnings;

    std::vector<std::string> leg_names() const;       // condor legs, layers, costs
    std::vector<std::string> strategy_names() const;  // unhedged, +first, +first+second ...
    DateTime horizon() const { return timeline.back().end; }
};

/// Makes the experiment; throws InputError where prices show that the scenario cannot be.
/// The returned object holds pointers into itself, hence the fixed address.
/// `every_bar`: marks at the end of every bar, even where no rule needs them.
std::unique_ptr<const Experiment> prepare(const Scenario& scenario, bool every_bar = false);

/// The entry alone, without what paths need: for `price`.
std::unique_ptr<const Experiment> prepare_entry(const Scenario& scenario);

/// The plan of the paths of a timeline under a measure.
PathPlan make_plan(const PricingDay& day, const std::vector<Step>& timeline, Measure measure, std::uint64_t seed);

}  // namespace volstorm

#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "volstorm/engine/experiment.h"

namespace volstorm {

/// The market of a block of paths at one moment, in double.
class MarketBlock {
 public:
    std::array<double, kBlockPaths> spx, vix;
    /// `block` must stay as it is until the next call.
    void take(const Experiment& experiment, const PathBlock& block, const StepConstants& step);
    void take_entry(const Experiment& experiment);
    /// The states of some paths, gathered.
    SpxStateSpan gather(const std::vector<std::size_t>& paths, std::array<std::vector<double>, 3>& scratch) const;

 private:
    const PathBlock* block_ = nullptr;  // none: at the entry
    VarianceState entry_;
    double shift_ = 0.0;  // of the box of states
};

/// One layer on a block of paths: a state machine a path (waiting, open, closed).
class LayerBlock {
 public:
    LayerBlock(const Experiment& experiment, const PreparedLayer& layer);

    /// Begins a block of which only the first `count` paths are looked at.
    void start(std::size_t count);
    /// Reads the rules at the end of a bar (the entry is step 0) and fills what they ask for. At the horizon nothing is
    /// opened any more.
    void bar(const Bar& bar, const MarketBlock& market, std::int32_t step, std::size_t mark_time, bool at_horizon);
    /// Closes what is open at the horizon, or marks it where the layer is held.
    void settle(const MarketBlock& market, std::int32_t step, std::size_t mark_time);

    std::array<double, kBlockPaths> contracts, unit_pnl, unit_cost;  // dollars for one unit
    std::array<std::int32_t, kBlockPaths> opened, closed;            // step numbers; -1 never
    std::uint64_t exact_marks = 0;
    bool is_open(std::size_t i) const { return open_[i] != 0; }
    /// What is or was held: the strike of its long leg, and its expiry as an index into the layer's marks.
    double strike(std::size_t i) const { return strike_[i]; }
    std::size_t expiry(std::size_t i) const { return expiry_[i]; }
    /// P&L of the layer on a path until the end of `step`, dollars after costs, where what is open is sold at this mid.
    double pnl_at(std::size_t i, double mid, double vix, std::int32_t step) const;
    /// Mid prices of the units that the paths hold; NaN where none is open.
    void mids(const MarketBlock& market, std::size_t mark_time, std::span<double> out);

 private:
    struct Outcome {
        double pnl, cost;  // dollars for one unit
    };
    Outcome outcome(std::size_t i, double mid, double vix, std::int32_t step, bool sold) const;
    using Flags = std::array<std::uint8_t, kBlockPaths>;  // 0 or 1 for each path
    void decide(const PreparedRule& rule, const Bar& bar, RuleState& state, Flags& pending, const Flags& may);
    void choose(const Flags& flags);
    void open_on(const std::vector<std::size_t>& paths, const MarketBlock& market, std::int32_t step,
                 std::size_t mark_time);
    void close_on(const std::vector<std::size_t>& paths, const MarketBlock& market, std::int32_t step,
                  std::size_t mark_time, bool sold);
    void mark_each(const std::vector<std::size_t>& paths, const MarketBlock& market, std::size_t mark_time);
    void fill(std::size_t i, double mid, double half_spread, double units, double strike, std::int32_t step);

    const Experiment& experiment_;
    const PreparedLayer& layer_;
    std::vector<double> years_;  // of financing since the entry, actual/360, by step number
    std::size_t count_ = kBlockPaths;
    std::array<std::size_t, kBlockPaths> expiry_;  // of the unit held, as an index into the layer's marks
    std::array<double, kBlockPaths> strike_, open_mid_, mark_, premium_;  // premium: dollars for one unit, financed
    Flags waiting_, open_;                                                // not opened yet; open now
    Flags fires_, open_pending_, close_pending_;
    std::size_t waiting_paths_ = 0;
    RuleState open_state_, close_state_;
    std::vector<std::size_t> chosen_, group_;
    std::array<std::vector<double>, 3> scratch_;
    std::vector<double> values_, strikes_;
};

}  // namespace volstorm

#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "volstorm/engine/experiment.h"

namespace volstorm {

/// The market of a block of paths at one moment, in double.
struct MarketBlock {
    std::array<double, kBlockPaths> spx, vix, root_v, m;
    void take(const Experiment& experiment, const PathBlock& block, const StepConstants& step);
    void take_entry(const Experiment& experiment);
    /// The states of some paths, gathered.
    SpxStateSpan gather(const std::vector<std::size_t>& paths, std::array<std::vector<double>, 3>& scratch) const;
};

/// One layer on a block of paths: a state machine a path (waiting, open, closed).
class LayerBlock {
 public:
    LayerBlock(const Experiment& experiment, const PreparedLayer& layer);

    /// Begins a block of which only the paths from `begin` to `end` are looked at.
    void start(std::size_t begin = 0, std::size_t end = kBlockPaths);
    /// Reads the rules at the end of a bar (the entry is step 0) and fills what they ask for. At the horizon nothing is
    /// opened any more.
    void bar(const Bar& bar, const MarketBlock& market, std::int32_t step, std::size_t mark_time, bool at_horizon);
    /// Closes what is open at the horizon, or marks it where the layer is held.
    void settle(const MarketBlock& market, std::int32_t step, std::size_t mark_time);

    std::array<double, kBlockPaths> contracts, unit_pnl, unit_cost;  // dollars for one unit
    std::array<std::int32_t, kBlockPaths> opened, closed;            // step numbers; -1 never
    std::uint64_t exact_marks = 0;
    /// Mid price of the unit that path i holds; NaN where none is open.
    double mid(std::size_t i, const MarketBlock& market, std::size_t mark_time) const;

 private:
    void open_on(const std::vector<std::size_t>& paths, const MarketBlock& market, std::int32_t step,
                 std::size_t mark_time);
    void close_on(const std::vector<std::size_t>& paths, const MarketBlock& market, std::int32_t step,
                  std::size_t mark_time, bool sold);
    void mark_each(const std::vector<std::size_t>& paths, const MarketBlock& market, std::size_t mark_time);
    void fill(std::size_t i, double mid, double half_spread, double units, double strike, std::int32_t step);

    const Experiment& experiment_;
    const PreparedLayer& layer_;
    double years_;  // of financing, actual/360
    std::size_t begin_ = 0, end_ = kBlockPaths;
    std::array<double, kBlockPaths> strike_, open_mid_, mark_;
    std::array<std::uint8_t, kBlockPaths> fires_, open_pending_, close_pending_;
    RuleState open_state_, close_state_;
    std::vector<std::size_t> chosen_, group_;
    std::array<std::vector<double>, 3> scratch_;
    std::vector<double> values_;
};

}  // namespace volstorm

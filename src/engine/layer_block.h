#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rule_reader.h"

namespace volstorm {

/// One layer on a batch of paths: a state machine a path (waiting, open, closed). Blocks are decided one after another,
/// bar by bar; what they buy and sell is priced afterwards, for all paths of the batch together.
class LayerBlock {
 public:
    LayerBlock(const Experiment& experiment, const PreparedLayer& layer);

    /// Begins a batch of so many paths.
    void begin(std::size_t paths);
    /// Begins the block of the paths [at, at + count) of the batch.
    void start(std::size_t at, std::size_t count);
    /// Reads the rules at the end of a bar (the entry is step 0) and does what they ask for. At the horizon nothing is
    /// opened any more.
    void bar(const BarEnd& bar, MarketBlock& market, std::int32_t step, std::size_t mark_time, bool at_horizon);
    /// Closes what is open at the horizon, or marks it where the layer is held.
    void settle(const MarketBlock& market, std::int32_t step, std::size_t mark_time);
    /// Prices what was bought and sold since the last call: fills contracts, unit_pnl and unit_cost.
    void price_deals();

    // By path of the batch.
    std::vector<double> contracts, unit_pnl, unit_cost;  // dollars for one unit
    std::vector<std::int32_t> opened, closed;            // step numbers; -1 never
    std::uint64_t exact_marks = 0;                       // of the batch

    // For a trace, where the batch is one block and its deals are priced.
    bool is_open(std::size_t i) const { return open_[i] != 0; }
    /// What is or was held: the strike of its long leg, and its expiry as an index into the layer's marks.
    double strike(std::size_t i) const { return strike_[i]; }
    std::size_t expiry(std::size_t i) const { return expiry_[i]; }
    /// P&L of the layer on a path until the end of `step`, dollars after costs, where what is open is sold at this mid.
    double pnl_at(std::size_t i, double mid, double vix, std::int32_t step) const;
    /// Mid prices of the units that the paths hold; NaN where none is open.
    void mids(const MarketBlock& market, std::size_t mark_time, std::span<double> out);

 private:
    // A unit bought, sold or marked on a path, with the market at that moment.
    struct Deal {
        enum class Kind : std::uint8_t { open, close, mark } kind;
        std::uint32_t path, mark_time;
        std::int32_t step;
        double root_v, m, spx, vix;
    };
    struct Outcome {
        double pnl, cost;  // dollars for one unit
    };
    Outcome outcome(std::size_t path, double mid, double vix, std::int32_t step, bool sold) const;
    void open_on(const MarketBlock& market, std::int32_t step, std::size_t mark_time);
    void close_on(const MarketBlock& market, std::int32_t step, std::size_t mark_time, bool sold);
    void choose_strikes(const LayerMarks& marks, std::size_t mark_time, std::span<const Deal> deals);
    void choose_strikes_of(std::span<const Deal> deals);
    void price(std::span<const Deal> deals, std::span<double> mids);
    void fill(std::size_t path, double mid, double half_spread, double units);
    Deal deal(Deal::Kind kind, std::size_t i, const MarketBlock& market, std::int32_t step,
              std::size_t mark_time) const;
    template <class Key>
    void order_by(std::size_t count, std::size_t keys, const Key& key);
    template <class Use>
    void for_each_group(const Use& use);
    SpxStateSpan gather(std::span<const Deal> deals, std::span<const std::uint32_t> which);

    const Experiment& experiment_;
    const PreparedLayer& layer_;
    std::vector<double> years_;                        // of financing since the entry, actual/360, by step number
    std::size_t at_ = 0, count_ = 0;                   // the block under way
    std::vector<std::uint32_t> expiry_;                // of the unit held, as an index into the layer's marks
    std::vector<double> strike_, open_mid_, premium_;  // premium: dollars for one unit, financed
    PathFlags waiting_, open_;                         // of the block: not opened yet; open now
    std::size_t waiting_paths_ = 0, open_paths_ = 0;
    std::optional<RuleReader> open_rule_, close_rule_;
    std::vector<std::size_t> chosen_;  // paths of the block
    std::vector<Deal> deals_;          // of the batch, in the order of time on each path
    std::vector<double> mids_;         // of the deals
    // Deals in the order of a key, and where each key's begin.
    std::vector<std::uint32_t> order_, key_, begin_;
    std::array<std::vector<double>, 3> scratch_;
    std::vector<double> values_, strikes_, seen_strikes_;
};

}  // namespace volstorm

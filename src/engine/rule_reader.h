#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "market_block.h"
#include "volstorm/signal/rule.h"

namespace volstorm {

/// 0 or 1 for each path of a block.
using PathFlags = std::array<std::uint8_t, kBlockPaths>;

/// Notes in `chosen` the paths below `count` whose flag is set.
void choose_flagged(const PathFlags& flags, std::size_t count, std::vector<std::size_t>& chosen);

/// The end of a bar.
struct BarEnd {
    DateTime time;
    bool is_close = false, is_entry = false;
};

/// Reads one rule on blocks of paths, bar by bar. As long as the closed sessions of all paths are those of history, the
/// rule is asked about the few paths alone whose prices lie where it can be true.
class RuleReader {
 public:
    /// `waits`: what the rule says is acted on one bar later.
    RuleReader(const PreparedRule& rule, bool waits) : rule_(&rule), waits_(waits) {}

    /// Begins a block of so many paths.
    void start(std::size_t paths);
    /// Takes a bar and notes in `chosen` the paths that act at its end, of those that may.
    void read(const BarEnd& bar, MarketBlock& market, const PathFlags& may, std::vector<std::size_t>& chosen);
    /// Takes a bar at whose end no path may act.
    void pass(const BarEnd& bar, MarketBlock& market);
    /// Whether a bar at which no path may act can be passed.
    bool may_pass() const { return !waits_ && rule_->may_skip(); }

 private:
    /// Bounds of what rules read, in what the kernel has of a path: wider by more than any rounding.
    struct Screen {
        float least_return, most_return, least_squared, most_squared;
        bool has_vix() const;
    };
    static Screen screen_of(const PriceBox& box, double spx_at_entry);
    void ask_all(const BarEnd& bar, MarketBlock& market, const PathFlags& may, std::vector<std::size_t>& chosen);
    void ask_few(const BarEnd& bar, const MarketBlock& market, std::vector<std::size_t>& chosen);
    void let_act(const PathFlags& may, std::vector<std::size_t>& chosen);
    void take_entry(const BarEnd& bar, const MarketBlock& market);
    void screen(MarketBlock& market, const PathFlags& may, PathFlags& possible) const;
    Bar bar_of(const BarEnd& bar, MarketBlock& market) const;

    const PreparedRule* rule_;
    bool waits_;
    std::size_t paths_ = 0;
    bool alike_ = true;  // the sessions closed so far are the same on all paths
    RuleState state_, before_;
    PathFlags fires_, pending_;
    bool knows_entry_ = false;  // what follows is made, for all blocks
    bool screened_ = false;     // the bounds exclude something
    std::vector<Screen> screens_;
    RuleState few_;  // of kFew paths, after the entry
    std::vector<double> few_spx_, few_vix_;
};

}  // namespace volstorm

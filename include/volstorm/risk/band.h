#pragma once
#include <span>
#include <string>
#include <vector>

#include "volstorm/risk/book.h"

namespace volstorm {

/// One book in one world.
struct BandWorld {
    std::string name, meaning;
    BookRisk risk;
    std::vector<std::string> notes = {};  // what it is drawn from, warnings that the model's world does not have

    const StrategyRisk& unhedged() const { return risk.strategies.front(); }
    const StrategyRisk& book() const { return risk.strategies.back(); }
    bool has_hedge() const { return risk.strategies.size() > 1; }
};

/// The tail of a summary at one of kTailLevels.
const Tail& tail_at(const Summary& summary, double level);
/// Expected shortfall of the whole book less that of the unhedged one on the same paths, dollars: below 0 the hedge
/// helps. The book must have a hedge.
const Estimate& shortfall_change(const BandWorld& world, double level);
/// The same at 97.5 % on the paths where SPX falls. The two are not paired there: its limits are the distances of the
/// ends of their 95 % intervals, which is wider than a paired interval. NaN where no path falls.
Estimate down_shortfall_change(const BandWorld& world);

/// Supported where the whole interval lies above (below) zero, not supported where it lies on the other side.
Verdict above_zero(const Estimate& estimate);
Verdict below_zero(const Estimate& estimate);

/// A sentence about the book, and what each world says of it.
struct Conclusion {
    std::string text;
    std::vector<Verdict> verdicts;  // by world

    std::size_t count(Verdict verdict) const;
};

/// `..._where_decided`: some worlds have too few paths or sessions to tell, the others say the same; `depends`: one
/// says yes and another no.
enum class Survival { holds_in_all, fails_in_all, undecided_in_all, holds_where_decided, fails_where_decided, depends };
Survival survival_of(const Conclusion& conclusion);

/// What the band is asked: does the hedge lower ES 97.5, ES 99, ES where SPX falls, what does it cost, does the condor
/// earn, and every claim. Without a hedge only the last two. All worlds hold the same book.
std::vector<Conclusion> conclusions_of(std::span<const BandWorld> worlds);

}  // namespace volstorm

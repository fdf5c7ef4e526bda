#pragma once
#include <map>
#include <set>
#include <vector>

#include "volstorm/engine/experiment.h"
#include "volstorm/market/arbitrage.h"
#include "volstorm/market/expiry_quotes.h"

namespace volstorm {

/// Takes the quotes of market.snapshot into the day of an experiment, an expiry at a time and before anything of it is
/// priced, so that marks at the entry are their mids.
class SnapshotQuotes {
 public:
    explicit SnapshotQuotes(Experiment& experiment);
    /// Does nothing where the scenario names no quotes of the family. Warns of quotes of another moment, of trades at
    /// them that pay for nothing, and of what contradicts spx, vix or the state; InputError where they cannot be of
    /// this market.
    void take(ChainFamily family, DateTime settlement);

 private:
    struct Side {
        const OptionChain* chain = nullptr;
        std::map<DateTime, SmileResidual>* residuals = nullptr;
        std::vector<ExpiryQuotes> listed = {};
        std::vector<Violation> violations = {};
        std::set<DateTime> asked = {};
    };
    void open(ChainFamily family);
    void accept(ChainFamily family, const ExpiryQuotes& quotes);
    void warn_of_violations(const Side& side, DateTime settlement);

    Experiment* experiment_;
    std::map<ChainFamily, Side> sides_;
};

/// Warns of legs at the entry whose strike has no quote of its own. When the condor and the layers are there.
void warn_of_unquoted_strikes(Experiment& experiment);

/// Leaves of the quotes what paths can follow: their neighbours' rounding goes, the strikes that layers begin with keep
/// their mids. When the layers are there, before any mark on paths.
void thin_quotes(Experiment& experiment);

}  // namespace volstorm

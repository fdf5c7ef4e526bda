#pragma once
#include <map>
#include <set>
#include <vector>

#include "volstorm/engine/experiment.h"
#include "volstorm/market/expiry_quotes.h"

namespace volstorm {

/// Takes the quotes of market.snapshot into the day of an experiment, an expiry at a time and before anything of it is
/// priced, so that marks at the entry are their mids. Warns of an expiry that has none.
class SnapshotQuotes {
 public:
    /// Warns of quotes that stood at another moment. Does nothing where the scenario has no snapshot.
    explicit SnapshotQuotes(Experiment& experiment);
    /// InputError where the quotes cannot be of this market.
    void take(ChainFamily family, DateTime settlement);

 private:
    struct Side {
        const OptionChain* chain = nullptr;
        std::map<DateTime, SmileResidual>* residuals = nullptr;
        std::vector<ExpiryQuotes> listed = {};
        std::set<DateTime> asked = {};
    };
    void open(ChainFamily family);
    void accept(ChainFamily family, const ExpiryQuotes& quotes);

    Experiment* experiment_;
    std::map<ChainFamily, Side> sides_;
};

/// Warns of legs at the entry whose strike has no quote of its own. When the condor and the layers are there.
void warn_of_unquoted_strikes(Experiment& experiment);

/// Leaves of the quotes what paths can follow: their neighbours' rounding goes, the strikes that layers begin with keep
/// their mids. When the layers are there, before any mark on paths.
void thin_quotes(Experiment& experiment);

}  // namespace volstorm

#pragma once
#include "volstorm/engine/experiment.h"

namespace volstorm {

/// Takes the quotes of market.snapshot for every expiry of the book, so that marks at the entry are their mids, and
/// warns of expiries that have none. Before anything is priced; the day, the condor's spec and the timeline are there.
/// InputError where the quotes cannot be of this market.
void take_quotes(Experiment& experiment);

/// Leaves of these quotes what paths can follow: their neighbours' rounding goes, the strikes that layers begin with
/// keep their mids. When the layers are there, before any mark on paths.
void thin_quotes(Experiment& experiment);

}  // namespace volstorm

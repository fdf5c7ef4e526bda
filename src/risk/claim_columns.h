#pragma once
#include "volstorm/risk/book.h"
#include "volstorm/signal/condition.h"

namespace volstorm {

/// Counts, piece by piece, the paths on which a claim is given and holds.
ClaimRisk test_claim(const ClaimSpec& claim, const Experiment& experiment, const PathResults& results);

}  // namespace volstorm

#pragma once
#include "volstorm/risk/book.h"

namespace volstorm {

/// Paths that are no sample of a law have no odds: leaves of the figures what they are of these very paths, without
/// limits, and no value at risk, no shortfall and no verdict.
void take_as_no_sample(BookRisk& risk);

}  // namespace volstorm

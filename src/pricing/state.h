#pragma once
#include "volstorm/pricing/day.h"

namespace volstorm {

/// The (v, m) that reproduce market.vix and, where given, market.atm_vol_1d; `day` has its model and events already.
VarianceState state_from_quotes(const PricingDay& day);

}  // namespace volstorm

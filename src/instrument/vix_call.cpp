// A VIX call of one expiry. `strike`, `delta`, `points` (above the future) or `moneyness` (strike over future).
#include "volstorm/instrument/layer_instrument.h"

namespace volstorm {

InstrumentKind vix_call_kind() { return {.underlying = Underlying::vix_option, .type = OptionType::call}; }

}  // namespace volstorm

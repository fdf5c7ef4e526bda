// A long VIX call and a short one `width` points above it.
#include "volstorm/instrument/layer_instrument.h"

namespace volstorm {

InstrumentKind vix_call_spread_kind() {
    return {.underlying = Underlying::vix_option, .type = OptionType::call, .is_spread = true, .short_direction = 1.0};
}

}  // namespace volstorm

// A long SPX put and a short one `width` points below it.
#include "volstorm/instrument/layer_instrument.h"

namespace volstorm {

InstrumentKind spx_put_spread_kind() {
    return {.underlying = Underlying::spx_option, .type = OptionType::put, .is_spread = true, .short_direction = -1.0};
}

}  // namespace volstorm

// An SPX put of an expiry after the horizon; `points` below the forward.
#include "volstorm/instrument/layer_instrument.h"

namespace volstorm {

InstrumentKind spx_put_kind() { return {.underlying = Underlying::spx_option, .type = OptionType::put}; }

}  // namespace volstorm

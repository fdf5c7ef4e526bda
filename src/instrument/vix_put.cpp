// A VIX put of one expiry; strikes as for vix_call, `points` below the future.
#include "volstorm/instrument/layer_instrument.h"

namespace volstorm {

InstrumentKind vix_put_kind() { return {.underlying = Underlying::vix_option, .type = OptionType::put}; }

}  // namespace volstorm

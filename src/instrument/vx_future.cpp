// A long VIX future: no premium, marked at its price, margined by account.vix_future_margin.
#include "volstorm/instrument/layer_instrument.h"

namespace volstorm {

InstrumentKind vx_future_kind() { return {.underlying = Underlying::vix_future}; }

}  // namespace volstorm

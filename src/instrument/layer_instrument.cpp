#include "volstorm/instrument/layer_instrument.h"

#include "volstorm/core/units.h"

namespace volstorm {

#define ENTRY(name, summary) InstrumentKind name##_kind();
#include "registry.def"
#undef ENTRY

std::span<const InstrumentEntry> instrument_entries() {
    static constexpr InstrumentEntry entries[] = {
#define ENTRY(name, summary) {#name, summary, name##_kind},
#include "registry.def"
#undef ENTRY
    };
    return entries;
}

double InstrumentKind::multiplier() const {
    return underlying == Underlying::vix_future ? kVixFutureMultiplier : kOptionMultiplier;
}

double InstrumentKind::fee(const Costs& costs) const {
    const double legs = is_spread ? 2.0 : 1.0;
    switch (underlying) {
        case Underlying::vix_option:
            return legs * costs.vix_option_fee;
        case Underlying::vix_future:
            return costs.vix_future_fee;
        case Underlying::spx_option:
            return legs * costs.spx_option_fee;
    }
    return 0.0;
}

double InstrumentKind::half_spread(const Costs& costs) const {
    const double legs = is_spread ? 2.0 : 1.0;
    switch (underlying) {
        case Underlying::vix_option:
            return legs * costs.vix_option_half_spread;
        case Underlying::vix_future:
            return costs.vix_future_half_spread;
        case Underlying::spx_option:
            return legs * costs.spx_option_half_spread;
    }
    return 0.0;
}

}  // namespace volstorm

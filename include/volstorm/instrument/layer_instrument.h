#pragma once
#include <span>
#include <string_view>

#include "volstorm/instrument/costs.h"
#include "volstorm/math/black.h"

namespace volstorm {

enum class Underlying { vix_option, vix_future, spx_option };

/// What a layer can hold: one or two legs on one underlying. A kind is one file of src/instrument and one line of
/// registry.def.
struct InstrumentKind {
    Underlying underlying = Underlying::vix_option;
    OptionType type = OptionType::call;
    bool is_spread = false;        // long the chosen strike, short another
    double short_direction = 0.0;  // +1: the short strike is `width` above the long one, -1: below

    bool has_strike() const { return underlying != Underlying::vix_future; }
    bool is_vix() const { return underlying != Underlying::spx_option; }
    double multiplier() const;
    double fee(const Costs& costs) const;          // dollars for one unit, one way, all legs
    double half_spread(const Costs& costs) const;  // points of the product for one unit, all legs, VIX at its entry
};

struct InstrumentEntry {
    std::string_view name;
    std::string_view summary;
    InstrumentKind (*kind)();
};

/// Every instrument, in the order of registry.def: what `volstorm list instruments` prints.
std::span<const InstrumentEntry> instrument_entries();

}  // namespace volstorm

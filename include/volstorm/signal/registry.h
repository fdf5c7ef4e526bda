#pragma once
#include <span>
#include <string_view>

#include "volstorm/signal/signal.h"

namespace volstorm {

/// One line of src/signal/registry.def.
struct SignalEntry {
    std::string_view name;
    std::string_view summary;
    SignalKind (*kind)();
};

/// Every signal, in the order of registry.def: what `volstorm list signals` prints.
std::span<const SignalEntry> signal_entries();

}  // namespace volstorm

#include "volstorm/signal/registry.h"

#include <array>

namespace volstorm {

#define ENTRY(name, summary) SignalKind name##_kind();
#include "registry.def"
#undef ENTRY

std::span<const SignalEntry> signal_entries() {
    static constexpr auto kEntries = std::to_array<SignalEntry>({
#define ENTRY(name, summary) {#name, summary, name##_kind},
#include "registry.def"
#undef ENTRY
    });
    return kEntries;
}

}  // namespace volstorm

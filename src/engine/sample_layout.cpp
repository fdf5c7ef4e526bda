#include "volstorm/engine/sample_layout.h"

#include <algorithm>
#include <bit>

namespace volstorm {
namespace {

constexpr std::uint64_t kFewestReplicates = 16;
constexpr std::uint64_t kFewestSlots = 64, kMostSlots = 4'096;

}  // namespace

std::string_view to_string(SamplingMethod method) {
    switch (method) {
        case SamplingMethod::stratified:
            return "stratified";
        case SamplingMethod::hybrid:
            return "hybrid";
        case SamplingMethod::plain:
            break;
    }
    return "plain";
}

// A replicate has a power of two of paths, so that Sobol points are used in whole nets as far as shares allow. Twice
// the fewest replicates are the fewest of twice the size.
SampleLayout sample_layout(std::uint64_t paths) {
    std::uint64_t replicate = std::max(kFewestSlots, std::bit_floor(paths / kFewestReplicates));
    std::uint64_t replicates = std::max(kFewestReplicates, (paths + replicate - 1) / replicate);
    if (replicates == 2 * kFewestReplicates) replicates = kFewestReplicates, replicate *= 2;
    const std::uint64_t slots = std::min(kMostSlots, replicate);
    return {.replicates = static_cast<std::uint32_t>(replicates),
            .slots = static_cast<std::uint32_t>(slots),
            .rounds = replicate / slots};
}

}  // namespace volstorm

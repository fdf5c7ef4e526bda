#pragma once
#include <cstdint>
#include <string_view>

namespace volstorm {

/// How paths are drawn: independent of one another, in strata, or in strata with Sobol points inside.
enum class SamplingMethod { plain, stratified, hybrid };

std::string_view to_string(SamplingMethod method);  // "plain", "stratified", "hybrid"

/// How the paths of a sample in strata are numbered. They come in rounds; a round has `slots` paths of each of
/// `replicates` independent randomisations, divided among the strata by their shares. So the first rounds of a run are
/// a run of fewer rounds.
struct SampleLayout {
    std::uint32_t replicates = 16;  // 16 to 31
    std::uint32_t slots = 64;       // a power of two
    std::uint64_t rounds = 1;       // a power of two
    std::uint64_t round_paths() const { return std::uint64_t{replicates} * slots; }
    std::uint64_t paths() const { return round_paths() * rounds; }
};

/// The smallest layout with at least `paths` paths: at most a sixteenth more, from 1,024 on. The layout of its own
/// paths is the same.
SampleLayout sample_layout(std::uint64_t paths);

}  // namespace volstorm

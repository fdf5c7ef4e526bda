// Standard normals from random words that are there already: Box and Muller's transform over a block of paths, the loop
// of the kernel.
#include <array>
#include <memory>
#include <numeric>

#include "random_words.h"
#include "report.h"
#include "volstorm/core/clones.h"
#include "volstorm/math/portable.h"

namespace volstorm::bench {
namespace {

VOLSTORM_CLONES
void box_muller(const std::uint32_t* __restrict radius_words, const std::uint32_t* __restrict angle_words,
                float* __restrict first, float* __restrict second) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const portable::NormalPair pair = portable::normal_pair(radius_words[i], angle_words[i]);
        first[i] = pair.first;
        second[i] = pair.second;
    }
}

void normals(benchmark::State& state) {
    std::array<std::uint32_t, kBlockPaths> low, high{};
    std::iota(low.begin(), low.end(), 0u);
    const auto words = std::make_unique<WordBlock>();
    fill_words(RandomKey(7, Stream::diffusion), low.data(), high.data(), 0, 0, *words);
    alignas(64) std::array<float, kBlockPaths> first, second;
    for (auto _ : state) {
        box_muller(words->w0, words->w1, first.data(), second.data());
        benchmark::DoNotOptimize(first.data());
        benchmark::DoNotOptimize(second.data());
        benchmark::ClobberMemory();
    }
    per_item(state, "normal", rounds(state) * 2.0 * kBlockPaths);
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(2 * sizeof first));
}
BENCHMARK(normals);

}  // namespace
}  // namespace volstorm::bench

// Random words: Threefry4x32-12 over a block of paths, as the kernel draws its diffusion, and of 20 rounds one path's
// after another.
#include <array>
#include <memory>
#include <numeric>

#include "random_words.h"
#include "report.h"
#include "volstorm/math/threefry.h"

namespace volstorm::bench {
namespace {

void words_of_blocks(benchmark::State& state) {
    const RandomKey key(7, Stream::diffusion);
    std::array<std::uint32_t, kBlockPaths> low, high{};
    std::iota(low.begin(), low.end(), 0u);
    const auto words = std::make_unique<WordBlock>();
    std::uint32_t draw = 0;
    for (auto _ : state) {
        fill_words(key, low.data(), high.data(), draw++, 0, *words);
        benchmark::DoNotOptimize(words->w0);
        benchmark::ClobberMemory();
    }
    per_item(state, "word", rounds(state) * 4.0 * kBlockPaths);
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(sizeof(WordBlock)));
}
BENCHMARK(words_of_blocks)->Name("generator/blocks");

void words_of_engine(benchmark::State& state) {
    ThreefryEngine engine(RandomKey(7, Stream::resampling), 0);
    for (auto _ : state) benchmark::DoNotOptimize(engine());
    per_item(state, "word", rounds(state));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * 4);
}
BENCHMARK(words_of_engine)->Name("generator/engine");

}  // namespace
}  // namespace volstorm::bench

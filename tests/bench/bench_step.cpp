// The bare path-step: 78 bars of two factors and two jump families (about 25 jumps a year), and with the numbers of
// Heston's model.
#include <memory>

#include "bench_plan.h"
#include "report.h"

namespace volstorm::bench {
namespace {

void simulate(benchmark::State& state, const PathPlan& plan) {
    const auto block = std::make_unique<PathBlock>();
    std::uint64_t first = 0;
    for (auto _ : state) {
        start_block(plan, first, *block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) advance_block(plan, step, *block);
        benchmark::DoNotOptimize(block->x.data());
        first += kBlockPaths;
    }
    per_item(state, "path_step", rounds(state) * static_cast<double>(kBlockPaths * plan.steps.size()));
}

void step(benchmark::State& state) { simulate(state, session_plan(7)); }
BENCHMARK(step)->Unit(benchmark::kMicrosecond);

void heston(benchmark::State& state) { simulate(state, heston_plan(7)); }
BENCHMARK(heston)->Name("step/heston")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace volstorm::bench

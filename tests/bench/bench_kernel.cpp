// The bare two-factor path-step with two jump families, and the same work in a scalar loop over Boost.Random.
// `items_per_second` counts path-steps; `path_step` is the processor time of one. `variance` and `jumps` are means over
// the paths, which the programs of a race must agree on.
#include <benchmark/benchmark.h>

#include <memory>

#include "bench_plan.h"
#include "boost_loop.h"

namespace volstorm::bench {
namespace {

constexpr std::uint64_t kPaths = 40 * kBlockPaths;

void report(benchmark::State& state, const PathPlan& plan, const Totals& totals) {
    const std::uint64_t path_steps = totals.paths * plan.steps.size();
    state.SetItemsProcessed(static_cast<std::int64_t>(path_steps));
    state.counters["path_step"] =
        benchmark::Counter(static_cast<double>(path_steps), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["variance"] = totals.variance / static_cast<double>(totals.paths);
    state.counters["jumps"] = static_cast<double>(totals.jumps) / static_cast<double>(totals.paths);
}

void add(Totals& totals, const PathBlock& block) {
    for (const float v : block.v) totals.variance += v;
    for (const auto& family : block.jumps) {
        for (const std::uint8_t count : family) totals.jumps += count;
    }
    totals.paths += kBlockPaths;
}

void kernel(benchmark::State& state) {
    const PathPlan plan = session_plan(7);
    const auto block = std::make_unique<PathBlock>();
    Totals totals;
    std::uint64_t first = 0;
    for (auto _ : state) {
        for (const std::uint64_t end = first + kPaths; first < end; first += kBlockPaths) {
            start_block(plan, first, *block);
            for (std::size_t step = 0; step < plan.steps.size(); ++step) advance_block(plan, step, *block);
            add(totals, *block);
        }
    }
    report(state, plan, totals);
}
BENCHMARK(kernel)->Unit(benchmark::kMillisecond);

void boost_random(benchmark::State& state) {
    PathPlan plan = session_plan(7);
    Totals totals;
    for (auto _ : state) {
        const Totals part = simulate_with_boost(plan, kPaths);
        totals = {totals.variance + part.variance, totals.jumps + part.jumps, totals.paths + part.paths};
        ++plan.seed;
    }
    report(state, plan, totals);
}
BENCHMARK(boost_random)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace volstorm::bench

BENCHMARK_MAIN();

// What jumps cost the kernel: no family, two whose clocks run but never run out, and the two with 50 jumps a year.
#include <memory>

#include "bench_plan.h"
#include "report.h"

namespace volstorm::bench {
namespace {

PathPlan with_jumps(double a_year) {
    PathPlan plan = session_plan(7);
    for (JumpConstants& family : plan.jumps) {
        family.intensity = a_year / static_cast<double>(plan.jumps.size());
        family.intensity_per_variance = 0.0;
    }
    return plan;
}

PathPlan without_families() {
    PathPlan plan = session_plan(7);
    plan.jumps.clear();
    return plan;
}

void jumps(benchmark::State& state, const PathPlan& plan) {
    const auto block = std::make_unique<PathBlock>();
    std::uint64_t first = 0, count = 0;
    for (auto _ : state) {
        start_block(plan, first, *block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) advance_block(plan, step, *block);
        for (const auto& family : block->jumps) {
            for (const std::uint32_t jumps_of_path : family) count += jumps_of_path;
        }
        first += kBlockPaths;
    }
    per_item(state, "path_step", rounds(state) * static_cast<double>(kBlockPaths * plan.steps.size()));
    state.counters["jumps_per_path"] = static_cast<double>(count) / static_cast<double>(first);
}
BENCHMARK_CAPTURE(jumps, no_family, without_families())->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(jumps, none, with_jumps(0.0))->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(jumps, 50_a_year, with_jumps(50.0))->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace volstorm::bench

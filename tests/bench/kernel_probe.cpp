// Prints nanoseconds per path-step (processor time, best of the repeats) and a hash of the state of all paths at the
// end, and of some in strata. The same source is compiled for several instruction sets: the hash must not change, the
// time must.
//   kernel_probe_x [blocks, default 40] [repeats, default 5]
#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>

#include "bench_plan.h"
#include "volstorm/engine/strata.h"

using namespace volstorm;

namespace {

// FNV-1a over 32-bit words.
std::uint64_t mix(std::uint64_t hash, float value) {
    return (hash ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001B3u;
}

std::uint64_t hash_block(std::uint64_t hash, const PathBlock& block) {
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        hash = mix(mix(mix(mix(hash, block.x[i]), block.v[i]), block.m[i]), block.vix_squared_max[i]);
        for (const auto& clock : block.clocks) hash = mix(hash, clock[i]);
    }
    return hash;
}

std::uint64_t simulate(const PathPlan& plan, std::uint64_t blocks, PathBlock& block,
                       std::uint64_t hash = 0xCBF29CE484222325u) {
    for (std::uint64_t b = 0; b < blocks; ++b) {
        start_block(plan, b * kBlockPaths, block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) {
            advance_block(plan, step, block);
        }
        hash = hash_block(hash, block);
    }
    return hash;
}

// The same of paths in strata, by either method.
std::uint64_t simulate_strata(PathPlan plan, PathBlock& block, std::uint64_t hash) {
    const SampleLayout layout = sample_layout(65'536);
    std::vector<Stratum> list = strata_of(plan, layout.slots);
    divide_slots(std::vector<double>(list.size(), 1.0), layout.slots, list);
    for (const SamplingMethod method : {SamplingMethod::stratified, SamplingMethod::hybrid}) {
        plan.strata = std::make_shared<Strata>(plan, method, layout, list);
        hash = simulate(plan, layout.paths() / kBlockPaths, block, hash);
    }
    return hash;
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t blocks = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 40;
    const int repeats = argc > 2 ? std::atoi(argv[2]) : 5;
    PathPlan plan = bench::session_plan(7);
    plan.events = {{-0.0001f, 0.0075f, 0.9f}};
    plan.event_of_step[40] = 0;
    const auto block = std::make_unique<PathBlock>();
    double best = 1e300;
    std::uint64_t hash = 0;
    for (int repeat = 0; repeat < repeats; ++repeat) {
        const std::clock_t start = std::clock();
        hash = simulate(plan, blocks, *block);
        const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        const double path_steps = static_cast<double>(blocks * kBlockPaths * plan.steps.size());
        best = std::min(best, 1e9 * seconds / path_steps);
    }
    hash = simulate_strata(plan, *block, hash);
    std::printf("%.3f %016llx\n", best, static_cast<unsigned long long>(hash));
}

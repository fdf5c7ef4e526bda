// What a book costs over the bare kernel: condor and three layers with daily and bar rules, entries, exits and marks,
// by Simulator::run, against the same plan without them. Both are timed in turn, so that a busy moment falls on both.
// `kernel_step` and `book_step` are processor time of one path-step in seconds, `ratio` is book over kernel; `opened`
// and `closed` are shares of the paths by layer, so that a race is between programs that do the same work.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>

#include "volstorm/engine/simulate.h"

namespace volstorm::bench {
namespace {

constexpr std::size_t kPaths = 32 * kBlockPaths;

std::unique_ptr<const Experiment> make_book(const std::string& layers) {
    const std::string text =
        "[market]\ntime = 2024-12-17T16:00:00\nspx = 6050.61\nvix = 15.87\nrate = 0.0458\ndividend_yield = 0.013\n"
        "history = \"" VOLSTORM_SCENARIOS
        "/history/2024-12-17.csv\"\n"
        "[model]\nfile = \"" VOLSTORM_SCENARIOS
        "/models/default.toml\"\n"
        "[condor]\nexpiry = 2024-12-18\nshort_delta = 0.15\nwing_width = 25.0\ncontracts = 10\n"
        "[sampling]\nseed = 7\nmethod = \"plain\"\n";
    return prepare(parse_scenario(text + layers, "bench_book.toml"));
}

// The entries and exits of a busy book: each of the rules is true on a good part of the paths.
const char* const kThreeLayers = R"(
[[layer]]
name = "daily"
instrument = { type = "vix_call", days = 30, delta = 0.50 }
size = { contracts = 10 }
open = "rsi(vix, 14) > 60 and spx_day_return < 0"
close = "vix_change > 3 for 3 bars"
[[layer]]
name = "bars"
instrument = { type = "vix_call_spread", days = 30, delta = 0.40, width = 10.0 }
size = { contracts = 10 }
open = "rsi(vix.bar, 14) > 60"
close = "rsi(vix.bar, 14) < 40"
[[layer]]
name = "puts"
instrument = { type = "spx_put_spread", days = 7, delta = 0.30, width = 50.0 }
size = { contracts = 1 }
open = "spx_day_return < -0.003"
close = "spx_day_return > 0 or spx_day_return < -0.015"
)";

double seconds_since(std::clock_t start) { return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC; }

void run_kernel(const PathPlan& plan, std::uint64_t first, PathBlock& block) {
    for (const std::uint64_t end = first + kPaths; first < end; first += kBlockPaths) {
        start_block(plan, first, block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) advance_block(plan, step, block);
    }
}

double share(const std::vector<std::int32_t>& steps) {
    const auto count = std::ranges::count_if(steps, [](std::int32_t step) { return step >= 0; });
    return static_cast<double>(count) / static_cast<double>(steps.size());
}

using Book = std::unique_ptr<const Experiment> (*)();
std::unique_ptr<const Experiment> condor_alone() { return make_book(""); }
std::unique_ptr<const Experiment> three_layers() { return make_book(kThreeLayers); }
// Two layers: one bought at the entry and sold by rule on few paths, one bought by rule on a fifth of them.
std::unique_ptr<const Experiment> fomc_eve() {
    const std::vector<std::string> set{"sampling.method=plain"};
    return prepare(read_scenario(VOLSTORM_SCENARIOS "/2024-12-17-fomc-eve.toml", set));
}

void book(benchmark::State& state, Book make) {
    const auto experiment = make();
    const auto block = std::make_unique<PathBlock>();
    Simulator simulator(*experiment);
    PathColumns columns;
    simulator.run(0, kPaths, columns);  // makes what is made when first asked for
    double kernel_time = 0.0, book_time = 0.0;
    std::uint64_t first = 0;
    for (auto _ : state) {
        std::clock_t start = std::clock();
        run_kernel(experiment->plan, first, *block);
        kernel_time += seconds_since(start);
        start = std::clock();
        simulator.run(first, kPaths, columns);
        book_time += seconds_since(start);
        first += kPaths;
    }
    const double path_steps = static_cast<double>(first) * static_cast<double>(experiment->timeline.size());
    state.counters["kernel_step"] = kernel_time / path_steps;
    state.counters["book_step"] = book_time / path_steps;
    state.counters["ratio"] = book_time / kernel_time;
    for (std::size_t k = 0; k < columns.opened.size(); ++k) {
        state.counters["opened" + std::to_string(k)] = share(columns.opened[k]);
        state.counters["closed" + std::to_string(k)] = share(columns.closed[k]);
    }
}
BENCHMARK_CAPTURE(book, condor, condor_alone)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(book, three_layers, three_layers)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(book, fomc_eve, fomc_eve)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace volstorm::bench

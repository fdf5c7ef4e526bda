#pragma once
#include <benchmark/benchmark.h>

#include <string>

namespace volstorm::bench {

/// Reports the time of one item in seconds, as per_<item>: processor time. `items` are those of all iterations.
inline void per_item(benchmark::State& state, const std::string& item, double items) {
    state.SetItemsProcessed(static_cast<std::int64_t>(items));
    state.counters["per_" + item] =
        benchmark::Counter(items, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

inline double rounds(const benchmark::State& state) { return static_cast<double>(state.iterations()); }

}  // namespace volstorm::bench

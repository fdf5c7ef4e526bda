// A rule on a block of paths at every bar of a session: with daily signals, with signals of bars, and without any.
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "report.h"
#include "volstorm/signal/rule.h"

namespace volstorm::bench {
namespace {

constexpr std::size_t kPaths = 512, kBars = 79;  // the entry and 78 bars
const DateTime kOpen = at(make_date(2025, 6, 17), 9, 30);

struct Tape {
    std::array<std::vector<double>, kBars> spx, vix;
};

Tape random_tape() {
    std::uint32_t random = 1;
    const auto next = [&] {  // from -1 to 1
        random = 1664525u * random + 1013904223u;
        return static_cast<double>(random) * 0x1p-31 - 1.0;
    };
    Tape tape;
    tape.spx[0].assign(kPaths, 6000.0);
    tape.vix[0].assign(kPaths, 20.0);
    for (std::size_t bar = 1; bar < kBars; ++bar) {
        for (std::size_t i = 0; i < kPaths; ++i) {
            const double step = next();
            tape.spx[bar].push_back(tape.spx[bar - 1][i] * (1.0 + 0.001 * step));
            tape.vix[bar].push_back(tape.vix[bar - 1][i] * (1.0 - 0.01 * step));
        }
    }
    return tape;
}

History history() {
    History history;
    for (int day = 0; day < 60; ++day) {
        history.dates.push_back(make_date(2025, 3, 3) + std::chrono::days(day));
        history.spx.push_back(5900.0 + day * 53 % 17 * 8.0);
        history.vix.push_back(18.0 + day * 37 % 11 / 4.0);
    }
    return history;
}

void rule(benchmark::State& state, const std::string& text) {
    const Rule parsed = parse_rule(text, {{"bench", 1, 1}, "rule"}, {});
    const PreparedRule prepared(parsed, {kOpen, 6000.0, 20.0}, history(), {});
    const Tape tape = random_tape();
    std::vector<std::uint8_t> fires(kPaths);
    RuleState memory;
    double true_bars = 0.0;
    for (auto _ : state) {
        prepared.reset(kPaths, memory);
        for (std::size_t bar = 0; bar < kBars; ++bar) {
            const Bar now{.time = kOpen + std::chrono::minutes(5 * bar),
                          .is_close = bar + 1 == kBars,
                          .paths = kPaths,
                          .spx = tape.spx[bar].data(),
                          .vix = tape.vix[bar].data()};
            prepared.evaluate(now, memory, fires.data());
            for (const std::uint8_t fired : fires) true_bars += fired;
        }
    }
    const double path_bars = rounds(state) * static_cast<double>(kPaths * kBars);
    per_item(state, "path_bar", path_bars);
    state.counters["true"] = true_bars / path_bars;
}
BENCHMARK_CAPTURE(rule, daily, "rsi(vix, 14) > 50 and macd_histogram(spx, 12, 26, 9) > 0")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(rule, bars, "rsi(vix.bar, 14) > 60 and macd_histogram(spx.bar, 12, 26, 9) < 0")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(rule, moves, "vix_change > 0.5 and spx_day_return < -0.002 for 3 bars")
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace volstorm::bench

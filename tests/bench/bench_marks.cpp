// Marks of one unit of a hedge layer on a block of paths, all with the strike bought at the entry: interpolated, as
// every path at the horizon and every bar of a rule has them.
#include "bench_day.h"
#include "report.h"
#include "volstorm/hedge/layer_marks.h"

namespace volstorm::bench {
namespace {

constexpr std::size_t kPaths = 512;

void marks(benchmark::State& state, const std::string& instrument) {
    const PricingDay day = shipped_day();
    const std::string text =
        "[[layer]]\nname = \"first\"\ninstrument = { " + instrument + " }\nsize = { contracts = 1 }\n";
    const LayerSpec layer = read_layers(Table::parse(text, "bench.toml"), {}).at(0);
    LayerMarks marks(layer, day, settlement_of(layer, date_of(day.market.time), kDayHorizon));
    const double strike = marks.strike_at_entry();
    const States states = states_around(day, kPaths);
    Surfaces surfaces;
    marks.prepare(surfaces, make_mark_times(day, {kDayHorizon}), states.box, std::vector<double>{strike}, nullptr);
    const std::vector<double> strikes(kPaths, strike);
    std::vector<double> out(kPaths);
    std::size_t exact = marks.mark(strikes, 0, states.span(), out.data());  // makes what is made when first asked for
    for (auto _ : state) {
        exact += marks.mark(strikes, 0, states.span(), out.data());
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    per_item(state, "path", rounds(state) * kPaths);
    state.counters["exact"] = static_cast<double>(exact);  // none: all lie inside the box
}
BENCHMARK_CAPTURE(marks, vix_call, "type = \"vix_call\", days = 30, delta = 0.50")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(marks, vix_call_spread, "type = \"vix_call_spread\", days = 30, delta = 0.40, width = 10.0")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(marks, vx_future, "type = \"vx_future\", days = 30")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(marks, spx_put_spread, "type = \"spx_put_spread\", days = 7, delta = 0.30, width = 50.0")
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace volstorm::bench

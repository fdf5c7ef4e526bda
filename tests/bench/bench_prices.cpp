// Exact prices: of an expiry that is new, of a state that is new in an expiry at hand, of a further strike in that
// state.
#include "bench_day.h"
#include "report.h"
#include "volstorm/pricing/spx_option.h"
#include "volstorm/pricing/vix_option.h"

namespace volstorm::bench {
namespace {

constexpr double kYears = 20.0 / 252.0;

void spx_expiry(benchmark::State& state, double years) {
    const PricingDay day = shipped_day();
    for (auto _ : state) {
        const SpxExpiry expiry(day.model.pricing, years, {}, day.state, day.state);
        benchmark::DoNotOptimize(expiry.smile(day.state).put(6000.0, 5900.0));
    }
    per_item(state, "price", rounds(state));
}
BENCHMARK_CAPTURE(spx_expiry, one_session, 1.0 / 252.0)->Name("spx_option/new_expiry/1")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(spx_expiry, month, kYears)->Name("spx_option/new_expiry/20")->Unit(benchmark::kMicrosecond);

void spx_state(benchmark::State& state) {
    const PricingDay day = shipped_day();
    const SpxExpiry expiry(day.model.pricing, kYears, {}, day.state, day.state);
    for (auto _ : state) benchmark::DoNotOptimize(expiry.smile(day.state).put(6000.0, 5900.0));
    per_item(state, "price", rounds(state));
}
BENCHMARK(spx_state)->Name("spx_option/new_state/20")->Unit(benchmark::kMicrosecond);

void spx_strike(benchmark::State& state) {
    const PricingDay day = shipped_day();
    const SpxSmile smile = SpxExpiry(day.model.pricing, kYears, {}, day.state, day.state).smile(day.state);
    for (auto _ : state) benchmark::DoNotOptimize(smile.put(6000.0, 5900.0));
    per_item(state, "price", rounds(state));
}
BENCHMARK(spx_strike)->Name("spx_option/new_strike/20")->Unit(benchmark::kMicrosecond);

VixExpiry vix_expiry_of(const PricingDay& day) {
    const LinearInState at_expiry = day.vix_squared_at(at(make_date(2025, 7, 16), 9, 30));
    return {day.model.pricing, kYears, {}, at_expiry, day.state};
}

void vix_expiry(benchmark::State& state) {
    const PricingDay day = shipped_day();
    for (auto _ : state) benchmark::DoNotOptimize(vix_expiry_of(day).call(day.state, 20.0));
    per_item(state, "price", rounds(state));
}
BENCHMARK(vix_expiry)->Name("vix_option/new_expiry")->Unit(benchmark::kMicrosecond);

void vix_state(benchmark::State& state) {
    const PricingDay day = shipped_day();
    const VixExpiry expiry = vix_expiry_of(day);
    for (auto _ : state) benchmark::DoNotOptimize(expiry.call(day.state, 20.0));
    per_item(state, "price", rounds(state));
}
BENCHMARK(vix_state)->Name("vix_option/new_state")->Unit(benchmark::kMicrosecond);

void vix_prepared(benchmark::State& state) {
    const PricingDay day = shipped_day();
    const VixExpiry expiry = vix_expiry_of(day);
    const VixExpiry::Payoff payoff = expiry.payoff(20.0);
    const VixExpiry::Law law = expiry.law(day.state);
    for (auto _ : state) benchmark::DoNotOptimize(expiry.call(law, payoff));
    per_item(state, "price", rounds(state));
}
BENCHMARK(vix_prepared)->Name("vix_option/strike_and_state_prepared")->Unit(benchmark::kMicrosecond);

void vix_future(benchmark::State& state) {
    const PricingDay day = shipped_day();
    const VixExpiry expiry = vix_expiry_of(day);
    for (auto _ : state) benchmark::DoNotOptimize(expiry.future(day.state));
    per_item(state, "price", rounds(state));
}
BENCHMARK(vix_future)->Name("vix_future/new_state")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace volstorm::bench

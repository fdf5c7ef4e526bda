#include "pilot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

constexpr std::uint64_t kPilotPaths = 32'768;
constexpr std::uint64_t kPilotSeed = 0x70696C6F74ull;  // mixed into the run's seed
constexpr double kRoom = 1.6;                          // the box reaches this far beyond what the pilot saw
constexpr std::size_t kSample = 256;
constexpr double kDriftLimit = 0.01;

struct Range {
    float most_v = 0.0f, least_m = 1e9f, most_m = 0.0f;
    void take(const PathBlock& block) {
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            most_v = std::max(most_v, block.v[i]);
            least_m = std::min(least_m, block.m[i]);
            most_m = std::max(most_m, block.m[i]);
        }
    }
};

// Carries the pilot's blocks to the horizon and hands each to `use`.
template <class Use>
void for_each_pilot_block(const PathPlan& plan, Range& range, bool every_step, const Use& use) {
    const auto block = std::make_unique<PathBlock>();
    for (std::uint64_t first = 0; first < kPilotPaths; first += kBlockPaths) {
        start_block(plan, first, *block);
        range.take(*block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) {
            advance_block(plan, step, *block);
            if (every_step || step + 1 == plan.steps.size()) range.take(*block);
        }
        use(*block);
    }
}

VarianceState state_of(const PathBlock& block, std::size_t i) {
    return {std::max(static_cast<double>(block.v[i]), 0.0), std::max(static_cast<double>(block.m[i]), 0.0)};
}

}  // namespace

Pilot run_pilot(const Experiment& e) {
    PathPlan plan = e.plan;
    plan.seed ^= kPilotSeed;
    Pilot pilot;
    Range range;
    std::vector<VarianceState> states;
    for_each_pilot_block(plan, range, e.needs_bars, [&](const PathBlock& block) {
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            states.push_back(state_of(block, i));
            pilot.spx.push_back(e.day.market.spx * portable::exp(block.x[i]));
        }
    });
    const double m0 = e.day.state.m, least_m = std::max(range.least_m, 0.0f);
    pilot.box =
        StateBox::around(kRoom * range.most_v, m0 - kRoom * (m0 - least_m), m0 + kRoom * (range.most_m - m0) + 1e-6);
    for (std::size_t i = 0; i < states.size(); ++i) {
        pilot.root_v.push_back(std::sqrt(states[i].v + pilot.box.shift));
        pilot.m.push_back(states[i].m);
        if (i % (kPilotPaths / kSample) != 0) continue;
        pilot.sample.push_back(states[i]);
        pilot.sample_spx.push_back(pilot.spx[i]);
    }
    return pilot;
}

void measure_drift(Experiment& e, PreparedLayer& layer) {
    const double strike = layer.entry ? layer.entry->strike : layer.marks->strike_at_entry();
    const double price = layer.marks->mid_at_entry(strike);
    PathPlan plan = make_plan(e.day, e.timeline, Measure::pricing, e.plan.seed ^ kPilotSeed);
    const double discount = e.day.discount(calendar_time(e.day.market.time, e.horizon()));
    const double carried = layer.spec->kind.has_strike() ? discount : 1.0;  // a future costs nothing to hold
    double sum = 0.0, squares = 0.0;
    std::vector<double> root(kBlockPaths), m(kBlockPaths), spx(kBlockPaths), mark(kBlockPaths);
    Range ignored;
    for_each_pilot_block(plan, ignored, false, [&](const PathBlock& block) {
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const VarianceState state = state_of(block, i);
            root[i] = std::sqrt(state.v + e.box.shift);
            m[i] = state.m;
            spx[i] = e.day.market.spx * portable::exp(block.x[i]);
        }
        layer.marks->mark(strike, e.mark_times.times.size() - 1, {{root, m}, spx}, mark.data());
        for (const double value : mark) {
            const double gain = carried * value / price - 1.0;
            sum += gain;
            squares += gain * gain;
        }
    });
    const auto n = static_cast<double>(kPilotPaths);
    layer.drift = sum / n;
    layer.drift_error = std::sqrt((squares / n - layer.drift * layer.drift) / n);
    const double delta = std::abs(layer.marks->delta_at_entry(strike));
    if (layer.spec->kind.has_strike() && std::abs(layer.drift) > kDriftLimit + 2.0 * layer.drift_error) {
        e.warnings.push_back(
            fmt::format("layer {}: its mark drifts by {:+.1f} % to the horizon under the pricing measure "
                        "(delta {:.2f}); the vvix mark is not a martingale",
                        layer.name, 100.0 * layer.drift, delta));
    }
}

}  // namespace volstorm

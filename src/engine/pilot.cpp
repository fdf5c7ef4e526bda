#include "pilot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "volstorm/engine/strata.h"
#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

constexpr std::uint64_t kPilotPaths = 32'768;
constexpr std::uint64_t kPilotSeed = 0x70696C6F74ull;  // mixed into the seed
constexpr std::uint64_t kDriftSeed = 0;                // not the run's: a warning must not come and go with it
constexpr float kRoom = 1.6f;                          // the box reaches this far beyond what the pilot saw
constexpr std::size_t kSample = 256;
constexpr std::uint32_t kFinest = 4'096;  // slots of the finest strata
constexpr double kDriftLimit = 0.01;      // a session

struct Range {
    float most_v = 0.0f, least_m = 1e9f, most_m = 0.0f;
    void take(const Range& other) {
        most_v = std::max(most_v, other.most_v);
        least_m = std::min(least_m, other.least_m);
        most_m = std::max(most_m, other.most_m);
    }
    void take(const PathBlock& block) {
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            most_v = std::max(most_v, block.v[i]);
            least_m = std::min(least_m, block.m[i]);
            most_m = std::max(most_m, block.m[i]);
        }
    }
};

// Paths at the horizon, and where they were.
struct Sample {
    std::vector<VarianceState> states;
    std::vector<double> spx;
    Range range;
};

Sample simulate_pilot(const Experiment& e, const Generator& generator, std::uint64_t count, bool range_of_every_step) {
    Sample sample;
    const auto block = std::make_unique<PathBlock>();
    std::vector<std::uint64_t> paths(kBlockPaths);
    for (std::uint64_t first = 0; first < count; first += kBlockPaths) {
        paths.resize(std::min<std::uint64_t>(kBlockPaths, count - first));
        std::iota(paths.begin(), paths.end(), first);
        generator.start(paths, *block);
        sample.range.take(*block);
        for (std::size_t step = 0; step < e.timeline.size(); ++step) {
            generator.advance(step, *block);
            if (range_of_every_step || step + 1 == e.timeline.size()) sample.range.take(*block);
        }
        for (std::size_t i = 0; i < paths.size(); ++i) {
            sample.states.push_back(
                {std::max(static_cast<double>(block->v[i]), 0.0), std::max(static_cast<double>(block->m[i]), 0.0)});
            sample.spx.push_back(e.day.market.spx * portable::exp(block->x[i]));
        }
    }
    return sample;
}

// Paths of the model under the pricing measure, always the same.
Sample priced_paths(const Experiment& e) {
    const PathPlan plan = make_plan(e.day, e.timeline, Measure::pricing, kDriftSeed ^ kPilotSeed);
    return simulate_pilot(e, *model_paths(plan), kPilotPaths, false);
}

// A sample in strata, which has more extreme paths than a plain one: as many of each stratum.
Sample paths_in_strata(const Experiment& e, PathPlan plan) {
    std::vector<Stratum> strata = strata_of(plan, kFinest);
    const auto share = static_cast<std::uint32_t>(kPilotPaths / strata.size());
    for (Stratum& stratum : strata) stratum.share = share;
    const SampleLayout layout{.replicates = 1, .slots = share * static_cast<std::uint32_t>(strata.size())};
    plan.strata = std::make_shared<Strata>(plan, SamplingMethod::stratified, layout, std::move(strata));
    return simulate_pilot(e, *model_paths(plan), layout.paths(), e.needs_bars);
}

Arrivals arrivals_of(Sample sample, const StateBox& box) {
    Arrivals arrivals;
    for (const VarianceState& state : sample.states) {
        arrivals.root_v.push_back(std::sqrt(state.v + box.shift));
        arrivals.m.push_back(state.m);
    }
    arrivals.spx = std::move(sample.spx);
    return arrivals;
}

// What paths may reach beyond those seen.
Range with_room(Range range, const VarianceState& entry) {
    const auto m0 = static_cast<float>(entry.m);
    range.most_v *= kRoom;
    range.least_m = m0 - kRoom * (m0 - std::max(range.least_m, 0.0f));
    range.most_m = m0 + kRoom * (range.most_m - m0) + 1e-6f;
    return range;
}

void measure_drift(Experiment& e, const SpxStateSpan& arrivals, PreparedLayer& layer) {
    const LayerMarks& law = layer.first_marks();
    const double strike = layer.entry ? layer.entry->strike : law.strike_at_entry();
    const double price = law.mid_at_entry(strike);
    const double discount = e.day.discount(calendar_time(e.day.market.time, e.horizon()));
    const double carried = layer.spec->kind.has_strike() ? discount : 1.0;  // a future costs nothing to hold
    std::vector<double> marks(arrivals.state.size());
    law.mark(std::vector<double>(marks.size(), strike), e.mark_times.times.size() - 1, arrivals, marks.data());
    double sum = 0.0, squares = 0.0;
    for (const double mark : marks) {
        const double gain = carried * mark / price - 1.0;
        sum += gain;
        squares += gain * gain;
    }
    const auto n = static_cast<double>(marks.size());
    layer.drift = sum / n;
    layer.drift_error = std::sqrt((squares / n - layer.drift * layer.drift) / n);
    const double sessions = e.day.variance_time(e.day.market.time, e.horizon()).value * kSessionsPerYear;
    if (!layer.spec->kind.has_strike() || std::abs(layer.drift) <= kDriftLimit * std::max(sessions, 1.0)) return;
    e.warnings.push_back(
        fmt::format("layer {}: its mark drifts by {:+.1f} % (+-{:.1f}) to the horizon under the pricing measure{}",
                    layer.name, 100.0 * layer.drift, 100.0 * layer.drift_error,
                    e.quoted.empty() ? "" : ", partly for its quotes differ from the model"));
}

// Slope of the future at the horizon against VIX there.
double measure_future_beta(const Experiment& e, const SpxStateSpan& arrivals, const PreparedLayer& layer) {
    std::vector<double> futures(arrivals.state.size());
    layer.first_marks().futures(e.mark_times.times.size() - 1, arrivals, futures.data());
    const LinearInState squared = e.day.vix_squared_at(e.horizon());
    const auto n = static_cast<double>(futures.size());
    double vix_sum = 0.0, future_sum = 0.0, products = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < futures.size(); ++i) {
        const VarianceState state{e.box.v_of(arrivals.state.root_v[i]), arrivals.state.m[i]};
        const double vix = vix_level(squared, state) - e.vix_at_entry;
        vix_sum += vix, future_sum += futures[i], products += vix * futures[i], squares += vix * vix;
    }
    return (products - vix_sum * future_sum / n) / (squares - vix_sum * vix_sum / n);
}

}  // namespace

void Pilot::take_some(std::span<const VarianceState> states, std::span<const double> spx_there) {
    for (std::size_t i = 0; i < states.size(); i += std::max<std::size_t>(1, states.size() / kSample)) {
        sample.push_back(states[i]);
        sample_spx.push_back(spx_there[i]);
    }
}

Pilot run_pilot(const Experiment& e) {
    const GeneratorSpec& spec = e.scenario.generator;
    PathPlan plan = e.plan;
    plan.seed ^= kPilotSeed;
    const std::uint64_t count = std::min(spec.paths.value_or(kPilotPaths), kPilotPaths);
    Sample sample = simulate_pilot(e, *spec.make(e, plan), count, e.needs_bars), priced;
    Pilot pilot;
    Range range = sample.range;
    pilot.take_some(sample.states, sample.spx);
    if (e.scenario.sampling.method != SamplingMethod::plain) {
        const Sample strata = paths_in_strata(e, plan);
        range.take(strata.range);
        const std::size_t plain = pilot.sample.size();
        pilot.take_some(strata.states, strata.spx);
        // Rules also buy there: the strikes that they ask for are prepared.
        sample.states.insert(sample.states.end(), pilot.sample.begin() + static_cast<std::ptrdiff_t>(plain),
                             pilot.sample.end());
        sample.spx.insert(sample.spx.end(), pilot.sample_spx.begin() + static_cast<std::ptrdiff_t>(plain),
                          pilot.sample_spx.end());
    }
    range = with_room(range, e.day.state);
    if (!e.layers.empty()) {
        priced = priced_paths(e);
        range.take(priced.range);
    }
    pilot.box = StateBox::around(range.most_v, range.least_m, range.most_m);
    pilot.arrivals = arrivals_of(std::move(sample), pilot.box);
    pilot.priced = arrivals_of(std::move(priced), pilot.box);
    return pilot;
}

void measure_drifts(Experiment& e, const Pilot& pilot) {
    for (PreparedLayer& layer : e.layers) {
        measure_drift(e, pilot.priced.span(), layer);
        if (layer.spec->kind.is_vix()) layer.future_beta = measure_future_beta(e, pilot.priced.span(), layer);
    }
}

}  // namespace volstorm

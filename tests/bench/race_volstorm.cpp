// The path kernel and the end of its paths, block by block, as the library does it.
#include <algorithm>
#include <memory>
#include <vector>

#include "race.h"
#include "volstorm/core/clones.h"
#include "volstorm/math/interpolant.h"
#include "volstorm/math/portable.h"

namespace volstorm::bench {
namespace {

using Column = std::array<double, kBlockPaths>;
struct Ends {
    Column condor, vix, root_v, m, call;
};

VOLSTORM_CLONES
void end_paths(const StepConstants& last, const float* __restrict x, const float* __restrict v,
               const float* __restrict m, Ends& ends) {
    const double constant = last.vix_constant, per_v = last.vix_per_v, per_m = last.vix_per_m;
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const double spot = kSpot * portable::exp(x[i]);
        const double below = kShortPut - spot, above = spot - kShortCall;
        const double put_side = below <= 0.0 ? 0.0 : below >= kWing ? kWing : below;
        const double call_side = above <= 0.0 ? 0.0 : above >= kWing ? kWing : above;
        ends.condor[i] = -(put_side + call_side);
        const double vp = v[i] > 0.0f ? v[i] : 0.0f, mp = m[i] > 0.0f ? m[i] : 0.0f, root = std::sqrt(vp);
        ends.vix[i] = 100.0 * std::sqrt(constant + per_v * vp + per_m * mp);
        ends.root_v[i] = root < kMostRoot ? root : kMostRoot;
        ends.m[i] = mp < kMostMean ? mp : kMostMean;
    }
}

void add(const PathBlock& block, const Ends& ends, Totals& totals) {
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        std::uint32_t jumps = 0;
        for (const auto& family : block.jumps) jumps += family[i];
        totals.add(kVariance, block.v[i]);
        totals.add(kJumps, jumps);
        totals.add(kCondor, ends.condor[i]);
        totals.add(kVix, ends.vix[i]);
        totals.add(kCall, ends.call[i]);
    }
    totals.paths += kBlockPaths;
}

}  // namespace

Totals run_volstorm(const PathPlan& plan, std::uint64_t paths) {
    const Interpolant call({Interval{}, Interval{0.0, kMostRoot}, Interval{0.0, kMostMean}},
                           {1, kRootTerms, kMeanTerms},
                           [](const Interpolant::Point& at) { return call_value(at[1], at[2]); });
    const auto block = std::make_unique<PathBlock>();
    const auto ends = std::make_unique<Ends>();
    Totals totals;
    for (std::uint64_t first = 0; first < paths; first += kBlockPaths) {
        start_block(plan, first, *block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) advance_block(plan, step, *block);
        end_paths(plan.steps.back(), block->x.data(), block->v.data(), block->m.data(), *ends);
        call.evaluate(nullptr, ends->root_v.data(), ends->m.data(), ends->call.data(), kBlockPaths);
        add(*block, *ends, totals);
    }
    return totals;
}

}  // namespace volstorm::bench

// Campaigns of samples in strata through the sampling that runs use.
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <map>
#include <numbers>

#include "volstorm/engine/path_kernel.h"
#include "volstorm/engine/strata.h"
#include "volstorm/risk/pnl_statistics.h"

using namespace volstorm;

namespace {

constexpr double kYears = 1.0 / 252.0, kV = 0.02, kEventSd = 0.01, kJumpSd = 0.015, kJumpMean = -0.01, kHazard = 0.1;

// A session in which v stands still: ln SPX is a sum of normals, as many of them jumps as a Poisson number says.
PathPlan still_plan() {
    constexpr std::size_t steps = 8;
    const auto dt = static_cast<float>(kYears / steps);
    PathPlan plan;
    plan.v0 = static_cast<float>(kV), plan.m0 = 0.03f;
    StepConstants step{};
    step.dt = dt, step.x_drift_per_v = -0.5f * dt;
    plan.steps.assign(steps, step);
    plan.event_of_step.assign(steps, kNoEvent);
    plan.is_bar_end.assign(steps, 1);
    plan.events = {{0.0f, static_cast<float>(kEventSd), 1.0f}}, plan.event_of_step[3] = 0;
    plan.jumps = {
        {static_cast<float>(kJumpMean), static_cast<float>(kJumpSd), 0.0f, 0.0f, kHazard / kYears, 0.0, "jump"}};
    return plan;
}

double upper_tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

/// The law of the loss -ln SPX.
class Law {
 public:
    double beyond(double loss) const {
        return mixture([&](double mean, double sd) { return upper_tail((loss - mean) / sd); });
    }
    double mean() const {
        return mixture([](double mean, double) { return mean; });
    }
    double value_at_risk(double level) const {
        double low = 0.0, high = 1.0;
        for (int i = 0; i < 60; ++i) {
            const double middle = 0.5 * (low + high);
            (beyond(middle) > 1.0 - level ? low : high) = middle;
        }
        return low;
    }
    double expected_shortfall(double level) const {
        const double from = value_at_risk(level);
        return mixture([&](double mean, double sd) {
                   const double z = (from - mean) / sd;
                   return mean * upper_tail(z) + sd * std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi);
               }) /
               (1.0 - level);
    }

 private:
    template <class Number>
    static double mixture(const Number& number) {
        double sum = 0.0, probability = std::exp(-kHazard);
        for (int jumps = 0; jumps < 20; ++jumps, probability *= kHazard / jumps) {
            const double mean = 0.5 * kV * kYears - jumps * kJumpMean;
            sum += probability * number(mean, std::sqrt(kV * kYears + kEventSd * kEventSd + jumps * kJumpSd * kJumpSd));
        }
        return sum;
    }
};

// The figures of one run: -ln SPX as the loss.
PnlFigures figures_of(const PathPlan& plan) {
    PnlPiece paths{0, {}, {{}}};
    const auto block = std::make_unique<PathBlock>();
    const std::uint64_t count = plan.strata ? plan.strata->layout().paths() : 4'096;
    PathWeights weights;
    for (std::uint64_t first = 0; first < count; first += kBlockPaths) {
        start_block(plan, first, *block);
        for (std::size_t step = 0; step < plan.steps.size(); ++step) advance_block(plan, step, *block);
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            paths.pnl[0].push_back(block->x[i]);
            paths.cell.push_back(0);
            if (!plan.strata) continue;
            const PathPlace place = plan.strata->place(first + i);
            paths.stratum.push_back(static_cast<std::uint8_t>(place.stratum));
            paths.replicate.push_back(static_cast<std::uint8_t>(place.replicate));
        }
    }
    if (plan.strata) {
        const auto masses = plan.strata->masses();
        weights = {{masses.begin(), masses.end()}, plan.strata->layout().replicates, static_cast<double>(count)};
    }
    return pnl_figures(paths, kTailLevels, weights);
}

std::shared_ptr<const Strata> strata_of_run(const PathPlan& plan, SamplingMethod method) {
    const SampleLayout layout = sample_layout(4'096);
    std::vector<Stratum> list = strata_of(plan, layout.slots);
    std::vector<double> weight;
    for (const Stratum& stratum : list) weight.push_back(stratum.probability + 0.3 * std::sqrt(stratum.probability));
    divide_slots(weight, layout.slots, list);
    return std::make_shared<Strata>(plan, method, layout, std::move(list));
}

bool holds(const Estimate& e, double truth) { return e.low <= truth && truth <= e.high; }

}  // namespace

TEST_CASE("intervals of 2,000 runs cover a known law in 93 to 97 %, whatever the method", "[.long]") {
    constexpr int kRuns = 2'000;
    const Law law;
    PathPlan plan = still_plan();
    for (const SamplingMethod method : {SamplingMethod::plain, SamplingMethod::stratified, SamplingMethod::hybrid}) {
        std::map<std::string, double> cover;
        double shown = 0.0;
        for (int run = 0; run < kRuns; ++run) {
            plan.seed = 100 + static_cast<std::uint64_t>(run);
            plan.strata = nullptr;
            if (method != SamplingMethod::plain) plan.strata = strata_of_run(plan, method);
            const Summary& s = *figures_of(plan).books[0].summary[kWhole];
            cover["mean"] += holds(s.mean, -law.mean());
            cover["VaR 95"] += holds(s.tails[0].value_at_risk, law.value_at_risk(0.95));
            cover["ES 95"] += holds(s.tails[0].expected_shortfall, law.expected_shortfall(0.95));
            cover["VaR 99"] += holds(s.tails[2].value_at_risk, law.value_at_risk(0.99));
            if (method == SamplingMethod::plain) continue;  // 41 paths in the tail: no interval
            shown += std::isfinite(s.tails[2].expected_shortfall.high);
            cover["ES 99"] += holds(s.tails[2].expected_shortfall, law.expected_shortfall(0.99));
        }
        std::cout << "95 % intervals, " << to_string(method) << ", " << kRuns << " runs:";
        for (const auto& [figure, count] : cover) {
            std::cout << ' ' << figure << ' ' << count / kRuns;
            CAPTURE(to_string(method), figure);
            CHECK((count >= 0.93 * kRuns && count <= 0.97 * kRuns));
        }
        std::cout << '\n';
        if (method != SamplingMethod::plain) CHECK(shown == kRuns);
    }
}

#include "volstorm/calibration/one_day_law.h"

#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "volstorm/engine/experiment.h"
#include "volstorm/engine/extremes.h"
#include "volstorm/market/calendar.h"
#include "volstorm/market/timeline.h"

namespace volstorm {
namespace {

// A week without holidays, and rates of the years in which the history lies, on average: only their difference counts.
constexpr Date kMonday = make_date(2024, 1, 22);
constexpr double kRate = 0.04, kDividendYield = 0.013;
constexpr double kSpx = 5000.0;

// One VIX close: its day, and the way to the next close.
struct Level {
    PricingDay day;
    std::vector<Step> timeline;
    PathPlan plan;
};

Level make_level(const ModelInput& model, double vix, std::size_t number, std::uint64_t seed) {
    const Date date = kMonday + std::chrono::days(number % 5);
    Market market;
    market.time = session_close(date);
    market.has_time = true;
    market.spx = kSpx;
    market.vix = vix;
    market.rate = kRate;
    market.dividend_yield = kDividendYield;
    Level level{make_day(market, model, {}), {}, {}};
    level.timeline = make_timeline(market.time, next_session(date), level.day.clock, {});
    level.plan = make_plan(level.day, level.timeline, Measure::physical, seed);
    return level;
}

struct Workspace {
    PathBlock block;
    Extremes extremes;
    std::array<float, kBlockPaths> open;
};

void carry_to_close(const Level& level, Workspace& w) {
    bool in_session = false;
    for (std::size_t step = 0; step < level.timeline.size(); ++step) {
        if (in_session) w.extremes.before(w.block);
        advance_block(level.plan, step, w.block);
        if (in_session) w.extremes.after(level.plan, step, w.block);
        if (!level.timeline[step].is_open) continue;
        in_session = true;
        w.open = w.block.x;
        w.extremes.start(w.block);
    }
}

void store(const Level& level, const Workspace& w, std::size_t at, OneDaySample& sample) {
    const LinearInState squared = level.day.vix_squared_at(level.timeline.back().end);
    const double vix = *level.day.market.vix;
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const VarianceState state{std::max(w.block.v[i], 0.0f), std::max(w.block.m[i], 0.0f)};
        sample.vix_before[at + i] = vix;
        sample.spx_return[at + i] = 100.0 * static_cast<double>(w.block.x[i]);
        sample.vix_change[at + i] = vix_level(squared, state) - vix;
        sample.low[at + i] = 100.0 * static_cast<double>(w.extremes.low[i]);
        sample.high[at + i] = 100.0 * static_cast<double>(w.extremes.high[i]);
        sample.gap[at + i] = 100.0 * static_cast<double>(w.open[i]);
    }
}

}  // namespace

OneDaySample simulate_sessions(const ModelInput& model, std::span<const double> vix_before, std::size_t paths,
                               std::uint64_t seed, Executor& executor) {
    OneDaySample sample;
    for (auto* column : {&sample.vix_before, &sample.spx_return, &sample.vix_change, &sample.low, &sample.high,
                         &sample.gap})
        column->resize(vix_before.size() * paths);
    std::vector<std::unique_ptr<Workspace>> workspaces(executor.threads());
    for (auto& workspace : workspaces) workspace = std::make_unique<Workspace>();
    const auto simulate_level = [&](std::size_t worker, std::size_t, std::size_t number) {
        const Level level = make_level(model, vix_before[number], number, seed);
        Workspace& w = *workspaces[worker];
        for (std::size_t at = number * paths; at < (number + 1) * paths; at += kBlockPaths) {
            start_block(level.plan, at, w.block);
            carry_to_close(level, w);
            store(level, w, at, sample);
        }
    };
    executor.for_each_ordered(vix_before.size(), simulate_level, [](std::size_t, std::size_t) {});
    return sample;
}

}  // namespace volstorm

#include "volstorm/calibration/one_day_law.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "volstorm/engine/experiment.h"
#include "volstorm/engine/extremes.h"
#include "volstorm/market/calendar.h"
#include "volstorm/market/timeline.h"
#include "volstorm/math/normal.h"

namespace volstorm {
namespace {

// A week without holidays, and rates of the years in which the history lies, on average: only their difference counts.
constexpr Date kMonday = make_date(2024, 1, 22);
constexpr double kRate = 0.04, kDividendYield = 0.013;
constexpr double kSpx = 5000.0;
// SPX is published every 15 seconds, and its highs and lows are of what was published.
constexpr float kLooksPerBar = 20.0f;

// One VIX close: its day, and the way to the next close.
struct Level {
    PricingDay day;
    std::vector<Step> timeline;
    PathPlan plan;
};

// The model of a day whose one-day vol is the rule's at `quantile` of what it is from day to day.
ModelInput with_state_at(const ModelInput& model, double quantile) {
    ModelInput day = model;
    day.state_rule.ratio *= std::exp(model.state_rule.dispersion * normal_quantile(quantile));
    return day;
}

// Blocks share the quantiles evenly, however few of them are taken from where on (the golden ratio's sequence).
double quantile_of(std::size_t block) {
    constexpr double kGoldenRatio = 0.6180339887498949;
    return std::clamp(std::fmod((static_cast<double>(block) + 0.5) * kGoldenRatio, 1.0), 1e-3, 1.0 - 1e-3);
}

Date weekday_of(std::size_t number) { return kMonday + std::chrono::days(number % 5); }

Level make_level(const ModelInput& model, double vix, std::size_t number, std::uint64_t seed,
                 const std::vector<Event>& events = {}) {
    const Date date = weekday_of(number);
    Market market;
    market.time = session_close(date);
    market.has_time = true;
    market.spx = kSpx;
    market.vix = vix;
    market.vix_source.file = "the model, on a session after such a VIX close";
    market.rate = kRate;
    market.dividend_yield = kDividendYield;
    Level level{make_day(market, model, events), {}, {}};
    level.timeline = make_timeline(market.time, next_session(date), level.day.clock, events);
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
        if (in_session) w.extremes.after(level.plan, step, w.block, kLooksPerBar);
        if (!level.timeline[step].is_open) continue;
        in_session = true;
        w.open = w.block.x;
        w.extremes.start(w.block);
    }
}

VarianceState state_of(const PathBlock& block, std::size_t i) {
    return {std::max(block.v[i], 0.0f), std::max(block.m[i], 0.0f)};
}

void store(const Level& level, const Workspace& w, std::size_t at, OneDaySample& sample) {
    const LinearInState squared = level.day.vix_squared_at(level.timeline.back().end);
    const double vix = *level.day.market.vix;
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const VarianceState state = state_of(w.block, i);
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
    for (auto* column :
         {&sample.vix_before, &sample.spx_return, &sample.vix_change, &sample.low, &sample.high, &sample.gap})
        column->resize(vix_before.size() * paths);
    std::vector<std::unique_ptr<Workspace>> workspaces(executor.threads());
    for (auto& workspace : workspaces) workspace = std::make_unique<Workspace>();
    const std::size_t blocks = paths / kBlockPaths;
    const auto simulate_level = [&](std::size_t worker, std::size_t, std::size_t number) {
        Workspace& w = *workspaces[worker];
        for (std::size_t block = 0; block < blocks; ++block) {
            const ModelInput day = with_state_at(model, quantile_of(number * blocks + block));
            const Level level = make_level(day, vix_before[number], number, seed);
            const std::size_t at = number * paths + block * kBlockPaths;
            start_block(level.plan, at, w.block);
            carry_to_close(level, w);
            store(level, w, at, sample);
        }
    };
    executor.for_each_ordered(vix_before.size(), simulate_level, [](std::size_t, std::size_t) {});
    return sample;
}

SessionStates simulate_states(const ModelInput& model, double vix_before, std::size_t paths, std::uint64_t seed) {
    const Level level = make_level(model, vix_before, 0, seed);
    SessionStates states{level.day, level.timeline.back().end, {}};
    const auto w = std::make_unique<Workspace>();
    for (std::size_t first = 0; first < paths; first += kBlockPaths) {
        start_block(level.plan, first, w->block);
        for (std::size_t step = 0; step < level.timeline.size(); ++step) advance_block(level.plan, step, w->block);
        for (std::size_t i = 0; i < std::min(kBlockPaths, paths - first); ++i)
            states.end.push_back(state_of(w->block, i));
    }
    return states;
}

namespace {

// The announcement at its usual hour of the session after `date`.
Event announced_after(Date date, std::string_view name, double vix) {
    Event event;
    event.name = name;
    event.time = name == "FOMC" ? at(next_session(date), 14, 0) : at(next_session(date), 8, 30);
    event.spx_move_sd = event.physical_sd = typical_move_sd(name, vix).value_or(0.0);
    event.physical_mean = -0.5 * event.physical_sd * event.physical_sd;
    return event;
}

// Mean square of the return over what VIX announces.
double mean_square_z(const ModelInput& model, std::span<const double> vix_before, std::string_view event,
                     std::uint64_t seed) {
    constexpr std::size_t kBlocks = 8;
    const auto block = std::make_unique<PathBlock>();
    double sum = 0.0;
    for (std::size_t number = 0; number < vix_before.size() * kBlocks; ++number) {
        const double vix = vix_before[number / kBlocks];
        std::vector<Event> events;
        if (!event.empty()) events.push_back(announced_after(weekday_of(number), event, vix));
        const Level level = make_level(with_state_at(model, quantile_of(number)), vix, number, seed, events);
        start_block(level.plan, number * kBlockPaths, *block);
        for (std::size_t step = 0; step < level.timeline.size(); ++step) advance_block(level.plan, step, *block);
        for (const float x : block->x) sum += std::pow(100.0 * static_cast<double>(x) / vix, 2) * kSessionsPerYear;
    }
    return sum / static_cast<double>(vix_before.size() * kBlocks * kBlockPaths);
}

}  // namespace

double event_variance_ratio(const ModelInput& model, std::span<const double> vix_before, std::string_view event,
                            std::uint64_t seed) {
    return mean_square_z(model, vix_before, event, seed) / mean_square_z(model, vix_before, "", seed);
}

}  // namespace volstorm

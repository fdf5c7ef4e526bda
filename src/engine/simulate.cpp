#include "volstorm/engine/simulate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "layer_block.h"
#include "volstorm/market/calendar.h"

namespace volstorm {

struct Simulator::Workspace {
    PathBlock block;
    MarketBlock market;
    std::vector<LayerBlock> layers;
    std::vector<std::array<double, kBlockPaths>> legs;  // P&L of each leg at mid, dollars; the last is the costs
    std::uint64_t traced = std::numeric_limits<std::uint64_t>::max();
    const Trace* trace = nullptr;
};

namespace {

// Value of one condor leg at settlement, index points.
double payoff(std::size_t leg, double strike, double spx) {
    const double inside = leg <= kShortPut ? strike - spx : spx - strike;
    return inside > 0.0 ? inside : 0.0;
}

// P&L of the condor's legs at mid, and its costs, in dollars.
void settle_condor(const Experiment& e, const MarketBlock& market, std::vector<std::array<double, kBlockPaths>>& legs) {
    const Condor& condor = *e.condor;
    double costs = 0.0;
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
        const double scale = kCondorSigns[leg] * kOptionMultiplier * condor.contracts;
        const double strike = condor.strike[leg], mid = condor.mid[leg];
        for (std::size_t i = 0; i < kBlockPaths; ++i) legs[leg][i] = scale * (payoff(leg, strike, market.spx[i]) - mid);
        if (!condor.held) {
            costs += (condor.half_spread[leg] * kOptionMultiplier + e.scenario.costs.spx_option_fee) * condor.contracts;
        }
    }
    legs.back().fill(-costs);
}

Breach breach_of(const Condor& condor, double spx) {
    if (spx < condor.strike[kShortPut]) return Breach::down;
    return spx > condor.strike[kShortCall] ? Breach::up : Breach::none;
}

}  // namespace

void PathColumns::resize(const Experiment& e, std::size_t paths) {
    const std::size_t layers = e.layers.size();
    count = paths;
    pnl.assign(layers + 1, std::vector<float>(paths));
    pnl_leg.assign(kCondorLegs + layers + 1, std::vector<float>(paths));
    for (std::vector<float>* column : {&spx_return, &vix_end, &vix_max}) column->resize(paths);
    breach.resize(paths);
    jumps.assign(e.plan.jumps.size(), std::vector<std::uint8_t>(paths));
    for (auto* group : {&opened, &closed}) group->assign(layers, std::vector<std::int32_t>(paths));
    for (auto* group : {&contracts, &unit_pnl, &unit_cost}) group->assign(layers, std::vector<float>(paths));
    exact_marks = 0;
}

Simulator::Simulator(const Experiment& experiment) : experiment_(experiment), work_(std::make_unique<Workspace>()) {
    for (const PreparedLayer& layer : experiment.layers) work_->layers.emplace_back(experiment, layer);
    work_->legs.resize(kCondorLegs + experiment.layers.size() + 1);
}

Simulator::~Simulator() = default;

void Simulator::run(std::uint64_t first, std::size_t count, PathColumns& columns) {
    columns.resize(experiment_, count);
    columns.first = first;
    for (std::size_t at = 0; at < count; at += kBlockPaths) {
        run_block(first + at, std::min(kBlockPaths, count - at), at, columns);
    }
}

void Simulator::trace(std::uint64_t path, PathColumns& columns, const Trace& trace) {
    work_->traced = path;
    work_->trace = &trace;
    run(path - path % kBlockPaths, kBlockPaths, columns);
    work_->trace = nullptr;
}

void Simulator::run_block(std::uint64_t first, std::size_t count, std::size_t at, PathColumns& columns) {
    const Experiment& e = experiment_;
    Workspace& w = *work_;
    const auto bar_at = [&](DateTime time, bool is_close) {
        return Bar{.time = time,
                   .is_close = is_close,
                   .paths = kBlockPaths,
                   .spx = w.market.spx.data(),
                   .vix = w.market.vix.data()};
    };
    const bool traced_here = w.trace != nullptr && w.traced >= first && w.traced < first + kBlockPaths;
    const auto report = [&](std::size_t step, std::size_t mark_time, bool has_marks) {
        const auto i = static_cast<std::size_t>(w.traced - first);
        PathPoint point{w.block.x[i], w.block.v[i], w.block.m[i], {}, {}};
        for (const LayerBlock& layer : w.layers) {
            const bool open = layer.opened[i] >= 0 && layer.closed[i] < 0;
            point.layer_contracts.push_back(open ? layer.contracts[i] : 0.0);
            point.layer_mid.push_back(has_marks ? layer.mid(i, w.market, mark_time)
                                                : std::numeric_limits<double>::quiet_NaN());
        }
        (*w.trace)(step, point);
    };

    start_block(e.plan, first, w.block);
    const std::size_t only = traced_here ? static_cast<std::size_t>(w.traced - first) : 0;
    for (LayerBlock& layer : w.layers) traced_here ? layer.start(only, only + 1) : layer.start();
    if (e.needs_bars) {
        w.market.take_entry(e);
        const bool at_close = e.day.market.time == session_close(date_of(e.day.market.time));
        for (LayerBlock& layer : w.layers) layer.bar(bar_at(e.day.market.time, at_close), w.market, 0, 0, false);
    }
    if (traced_here) report(0, 0, e.needs_bars);
    for (std::size_t step = 0; step < e.timeline.size(); ++step) {
        advance_block(e.plan, first, step, w.block);
        const Step& here = e.timeline[step];
        const bool at_horizon = step + 1 == e.timeline.size();
        const bool has_marks = at_horizon || (e.needs_bars && here.is_bar_end);
        const auto number = static_cast<std::int32_t>(step + 1);
        if (has_marks) w.market.take(e, w.block, e.plan.steps[step]);
        if (has_marks && e.needs_bars) {
            for (LayerBlock& layer : w.layers) {
                layer.bar(bar_at(here.end, here.is_close), w.market, number, e.mark_time_of_step[step], at_horizon);
            }
        }
        if (traced_here) report(step + 1, e.mark_time_of_step[step], has_marks);
    }
    const auto last = static_cast<std::int32_t>(e.timeline.size());
    for (LayerBlock& layer : w.layers) layer.settle(w.market, last, e.mark_times.times.size() - 1);
    store(count, at, columns);
}

void Simulator::store(std::size_t count, std::size_t at, PathColumns& columns) {
    const Experiment& e = experiment_;
    Workspace& w = *work_;
    settle_condor(e, w.market, w.legs);
    std::array<double, kBlockPaths> total;
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        total[i] = w.legs.back()[i];
        for (std::size_t leg = 0; leg < kCondorLegs; ++leg) total[i] += w.legs[leg][i];
    }
    std::copy_n(total.begin(), count, columns.pnl[0].begin() + static_cast<std::ptrdiff_t>(at));
    for (std::size_t k = 0; k < w.layers.size(); ++k) {
        const LayerBlock& layer = w.layers[k];
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const double gain = layer.contracts[i] * layer.unit_pnl[i], cost = layer.contracts[i] * layer.unit_cost[i];
            w.legs[kCondorLegs + k][i] = gain;
            w.legs.back()[i] -= cost;
            total[i] += gain - cost;
        }
        const auto to = static_cast<std::ptrdiff_t>(at);
        std::copy_n(total.begin(), count, columns.pnl[k + 1].begin() + to);
        std::copy_n(layer.contracts.begin(), count, columns.contracts[k].begin() + to);
        std::copy_n(layer.unit_pnl.begin(), count, columns.unit_pnl[k].begin() + to);
        std::copy_n(layer.unit_cost.begin(), count, columns.unit_cost[k].begin() + to);
        std::copy_n(layer.opened.begin(), count, columns.opened[k].begin() + to);
        std::copy_n(layer.closed.begin(), count, columns.closed[k].begin() + to);
        columns.exact_marks += layer.exact_marks;
    }
    for (std::size_t leg = 0; leg < w.legs.size(); ++leg) {
        std::copy_n(w.legs[leg].begin(), count, columns.pnl_leg[leg].begin() + static_cast<std::ptrdiff_t>(at));
    }
    for (std::size_t j = 0; j < columns.jumps.size(); ++j) {
        std::copy_n(w.block.jumps[j].begin(), count, columns.jumps[j].begin() + static_cast<std::ptrdiff_t>(at));
    }
    for (std::size_t i = 0; i < count; ++i) {
        columns.spx_return[at + i] = static_cast<float>(w.market.spx[i] / e.day.market.spx - 1.0);
        columns.vix_end[at + i] = static_cast<float>(w.market.vix[i]);
        columns.vix_max[at + i] = 100.0f * std::sqrt(w.block.vix_squared_max[i]);
        columns.breach[at + i] = static_cast<std::uint8_t>(breach_of(*e.condor, w.market.spx[i]));
    }
}

}  // namespace volstorm

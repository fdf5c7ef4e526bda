#include "volstorm/engine/simulate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "layer_block.h"
#include "volstorm/engine/strata.h"
#include "volstorm/market/calendar.h"
#include "volstorm/pricing/spx_option.h"

namespace volstorm {

struct Simulator::Workspace {
    PathBlock block;
    MarketBlock market;
    std::vector<LayerBlock> layers;
    std::vector<double> total, costs;  // P&L of the book so far and its costs, dollars, by path of the batch
};

namespace {

// Paths whose layers are priced together: enough that those of one moment and strike fill a vector many times over.
constexpr std::size_t kBatchPaths = 64 * kBlockPaths;

// Value of one condor leg at settlement, index points.
double payoff(std::size_t leg, double strike, double spx) {
    const double inside = leg <= kShortPut ? strike - spx : spx - strike;
    return inside > 0.0 ? inside : 0.0;
}

// P&L of one leg at mid, dollars.
double leg_pnl(const Condor& condor, std::size_t leg, double spx) {
    const double scale = kCondorSigns[leg] * kOptionMultiplier * condor.contracts;
    return scale * (payoff(leg, condor.strike[leg], spx) - condor.mid[leg]);
}

Breach breach_of(const Condor& condor, double spx) {
    if (spx < condor.strike[kShortPut]) return Breach::down;
    return spx > condor.strike[kShortCall] ? Breach::up : Breach::none;
}

void start_from(const Generator& generator, std::uint64_t first, PathBlock& block) {
    std::array<std::uint64_t, kBlockPaths> paths;
    std::iota(paths.begin(), paths.end(), first);
    generator.start(paths, block);
}

}  // namespace

double condor_costs(const Experiment& e) {
    const Condor& condor = *e.condor;
    double costs = 0.0;
    if (condor.held) return 0.0;  // paid before
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
        costs += (condor.half_spread[leg] * kOptionMultiplier + e.scenario.costs.spx_option_fee) * condor.contracts;
    }
    return costs;
}

double condor_pnl_if_closed(const Experiment& e, DateTime when, double spx, const VarianceState& state) {
    const Condor& condor = *e.condor;
    const DateTime settlement = e.horizon();
    const CalendarYears years = calendar_time(when, settlement);
    const SpxExpiry expiry(e.day.model.pricing, e.day.variance_time(when, settlement).value,
                           e.day.events_between(when, settlement), state, state);
    const SpxSmile smile = expiry.smile(state);
    const double forward = spx * e.day.carry(years), vix = vix_level(e.day.vix_squared_at(when), state);
    const double widening = e.scenario.costs.widening(vix - e.vix_at_entry);
    double pnl = -condor_costs(e);
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
        const OptionType type = leg <= kShortPut ? OptionType::put : OptionType::call;
        const double mid = e.day.discount(years) * smile.price(type, forward, condor.strike[leg]);
        const double widened = condor.half_spread[leg] * widening;
        const double half_spread = kCondorSigns[leg] > 0.0 ? std::min(widened, std::max(mid, 0.0)) : widened;
        const double gain = kCondorSigns[leg] * (mid - condor.mid[leg]) - half_spread;
        pnl += (gain * kOptionMultiplier - e.scenario.costs.spx_option_fee) * condor.contracts;
    }
    return pnl;
}

double condor_pnl(const Experiment& e, double spx) {
    double pnl = -condor_costs(e);
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) pnl += leg_pnl(*e.condor, leg, spx);
    return pnl;
}

void PathColumns::resize(const Experiment& e, std::size_t paths) {
    const std::size_t layers = e.layers.size();
    count = paths;
    // Every number is written before it is read, so that what was there may stay.
    const auto make = [&](auto& columns, std::size_t number, std::size_t length) {
        columns.resize(number);
        for (auto& column : columns) column.resize(length);
    };
    make(pnl, layers + 1, paths);
    make(pnl_leg, kCondorLegs + layers + 1, paths);
    for (std::vector<float>* column : {&spx_return, &vix_end, &vix_max}) column->resize(paths);
    breach.resize(paths);
    for (std::vector<std::uint8_t>* column : {&stratum, &replicate}) column->resize(e.plan.strata ? paths : 0);
    make(jumps, e.plan.jumps.size(), paths);
    for (auto* group : {&opened, &closed}) make(*group, layers, paths);
    for (auto* group : {&contracts, &unit_pnl, &unit_cost}) make(*group, layers, paths);
    make(drawn, e.generator->draws(), paths);
    exact_marks = 0;
}

Simulator::Simulator(const Experiment& experiment) : experiment_(experiment), work_(std::make_unique<Workspace>()) {
    for (const PreparedLayer& layer : experiment.layers) work_->layers.emplace_back(experiment, layer);
}

Simulator::~Simulator() = default;

void Simulator::run(std::uint64_t first, std::size_t count, PathColumns& columns) {
    columns.resize(experiment_, count);
    columns.first = first;
    run_blocks(columns, [&](std::size_t at) { start_from(*experiment_.generator, first + at, work_->block); });
}

void Simulator::run(std::span<const std::uint64_t> paths, PathColumns& columns) {
    columns.resize(experiment_, paths.size());
    columns.first = 0;
    run_blocks(columns, [&](std::size_t at) {
        experiment_.generator->start(paths.subspan(at, std::min(kBlockPaths, paths.size() - at)), work_->block);
    });
}

// Fills the columns block by block: `start` begins the paths from a place on.
void Simulator::run_blocks(PathColumns& columns, const std::function<void(std::size_t)>& start) {
    for (std::size_t batch = 0; batch < columns.count; batch += kBatchPaths) {
        const std::size_t size = std::min(kBatchPaths, columns.count - batch);
        begin_batch(size);
        for (std::size_t at = 0; at < size; at += kBlockPaths) {
            start(batch + at);
            run_block(std::min(kBlockPaths, size - at), batch, at, columns, nullptr);
        }
        store_layers(size, batch, columns);
    }
}

void Simulator::trace(std::span<const std::uint64_t> paths, PathColumns& columns, const Trace& trace) {
    columns.resize(experiment_, paths.size());
    columns.first = paths.front();
    begin_batch(paths.size());
    experiment_.generator->start(paths, work_->block);
    run_block(paths.size(), 0, 0, columns, &trace);
    store_layers(paths.size(), 0, columns);
}

void Simulator::begin_batch(std::size_t paths) {
    for (LayerBlock& layer : work_->layers) layer.begin(paths);
    work_->total.resize(paths);
    work_->costs.assign(paths, -condor_costs(experiment_));
}

void Simulator::report(std::size_t count, std::size_t step, std::size_t mark_time, bool has_marks, const Trace& trace) {
    Workspace& w = *work_;
    const std::size_t layers = w.layers.size();
    std::vector<std::array<double, kBlockPaths>> mids(layers);
    for (std::size_t k = 0; k < layers; ++k) {
        w.layers[k].price_deals();
        mids[k].fill(std::numeric_limits<double>::quiet_NaN());
        if (has_marks) w.layers[k].mids(w.market, mark_time, mids[k]);
    }
    std::vector<double> mid(layers), contracts(layers), strike(layers), pnl(layers);
    std::vector<std::size_t> expiry(layers);
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t k = 0; k < layers; ++k) {
            mid[k] = mids[k][i];
            contracts[k] = w.layers[k].is_open(i) ? w.layers[k].contracts[i] : 0.0;
            strike[k] = w.layers[k].strike(i);
            expiry[k] = w.layers[k].expiry(i);
            pnl[k] = has_marks ? w.layers[k].pnl_at(i, mid[k], w.market.vix(i), static_cast<std::int32_t>(step))
                               : std::numeric_limits<double>::quiet_NaN();
        }
        trace(i, step, {w.block.x[i], w.block.v[i], w.block.m[i], mid, contracts, strike, expiry, pnl});
    }
}

// Carries a block that was started to the horizon: `count` of its paths are wanted, and are those from `at` of a batch
// that begins at `batch` of the columns.
void Simulator::run_block(std::size_t count, std::size_t batch, std::size_t at, PathColumns& columns,
                          const Trace* trace) {
    const Experiment& e = experiment_;
    Workspace& w = *work_;
    for (LayerBlock& layer : w.layers) layer.start(at, count);
    if (e.needs_bars) {
        w.market.take_entry(e);
        const bool at_close = e.day.market.time == session_close(date_of(e.day.market.time));
        for (LayerBlock& layer : w.layers) layer.bar({e.day.market.time, at_close, true}, w.market, 0, 0, false);
    }
    if (trace != nullptr) report(count, 0, 0, e.needs_bars, *trace);
    for (std::size_t step = 0; step < e.timeline.size(); ++step) {
        e.generator->advance(step, w.block);
        const Step& here = e.timeline[step];
        const bool at_horizon = step + 1 == e.timeline.size();
        const bool has_marks = at_horizon || (e.needs_bars && here.is_bar_end);
        const auto number = static_cast<std::int32_t>(step + 1);
        if (has_marks) w.market.take(e, w.block, e.plan.steps[step]);
        if (has_marks && e.needs_bars) {
            for (LayerBlock& layer : w.layers) {
                layer.bar({here.end, here.is_close, false}, w.market, number, e.mark_time_of_step[step], at_horizon);
            }
        }
        if (trace != nullptr) report(count, step + 1, e.mark_time_of_step[step], has_marks, *trace);
    }
    const auto last = static_cast<std::int32_t>(e.timeline.size());
    for (LayerBlock& layer : w.layers) layer.settle(w.market, last, e.mark_times.times.size() - 1);
    store_block(count, batch, at, columns);
}

void Simulator::store_block(std::size_t count, std::size_t batch, std::size_t at, PathColumns& columns) {
    const Experiment& e = experiment_;
    Workspace& w = *work_;
    const std::size_t to = batch + at;
    const double *spx = w.market.spx(), *vix = w.market.vix();
    for (std::size_t i = 0; i < count; ++i) {
        double total = w.costs[at + i];
        for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
            const double pnl = leg_pnl(*e.condor, leg, spx[i]);
            columns.pnl_leg[leg][to + i] = static_cast<float>(pnl);
            total += pnl;
        }
        columns.pnl[0][to + i] = static_cast<float>(total);
        w.total[at + i] = total;
    }
    for (std::size_t j = 0; j < columns.jumps.size(); ++j) {
        for (std::size_t i = 0; i < count; ++i) {
            columns.jumps[j][to + i] = static_cast<std::uint8_t>(std::min<std::uint32_t>(w.block.jumps[j][i], 255));
        }
    }
    for (std::size_t i = 0; e.plan.strata && i < count; ++i) {
        const PathPlace place = e.plan.strata->place(w.block.number(i));
        columns.stratum[to + i] = static_cast<std::uint8_t>(place.stratum);
        columns.replicate[to + i] = static_cast<std::uint8_t>(place.replicate);
    }
    for (std::size_t k = 0; k < columns.drawn.size(); ++k)
        std::copy_n(w.block.drawn[k].begin(), count, columns.drawn[k].begin() + static_cast<std::ptrdiff_t>(to));
    for (std::size_t i = 0; i < count; ++i) {
        columns.spx_return[to + i] = static_cast<float>(spx[i] / e.day.market.spx - 1.0);
        columns.vix_end[to + i] = static_cast<float>(vix[i]);
        columns.vix_max[to + i] = 100.0f * std::sqrt(w.block.vix_squared_max[i]);
        columns.breach[to + i] = static_cast<std::uint8_t>(breach_of(*e.condor, spx[i]));
    }
}

// What the layers made, once all blocks of the batch are at the horizon.
void Simulator::store_layers(std::size_t count, std::size_t batch, PathColumns& columns) {
    Workspace& w = *work_;
    const auto to = static_cast<std::ptrdiff_t>(batch);
    for (std::size_t k = 0; k < w.layers.size(); ++k) {
        LayerBlock& layer = w.layers[k];
        layer.price_deals();
        for (std::size_t i = 0; i < count; ++i) {
            const double gain = layer.contracts[i] * layer.unit_pnl[i], cost = layer.contracts[i] * layer.unit_cost[i];
            w.costs[i] -= cost;
            w.total[i] += gain - cost;
            columns.pnl_leg[kCondorLegs + k][batch + i] = static_cast<float>(gain);
            columns.pnl[k + 1][batch + i] = static_cast<float>(w.total[i]);
        }
        std::ranges::copy(layer.contracts, columns.contracts[k].begin() + to);
        std::ranges::copy(layer.unit_pnl, columns.unit_pnl[k].begin() + to);
        std::ranges::copy(layer.unit_cost, columns.unit_cost[k].begin() + to);
        std::ranges::copy(layer.opened, columns.opened[k].begin() + to);
        std::ranges::copy(layer.closed, columns.closed[k].begin() + to);
        columns.exact_marks += layer.exact_marks;
    }
    std::ranges::copy(w.costs, columns.pnl_leg.back().begin() + to);
}

}  // namespace volstorm

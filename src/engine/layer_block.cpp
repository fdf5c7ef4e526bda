#include "layer_block.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <tuple>

#include "volstorm/core/clones.h"
#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

VOLSTORM_CLONES
void to_market(const float* __restrict x, const float* __restrict v, const float* __restrict m, double spx_at_entry,
               const StepConstants& step, double* __restrict spx, double* __restrict vix) {
    const float constant = step.vix_constant, per_v = step.vix_per_v, per_m = step.vix_per_m;
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) spx[i] = spx_at_entry * portable::exp(x[i]);
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const float vp = v[i] > 0.0f ? v[i] : 0.0f, mp = m[i] > 0.0f ? m[i] : 0.0f;
        vix[i] = 100.0f * std::sqrt(constant + per_v * vp + per_m * mp);
    }
}

}  // namespace

void MarketBlock::take(const Experiment& e, const PathBlock& block, const StepConstants& step) {
    to_market(block.x.data(), block.v.data(), block.m.data(), e.day.market.spx, step, spx.data(), vix.data());
    block_ = &block;
    shift_ = e.box.shift;
}

void MarketBlock::take_entry(const Experiment& e) {
    spx.fill(e.day.market.spx);
    vix.fill(e.vix_at_entry);
    block_ = nullptr;
    entry_ = e.day.state;
    shift_ = e.box.shift;
}

SpxStateSpan MarketBlock::gather(const std::vector<std::size_t>& paths,
                                 std::array<std::vector<double>, 3>& scratch) const {
    for (std::vector<double>& column : scratch) column.resize(paths.size());
    for (std::size_t k = 0; k < paths.size(); ++k) {
        const std::size_t i = paths[k];
        const double v = block_ == nullptr ? entry_.v : static_cast<double>(block_->v[i]);
        const double m = block_ == nullptr ? entry_.m : static_cast<double>(block_->m[i]);
        scratch[0][k] = std::sqrt((v > 0.0 ? v : 0.0) + shift_);
        scratch[1][k] = m > 0.0 ? m : 0.0;
        scratch[2][k] = spx[i];
    }
    return {{scratch[0], scratch[1]}, scratch[2]};
}

LayerBlock::LayerBlock(const Experiment& experiment, const PreparedLayer& layer)
    : experiment_(experiment), layer_(layer), years_{0.0} {
    for (const Step& step : experiment.timeline) {
        years_.push_back(calendar_time(experiment.day.market.time, step.end).value * kDaysPerYear / 360.0);
    }
}

void LayerBlock::start(std::size_t count) {
    count_ = count;
    contracts.fill(0.0);
    premium_.fill(0.0);
    unit_pnl.fill(0.0);
    unit_cost.fill(0.0);
    opened.fill(-1);
    closed.fill(-1);
    expiry_.fill(0);
    strike_.fill(0.0);
    waiting_.fill(1);
    waiting_paths_ = count;
    open_.fill(0);
    open_pending_.fill(0);
    close_pending_.fill(0);
    exact_marks = 0;
    if (layer_.open) layer_.open->reset(count, open_state_);
    if (layer_.close) layer_.close->reset(count, close_state_);
    if (!layer_.entry) return;
    const EntryFill& entry = *layer_.entry;
    for (std::size_t i = 0; i < count; ++i) {
        fill(i, entry.mid, entry.half_spread, entry.contracts, entry.strike, 0);
    }
}

// What opening costs: half-spread and fee; nothing where it was opened before.
void LayerBlock::fill(std::size_t i, double mid, double half_spread, double units, double strike, std::int32_t step) {
    strike_[i] = strike;
    open_mid_[i] = mid;
    contracts[i] = units;
    opened[i] = step;
    open_[i] = 1;
    waiting_[i] = 0;
    --waiting_paths_;
    if (layer_.spec->held) return;
    premium_[i] = layer_.spec->kind.has_strike() ? (mid + half_spread) * layer_.multiplier : 0.0;
    unit_cost[i] = half_spread * layer_.multiplier + layer_.fee;
}

// Notes in chosen_ which of the paths that may act do so at this bar.
void LayerBlock::decide(const PreparedRule& rule, const Bar& bar, RuleState& state, Flags& pending, const Flags& may) {
    rule.evaluate(bar, state, fires_.data());
    Flags acts = layer_.spec->delay > 0 ? pending : fires_;
    for (std::size_t i = 0; i < kBlockPaths; ++i) acts[i] = acts[i] & may[i];
    choose(acts);
    pending = fires_;
}

void LayerBlock::choose(const Flags& flags) {
    chosen_.clear();
    for (std::size_t first = 0; first < count_; first += sizeof(std::uint64_t)) {
        std::uint64_t eight;
        std::memcpy(&eight, &flags[first], sizeof(eight));
        if (eight == 0) continue;
        for (std::size_t i = first; i < std::min(first + sizeof(eight), count_); ++i) {
            if (flags[i] != 0) chosen_.push_back(i);
        }
    }
}

void LayerBlock::bar(const Bar& bar, const MarketBlock& market, std::int32_t step, std::size_t mark_time,
                     bool at_horizon) {
    if (layer_.close) {
        decide(*layer_.close, bar, close_state_, close_pending_, open_);
        // What is opened at the entry is first looked at after it.
        if (!at_horizon && step > 0) close_on(chosen_, market, step, mark_time, true);
    }
    // A path opens once: where none waits any more, the rule need not be read.
    if (layer_.open && waiting_paths_ > 0) {
        decide(*layer_.open, bar, open_state_, open_pending_, waiting_);
        if (!at_horizon) open_on(chosen_, market, step, mark_time);
    }
}

// Where no strike has the delta wanted, the path goes on waiting.
void LayerBlock::open_on(const std::vector<std::size_t>& fired, const MarketBlock& market, std::int32_t step,
                         std::size_t mark_time) {
    if (fired.empty()) return;
    std::vector<double> strikes(fired.size());
    const std::size_t expiry = layer_.expiry_of_step[static_cast<std::size_t>(step)];
    layer_.marks[expiry]->choose(mark_time, market.gather(fired, scratch_), strikes.data());
    std::vector<std::size_t> paths;
    for (std::size_t k = 0; k < fired.size(); ++k) {
        if (!std::isfinite(strikes[k]) || strikes[k] < 0.0) continue;
        expiry_[fired[k]] = expiry;
        strike_[fired[k]] = strikes[k];
        paths.push_back(fired[k]);
    }
    mark_each(paths, market, mark_time);
    const Experiment& e = experiment_;
    for (const std::size_t i : paths) {
        const double half_spread = layer_.half_spread * e.scenario.costs.widening(market.vix[i] - e.vix_at_entry);
        fill(i, mark_[i], half_spread, layer_.units(mark_[i], half_spread, mark_[i], e.scenario.account), strike_[i],
             step);
    }
}

void LayerBlock::close_on(const std::vector<std::size_t>& paths, const MarketBlock& market, std::int32_t step,
                          std::size_t mark_time, bool sold) {
    if (paths.empty()) return;
    mark_each(paths, market, mark_time);
    for (const std::size_t i : paths) {
        const Outcome at_mark = outcome(i, mark_[i], market.vix[i], step, sold);
        unit_pnl[i] = at_mark.pnl, unit_cost[i] = at_mark.cost;
        if (!sold) continue;
        closed[i] = step;
        open_[i] = 0;
    }
}

// What a unit that is open makes until the end of `step`: sold at this mid, or marked there.
LayerBlock::Outcome LayerBlock::outcome(std::size_t i, double mid, double vix, std::int32_t step, bool sold) const {
    const Scenario& s = experiment_.scenario;
    const double held = years_[static_cast<std::size_t>(step)] - years_[static_cast<std::size_t>(opened[i])];
    Outcome unit{(mid - open_mid_[i]) * layer_.multiplier,
                 unit_cost[i] + premium_[i] * s.account.financing_rate * held};
    if (!sold) return unit;
    const double widened = layer_.half_spread * s.costs.widening(vix - experiment_.vix_at_entry);
    // Nobody sells below zero: the spread paid is at most the mid of an option.
    const double worth = mid > 0.0 ? mid : 0.0;
    const double half_spread = layer_.spec->kind.has_strike() && widened > worth ? worth : widened;
    unit.cost += half_spread * layer_.multiplier + layer_.fee;
    return unit;
}

double LayerBlock::pnl_at(std::size_t i, double mid, double vix, std::int32_t step) const {
    if (opened[i] < 0) return 0.0;
    const Outcome unit = is_open(i) ? outcome(i, mid, vix, step, true) : Outcome{unit_pnl[i], unit_cost[i]};
    return contracts[i] * (unit.pnl - unit.cost);
}

// Marks the unit that each of these paths holds, one expiry at a time, equal strikes together.
void LayerBlock::mark_each(const std::vector<std::size_t>& paths, const MarketBlock& market, std::size_t mark_time) {
    std::vector<std::size_t> order(paths);
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::tuple(expiry_[i], strike_[i], i); });
    for (std::size_t k = 0; k < order.size();) {
        group_.clear();
        const std::size_t expiry = expiry_[order[k]];
        while (k < order.size() && expiry_[order[k]] == expiry) group_.push_back(order[k++]);
        values_.resize(group_.size());
        strikes_.resize(group_.size());
        std::ranges::transform(group_, strikes_.begin(), [&](std::size_t i) { return strike_[i]; });
        exact_marks += layer_.marks[expiry]->mark(strikes_, mark_time, market.gather(group_, scratch_), values_.data());
        for (std::size_t j = 0; j < group_.size(); ++j) mark_[group_[j]] = values_[j];
    }
}

void LayerBlock::settle(const MarketBlock& market, std::int32_t step, std::size_t mark_time) {
    choose(open_);
    close_on(chosen_, market, step, mark_time, layer_.spec->close != CloseRule::hold);
}

void LayerBlock::mids(const MarketBlock& market, std::size_t mark_time, std::span<double> out) {
    std::fill_n(out.begin(), count_, std::numeric_limits<double>::quiet_NaN());
    choose(open_);
    mark_each(chosen_, market, mark_time);
    for (const std::size_t i : chosen_) out[i] = mark_[i];
}

}  // namespace volstorm

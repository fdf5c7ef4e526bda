#include "layer_block.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "volstorm/core/clones.h"
#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

VOLSTORM_CLONES
void to_market(const float* __restrict x, const float* __restrict v, const float* __restrict m, double spx_at_entry,
               double shift, const StepConstants& step, double* __restrict spx, double* __restrict vix,
               double* __restrict root_v, double* __restrict mean) {
    const double constant = step.vix_constant, per_v = step.vix_per_v, per_m = step.vix_per_m;
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const double vp = v[i] > 0.0f ? v[i] : 0.0f, mp = m[i] > 0.0f ? m[i] : 0.0f;
        spx[i] = spx_at_entry * portable::exp(x[i]);
        vix[i] = 100.0 * std::sqrt(constant + per_v * vp + per_m * mp);
        root_v[i] = std::sqrt(vp + shift);
        mean[i] = mp;
    }
}

}  // namespace

void MarketBlock::take(const Experiment& e, const PathBlock& block, const StepConstants& step) {
    to_market(block.x.data(), block.v.data(), block.m.data(), e.day.market.spx, e.box.shift, step, spx.data(),
              vix.data(), root_v.data(), m.data());
}

void MarketBlock::take_entry(const Experiment& e) {
    spx.fill(e.day.market.spx);
    vix.fill(e.vix_at_entry);
    root_v.fill(std::sqrt(e.day.state.v + e.box.shift));
    m.fill(e.day.state.m);
}

SpxStateSpan MarketBlock::gather(const std::vector<std::size_t>& paths,
                                 std::array<std::vector<double>, 3>& scratch) const {
    for (std::vector<double>& column : scratch) column.resize(paths.size());
    for (std::size_t k = 0; k < paths.size(); ++k) {
        scratch[0][k] = root_v[paths[k]];
        scratch[1][k] = m[paths[k]];
        scratch[2][k] = spx[paths[k]];
    }
    return {{scratch[0], scratch[1]}, scratch[2]};
}

LayerBlock::LayerBlock(const Experiment& experiment, const PreparedLayer& layer)
    : experiment_(experiment),
      layer_(layer),
      years_(calendar_time(experiment.day.market.time, experiment.horizon()).value * kDaysPerYear / 360.0) {}

void LayerBlock::start(std::size_t begin, std::size_t end) {
    begin_ = begin;
    end_ = end;
    contracts.fill(0.0);
    unit_pnl.fill(0.0);
    unit_cost.fill(0.0);
    opened.fill(-1);
    closed.fill(-1);
    open_pending_.fill(0);
    close_pending_.fill(0);
    exact_marks = 0;
    if (layer_.open) layer_.open->reset(end - begin, open_state_);
    if (layer_.close) layer_.close->reset(end - begin, close_state_);
    if (!layer_.entry) return;
    const EntryFill& entry = *layer_.entry;
    for (std::size_t i = begin; i < end; ++i) {
        fill(i, entry.mid, entry.half_spread, entry.contracts, entry.strike, 0);
    }
}

// What opening costs: half-spread and fee, and the interest on the premium; nothing where it was opened before.
void LayerBlock::fill(std::size_t i, double mid, double half_spread, double units, double strike, std::int32_t step) {
    strike_[i] = strike;
    open_mid_[i] = mid;
    contracts[i] = units;
    opened[i] = step;
    if (layer_.spec->held) return;
    const double premium = layer_.spec->kind.has_strike() ? (mid + half_spread) * layer_.multiplier : 0.0;
    const double interest = premium * experiment_.scenario.account.financing_rate * years_;
    unit_cost[i] = half_spread * layer_.multiplier + layer_.fee + interest;
}

void LayerBlock::bar(const Bar& block_bar, const MarketBlock& market, std::int32_t step, std::size_t mark_time,
                     bool at_horizon) {
    const bool waits = layer_.spec->delay > 0;
    Bar bar = block_bar;
    bar.paths = end_ - begin_;
    bar.spx += begin_;
    bar.vix += begin_;
    const auto decide = [&](const PreparedRule& rule, RuleState& state, std::array<std::uint8_t, kBlockPaths>& pending,
                            const auto& may) {
        rule.evaluate(bar, state, fires_.data() + begin_);
        chosen_.clear();
        for (std::size_t i = begin_; i < end_; ++i) {
            if ((waits ? pending[i] : fires_[i]) != 0 && may(i)) chosen_.push_back(i);
        }
        pending = fires_;
    };
    if (layer_.close) {
        decide(*layer_.close, close_state_, close_pending_,
               [&](std::size_t i) { return opened[i] >= 0 && opened[i] < step && closed[i] < 0; });
        if (!at_horizon) close_on(chosen_, market, step, mark_time, true);
    }
    if (layer_.open) {
        decide(*layer_.open, open_state_, open_pending_, [&](std::size_t i) { return opened[i] < 0; });
        if (!at_horizon) open_on(chosen_, market, step, mark_time);
    }
}

void LayerBlock::open_on(const std::vector<std::size_t>& paths, const MarketBlock& market, std::int32_t step,
                         std::size_t mark_time) {
    if (paths.empty()) return;
    std::vector<double> strikes(paths.size());
    layer_.marks->choose(mark_time, market.gather(paths, scratch_), strikes.data());
    for (std::size_t k = 0; k < paths.size(); ++k) strike_[paths[k]] = strikes[k];
    mark_each(paths, market, mark_time);
    const Experiment& e = experiment_;
    for (std::size_t k = 0; k < paths.size(); ++k) {
        const std::size_t i = paths[k];
        const double half_spread = layer_.half_spread * e.scenario.costs.widening(market.vix[i] - e.vix_at_entry);
        fill(i, mark_[i], half_spread, layer_.units(mark_[i], half_spread, mark_[i], e.scenario.account), strikes[k],
             step);
    }
}

void LayerBlock::close_on(const std::vector<std::size_t>& paths, const MarketBlock& market, std::int32_t step,
                          std::size_t mark_time, bool sold) {
    if (paths.empty()) return;
    mark_each(paths, market, mark_time);
    const Experiment& e = experiment_;
    for (const std::size_t i : paths) {
        unit_pnl[i] = (mark_[i] - open_mid_[i]) * layer_.multiplier;
        if (!sold) continue;
        const double widened = layer_.half_spread * e.scenario.costs.widening(market.vix[i] - e.vix_at_entry);
        // Nobody sells below zero: the spread paid is at most the mid of an option.
        const double worth = mark_[i] > 0.0 ? mark_[i] : 0.0;
        const double half_spread = layer_.spec->kind.has_strike() && widened > worth ? worth : widened;
        unit_cost[i] += half_spread * layer_.multiplier + layer_.fee;
        closed[i] = step;
    }
}

// Marks the unit that each of these paths holds, one strike at a time.
void LayerBlock::mark_each(const std::vector<std::size_t>& paths, const MarketBlock& market, std::size_t mark_time) {
    std::vector<std::size_t> order(paths);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return strike_[a] != strike_[b] ? strike_[a] < strike_[b] : a < b; });
    for (std::size_t k = 0; k < order.size();) {
        group_.clear();
        const double strike = strike_[order[k]];
        while (k < order.size() && strike_[order[k]] == strike) group_.push_back(order[k++]);
        values_.resize(group_.size());
        exact_marks += layer_.marks->mark(strike, mark_time, market.gather(group_, scratch_), values_.data());
        for (std::size_t j = 0; j < group_.size(); ++j) mark_[group_[j]] = values_[j];
    }
}

void LayerBlock::settle(const MarketBlock& market, std::int32_t step, std::size_t mark_time) {
    chosen_.clear();
    for (std::size_t i = begin_; i < end_; ++i) {
        if (opened[i] >= 0 && closed[i] < 0) chosen_.push_back(i);
    }
    close_on(chosen_, market, step, mark_time, layer_.spec->close != CloseRule::hold);
}

double LayerBlock::mid(std::size_t i, const MarketBlock& market, std::size_t mark_time) const {
    if (opened[i] < 0 || closed[i] >= 0) return std::numeric_limits<double>::quiet_NaN();
    double value;
    layer_.marks->mark(strike_[i], mark_time, {{{&market.root_v[i], 1}, {&market.m[i], 1}}, {&market.spx[i], 1}},
                       &value);
    return value;
}

}  // namespace volstorm

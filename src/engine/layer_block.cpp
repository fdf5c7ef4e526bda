#include "layer_block.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace volstorm {
LayerBlock::LayerBlock(const Experiment& experiment, const PreparedLayer& layer)
    : experiment_(experiment), layer_(layer), years_{0.0} {
    for (const Step& step : experiment.timeline) {
        years_.push_back(calendar_time(experiment.day.market.time, step.end).value * kDaysPerYear / 360.0);
    }
    const bool waits = layer.spec->delay > 0;
    if (layer.open) open_rule_.emplace(*layer.open, waits);
    if (layer.close) close_rule_.emplace(*layer.close, waits);
}

void LayerBlock::begin(std::size_t paths) {
    for (std::vector<double>* column : {&contracts, &unit_pnl, &unit_cost, &strike_, &open_mid_, &premium_}) {
        column->assign(paths, 0.0);
    }
    opened.assign(paths, -1);
    closed.assign(paths, -1);
    expiry_.assign(paths, 0);
    deals_.clear();
    exact_marks = 0;
}

void LayerBlock::start(std::size_t at, std::size_t count) {
    at_ = at;
    count_ = count;
    waiting_.fill(1);
    waiting_paths_ = count;
    open_paths_ = 0;
    open_.fill(0);
    if (open_rule_) open_rule_->start(count);
    if (close_rule_) close_rule_->start(count);
    if (!layer_.entry) return;
    const EntryFill& entry = *layer_.entry;
    waiting_.fill(0);
    waiting_paths_ = 0;
    open_paths_ = count;
    for (std::size_t i = 0; i < count; ++i) {
        opened[at + i] = 0;
        open_[i] = 1;
        strike_[at + i] = entry.strike;
        fill(at + i, entry.mid, entry.half_spread, entry.contracts);
    }
}

// What opening costs: half-spread and fee; nothing where it was opened before.
void LayerBlock::fill(std::size_t path, double mid, double half_spread, double units) {
    open_mid_[path] = mid;
    contracts[path] = units;
    if (layer_.spec->held) return;
    premium_[path] = layer_.spec->kind.has_strike() ? (mid + half_spread) * layer_.multiplier : 0.0;
    unit_cost[path] = half_spread * layer_.multiplier + layer_.fee;
}

void LayerBlock::bar(const BarEnd& bar, MarketBlock& market, std::int32_t step, std::size_t mark_time,
                     bool at_horizon) {
    if (at_horizon) return;
    // Where nothing is open, what the rule says is of no consequence; and where nothing waits either, it never will be.
    if (close_rule_ && open_paths_ == 0 && waiting_paths_ > 0 && close_rule_->may_pass()) {
        close_rule_->pass(bar, market);
    } else if (close_rule_ && open_paths_ + waiting_paths_ > 0) {
        close_rule_->read(bar, market, open_, chosen_);
        // What is opened at the entry is first looked at after it.
        if (step > 0) close_on(market, step, mark_time, true);
    }
    // A path opens once: where none waits any more, the rule need not be read.
    if (open_rule_ && waiting_paths_ > 0) {
        open_rule_->read(bar, market, waiting_, chosen_);
        open_on(market, step, mark_time);
    }
}

LayerBlock::Deal LayerBlock::deal(Deal::Kind kind, std::size_t i, const MarketBlock& market, std::int32_t step,
                                  std::size_t mark_time) const {
    const auto [root_v, m] = market.state(i);
    return {kind,
            static_cast<std::uint32_t>(at_ + i),
            static_cast<std::uint32_t>(mark_time),
            step,
            root_v,
            m,
            market.spx(i),
            market.vix(i)};
}

// Where no strike has the delta wanted, the path goes on waiting; where there always is one, it is chosen later.
void LayerBlock::open_on(const MarketBlock& market, std::int32_t step, std::size_t mark_time) {
    if (chosen_.empty()) return;
    const std::size_t expiry = layer_.expiry_of_step[static_cast<std::size_t>(step)];
    const LayerMarks& marks = *layer_.marks[expiry];
    const auto first = static_cast<std::ptrdiff_t>(deals_.size());
    for (const std::size_t i : chosen_) deals_.push_back(deal(Deal::Kind::open, i, market, step, mark_time));
    if (!marks.always_has_strike()) {
        choose_strikes(marks, mark_time, std::span(deals_).subspan(static_cast<std::size_t>(first)));
        const auto missing = std::remove_if(deals_.begin() + first, deals_.end(), [&](const Deal& deal) {
            return !std::isfinite(strike_[deal.path]) || strike_[deal.path] < 0.0;
        });
        deals_.erase(missing, deals_.end());
    }
    for (auto deal = deals_.begin() + first; deal != deals_.end(); ++deal) {
        opened[deal->path] = step;
        expiry_[deal->path] = static_cast<std::uint32_t>(expiry);
        waiting_[deal->path - at_] = 0;
        open_[deal->path - at_] = 1;
        --waiting_paths_, ++open_paths_;
    }
}

void LayerBlock::close_on(const MarketBlock& market, std::int32_t step, std::size_t mark_time, bool sold) {
    const Deal::Kind kind = sold ? Deal::Kind::close : Deal::Kind::mark;
    for (const std::size_t i : chosen_) {
        deals_.push_back(deal(kind, i, market, step, mark_time));
        if (!sold) continue;
        closed[at_ + i] = step;
        open_[i] = 0;
        --open_paths_;
    }
}

void LayerBlock::price_deals() {
    choose_strikes_of(deals_);
    mids_.resize(deals_.size());
    price(deals_, mids_);
    const Scenario& s = experiment_.scenario;
    for (std::size_t k = 0; k < deals_.size(); ++k) {
        const Deal& deal = deals_[k];
        if (deal.kind == Deal::Kind::open) {
            const double half_spread = layer_.half_spread * s.costs.widening(deal.vix - experiment_.vix_at_entry);
            fill(deal.path, mids_[k], half_spread, layer_.units(mids_[k], half_spread, mids_[k], s.account));
        } else {
            const Outcome unit = outcome(deal.path, mids_[k], deal.vix, deal.step, deal.kind == Deal::Kind::close);
            unit_pnl[deal.path] = unit.pnl, unit_cost[deal.path] = unit.cost;
        }
    }
    deals_.clear();
}

// What a unit that is open makes until the end of `step`: sold at this mid, or marked there.
LayerBlock::Outcome LayerBlock::outcome(std::size_t path, double mid, double vix, std::int32_t step, bool sold) const {
    const Scenario& s = experiment_.scenario;
    const double held = years_[static_cast<std::size_t>(step)] - years_[static_cast<std::size_t>(opened[path])];
    Outcome unit{(mid - open_mid_[path]) * layer_.multiplier,
                 unit_cost[path] + premium_[path] * s.account.financing_rate * held};
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

// Puts deal numbers into order_ by a key below `keys`, those of equal key as they stand.
template <class Key>
void LayerBlock::order_by(std::size_t count, std::size_t keys, const Key& key) {
    key_.resize(count);
    begin_.assign(keys + 1, 0);
    for (std::size_t k = 0; k < count; ++k) {
        key_[k] = static_cast<std::uint32_t>(key(k));
        ++begin_[key_[k] + 1];
    }
    for (std::size_t i = 0; i < keys; ++i) begin_[i + 1] += begin_[i];
    order_.resize(count);
    for (std::size_t k = 0; k < count; ++k) order_[begin_[key_[k]]++] = static_cast<std::uint32_t>(k);
}

// Calls `use` with the deals of each key in turn, at most a block of them at a time.
template <class Use>
void LayerBlock::for_each_group(const Use& use) {
    for (std::size_t first = 0; first < order_.size();) {
        std::size_t end = first + 1;
        const std::size_t most = std::min(order_.size(), first + kBlockPaths);
        while (end < most && key_[order_[end]] == key_[order_[first]]) ++end;
        use(std::span<const std::uint32_t>(order_).subspan(first, end - first));
        first = end;
    }
}

SpxStateSpan LayerBlock::gather(std::span<const Deal> deals, std::span<const std::uint32_t> which) {
    for (std::vector<double>& column : scratch_) column.resize(which.size());
    for (std::size_t j = 0; j < which.size(); ++j) {
        const Deal& deal = deals[which[j]];
        scratch_[0][j] = deal.root_v;
        scratch_[1][j] = deal.m;
        scratch_[2][j] = deal.spx;
    }
    return {{scratch_[0], scratch_[1]}, scratch_[2]};
}

// The strikes of deals of one moment.
void LayerBlock::choose_strikes(const LayerMarks& marks, std::size_t mark_time, std::span<const Deal> deals) {
    order_by(deals.size(), 1, [](std::size_t) { return 0; });
    strikes_.resize(deals.size());
    marks.choose(mark_time, gather(deals, order_), strikes_.data());
    for (std::size_t k = 0; k < deals.size(); ++k) strike_[deals[k].path] = strikes_[k];
}

// The strikes that were left for later, a moment at a time.
void LayerBlock::choose_strikes_of(std::span<const Deal> deals) {
    if (!layer_.open || !layer_.first_marks().always_has_strike()) return;
    const std::size_t times = experiment_.mark_times.times.size();
    order_by(deals.size(), times + 1,
             [&](std::size_t k) { return deals[k].kind == Deal::Kind::open ? deals[k].mark_time : times; });
    for_each_group([&](std::span<const std::uint32_t> group) {
        const Deal& first = deals[group.front()];
        if (first.kind != Deal::Kind::open) return;
        strikes_.resize(group.size());
        layer_.marks[expiry_[first.path]]->choose(first.mark_time, gather(deals, group), strikes_.data());
        for (std::size_t j = 0; j < group.size(); ++j) strike_[deals[group[j]].path] = strikes_[j];
    });
}

// Mids of the units that deals are about: those of one moment, expiry and (where that is quicker) strike together.
void LayerBlock::price(std::span<const Deal> deals, std::span<double> mids) {
    const std::size_t expiries = layer_.marks.size();
    const bool by_strike = layer_.spec->kind.is_vix();
    seen_strikes_.clear();
    const auto strike_number = [&](double strike) {
        const auto found = std::ranges::find(seen_strikes_, strike);
        const auto number = static_cast<std::size_t>(found - seen_strikes_.begin());
        if (found == seen_strikes_.end()) seen_strikes_.push_back(strike);
        return number;
    };
    strikes_.resize(deals.size());
    for (std::size_t k = 0; by_strike && k < deals.size(); ++k) {
        strikes_[k] = static_cast<double>(strike_number(strike_[deals[k].path]));
    }
    const std::size_t numbers = by_strike ? seen_strikes_.size() : 1;
    order_by(deals.size(), experiment_.mark_times.times.size() * expiries * numbers, [&](std::size_t k) {
        const std::size_t moment = deals[k].mark_time * expiries + expiry_[deals[k].path];
        return moment * numbers + (by_strike ? static_cast<std::size_t>(strikes_[k]) : 0);
    });
    for_each_group([&](std::span<const std::uint32_t> group) {
        const Deal& first = deals[group.front()];
        values_.resize(group.size());
        strikes_.resize(group.size());
        for (std::size_t j = 0; j < group.size(); ++j) strikes_[j] = strike_[deals[group[j]].path];
        exact_marks +=
            layer_.marks[expiry_[first.path]]->mark(strikes_, first.mark_time, gather(deals, group), values_.data());
        for (std::size_t j = 0; j < group.size(); ++j) mids[group[j]] = values_[j];
    });
}

void LayerBlock::settle(const MarketBlock& market, std::int32_t step, std::size_t mark_time) {
    choose_flagged(open_, count_, chosen_);
    close_on(market, step, mark_time, layer_.spec->close != CloseRule::hold);
}

void LayerBlock::mids(const MarketBlock& market, std::size_t mark_time, std::span<double> out) {
    std::fill_n(out.begin(), count_, std::numeric_limits<double>::quiet_NaN());
    choose_flagged(open_, count_, chosen_);
    std::vector<Deal> held;
    for (const std::size_t i : chosen_) held.push_back(deal(Deal::Kind::mark, i, market, 0, mark_time));
    mids_.resize(held.size());
    price(held, mids_);
    for (std::size_t k = 0; k < held.size(); ++k) out[chosen_[k]] = mids_[k];
}

}  // namespace volstorm

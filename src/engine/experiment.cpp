#include "volstorm/engine/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pilot.h"
#include "shares.h"
#include "snapshot_quotes.h"
#include "volstorm/core/text.h"
#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

constexpr double kVixMarkError = 0.002, kSpxMarkError = 0.01;  // points: what interpolated marks should keep to

double budget_base(const Experiment& e, const LayerSpec& layer) {
    const Account& account = e.scenario.account;
    switch (layer.base) {
        case BudgetBase::max_risk:
        case BudgetBase::margin:
            return e.condor->max_risk.value * e.condor->contracts;
        case BudgetBase::credit:
            return to_dollars(e.condor->credit, kOptionMultiplier).value * e.condor->contracts;
        case BudgetBase::equity:
            if (!account.equity) layer.section.fail("size", "is a share of equity, but account.equity is not given");
            return *account.equity;
    }
    return 0.0;
}

// Whether a rule holds at the entry, where every path stands at the quotes: it then opens there on all of them.
bool holds_at_entry(const Experiment& e, const PreparedRule& rule) {
    const DateTime now = e.day.market.time;
    RuleState state;
    rule.reset(1, state);
    std::uint8_t fires = 0;
    rule.evaluate({.time = now,
                   .is_close = now == session_close(date_of(now)),
                   .paths = 1,
                   .spx = &e.day.market.spx,
                   .vix = &e.vix_at_entry},
                  state, &fires);
    return fires != 0;
}

EntryFill fill_at_entry(const PreparedLayer& layer, const Account& account) {
    EntryFill fill;
    const LayerMarks& marks = layer.first_marks();
    fill.strike = marks.strike_at_entry();
    fill.mid = marks.mid_at_entry(fill.strike);
    fill.implied_vol = marks.implied_vol_at_entry(fill.strike);
    fill.delta = marks.delta_at_entry(fill.strike);
    fill.half_spread = layer.spec->held ? 0.0 : layer.half_spread;
    fill.contracts = layer.units(fill.mid, fill.half_spread, marks.forward_at_entry(), account);
    return fill;
}

// The expiries that a fill can have: of the entry's day, or of every bar at whose end a rule may fill.
void place_expiries(const Experiment& e, SnapshotQuotes& snapshot, PreparedLayer& layer) {
    std::vector<DateTime> settlements;
    const auto place = [&](DateTime fill) {
        const DateTime settlement = settlement_of(*layer.spec, date_of(fill), e.horizon());
        const auto known = std::ranges::find(settlements, settlement);
        const auto index = static_cast<std::size_t>(known - settlements.begin());
        if (known == settlements.end()) settlements.push_back(settlement);
        return index;
    };
    layer.expiry_of_step.assign(e.timeline.size() + 1, 0);
    if (!layer.open) place(e.day.market.time);
    for (std::size_t i = 0; layer.open && i < e.timeline.size(); ++i) {
        if (e.timeline[i].is_bar_end) layer.expiry_of_step[i + 1] = place(e.timeline[i].end);
    }
    for (const DateTime settlement : settlements) {
        snapshot.take(layer.spec->kind.is_vix() ? ChainFamily::vix : ChainFamily::spx, settlement);
        layer.marks.push_back(std::make_unique<LayerMarks>(*layer.spec, e.day, settlement));
    }
}

PreparedLayer prepare_layer(Experiment& e, SnapshotQuotes& snapshot, const LayerSpec& spec) {
    PreparedLayer layer;
    layer.name = spec.name;
    layer.spec = &spec;
    layer.multiplier = spec.kind.multiplier();
    layer.fee = spec.kind.fee(e.scenario.costs);
    layer.half_spread = spec.kind.half_spread(e.scenario.costs);
    if (!spec.contracts) {
        layer.budget = spec.budget * budget_base(e, spec);
        if (!(layer.budget > 0.0)) spec.section.fail("size", "is a share of nothing: its base is not above zero");
    }
    const EntryQuotes quotes{e.day.market.time, e.day.market.spx, e.vix_at_entry};
    const History& history = e.day.market.history;
    if (spec.open) layer.open.emplace(*spec.open, quotes, history, e.scenario.events);
    if (spec.close_rule) layer.close.emplace(*spec.close_rule, quotes, history, e.scenario.events);
    layer.opens_at_once = layer.open && spec.delay == 0 && holds_at_entry(e, *layer.open);
    if (layer.opens_at_once) layer.open.reset();
    place_expiries(e, snapshot, layer);
    if (!layer.open) {
        layer.entry = fill_at_entry(layer, e.scenario.account);
        if (layer.entry->contracts == 0.0) {
            e.warnings.push_back(fmt::format("layer {}: the budget of {:.0f} dollars buys none at {:.2f} points",
                                             spec.name, layer.budget, layer.entry->mid + layer.entry->half_spread));
        }
    }
    e.needs_bars = e.needs_bars || layer.open || layer.close;
    return layer;
}

// The events that paths of history pass over, though every price knows of them.
void warn_of_events(Experiment& e) {
    if (e.scenario.generator.is_model()) return;
    std::string names;
    for (const Event& event : e.day.events)
        if (event.time <= e.horizon()) names += (names.empty() ? "" : ", ") + printable(event.name);
    if (names.empty()) return;
    e.warnings.push_back(
        fmt::format("no {} on these paths, but in every price: what is sold looks better than it is", names));
}

void make_entry(Experiment& e, const Scenario& scenario) {
    e.scenario = scenario;
    e.day = make_day(scenario.market, scenario.model, scenario.events);
    e.vix_at_entry = vix_level(e.day.vix_squared_at(e.day.market.time), e.day.state);
    if (!scenario.condor) return;
    e.timeline =
        make_timeline(e.day.market.time, scenario.condor->expiry, e.day.clock, e.day.events, scenario.sampling.bars);
    e.plan = make_plan(e.day, e.timeline, scenario.sampling.measure, scenario.sampling.seed);
    e.generator = scenario.generator.make(e, e.plan);
    warn_of_events(e);
    SnapshotQuotes snapshot(e);
    snapshot.take(ChainFamily::spx, session_close(scenario.condor->expiry));
    e.condor = make_condor(*scenario.condor, e.day, scenario.costs);
    for (const LayerSpec& spec : e.scenario.layers) e.layers.push_back(prepare_layer(e, snapshot, spec));
    warn_of_unquoted_strikes(e);
}

// Marks are needed at the horizon, and with rules at every bar end and at the entry.
void place_marks(Experiment& e) {
    std::vector<DateTime> times;
    if (e.needs_bars) times.push_back(e.day.market.time);
    e.mark_time_of_step.assign(e.timeline.size(), 0);
    for (std::size_t i = 0; i < e.timeline.size(); ++i) {
        const bool wanted = i + 1 == e.timeline.size() || (e.needs_bars && e.timeline[i].is_bar_end);
        if (!wanted) continue;
        e.mark_time_of_step[i] = times.size();
        times.push_back(e.timeline[i].end);
    }
    e.mark_times = make_mark_times(e.day, std::move(times));
}

// The marks of one layer and expiry, with their error half-way and at the horizon.
void prepare_expiry(const Experiment& e, const Pilot& pilot, Surfaces& surfaces, PreparedLayer& layer,
                    LayerMarks& marks) {
    const SpxStateSpan visited = pilot.arrivals.span();
    const double strike = layer.entry ? layer.entry->strike : marks.strike_at_entry();
    marks.prepare(surfaces, e.mark_times, e.box, {&strike, 1}, layer.open ? &visited : nullptr);
    const std::size_t last = e.mark_times.times.size() - 1;
    for (const std::size_t time : {last / 2, last}) {
        const double error = marks.measured_error(strike, time, pilot.sample_spx, pilot.sample);
        layer.mark_error = std::max(layer.mark_error, error);
    }
}

void prepare_layer_marks(Experiment& e, const Pilot& pilot, Surfaces& surfaces, PreparedLayer& layer) {
    for (const auto& marks : layer.marks) prepare_expiry(e, pilot, surfaces, layer, *marks);
    const double promised = layer.spec->kind.is_vix() ? kVixMarkError : kSpxMarkError;
    if (layer.mark_error <= promised) return;
    e.warnings.push_back(fmt::format("layer {}: marks on the path err by up to {:.4f} points (aim: {:g})", layer.name,
                                     layer.mark_error, promised));
}

void prepare_strata(Experiment& e) {
    const Sampling& sampling = e.scenario.sampling;
    if (sampling.method == SamplingMethod::plain) return;
    const SampleLayout layout = sample_layout(sampling.paths);
    e.plan.strata = std::make_shared<Strata>(e.plan, sampling.method, layout, strata_with_shares(e, layout));
}

void prepare_marks(Experiment& e) {
    const Pilot pilot = run_pilot(e);
    e.box = pilot.box;
    Surfaces surfaces;
    for (PreparedLayer& layer : e.layers) prepare_layer_marks(e, pilot, surfaces, layer);
    measure_drifts(e, pilot);
}

}  // namespace

double PreparedLayer::units(double mid, double half_spread_paid, double forward, const Account& account) const {
    if (spec->contracts) return *spec->contracts;
    const double ask = mid + half_spread_paid;
    const double tied = spec->kind.has_strike() ? ask * multiplier : account.vix_future_margin * forward * multiplier;
    const double units = budget / (tied + fee);
    if (!(units > 0.0)) return 0.0;
    return spec->whole ? std::floor(units) : units;
}

std::vector<std::string> Experiment::leg_names() const {
    std::vector<std::string> names(kCondorLegNames.begin(), kCondorLegNames.end());
    for (const PreparedLayer& layer : layers) names.push_back(layer.name);
    names.push_back("costs");
    return names;
}

std::vector<std::string> Experiment::strategy_names() const { return scenario.strategy_names(); }

std::unique_ptr<const Experiment> prepare_entry(const Scenario& scenario) {
    auto experiment = std::make_unique<Experiment>();
    make_entry(*experiment, scenario);
    return experiment;
}

std::unique_ptr<const Experiment> prepare(const Scenario& scenario, bool every_bar) {
    auto e = std::make_unique<Experiment>();
    make_entry(*e, scenario);
    if (!e->condor) throw InputError({scenario.path, 1, 1}, "condor is missing: a run needs a book");
    e->needs_bars = e->needs_bars || every_bar;
    thin_quotes(*e);
    place_marks(*e);
    prepare_marks(*e);
    prepare_strata(*e);
    return e;
}

}  // namespace volstorm

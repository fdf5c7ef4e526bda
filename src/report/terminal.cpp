#include "volstorm/report/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "volstorm/core/text.h"

namespace volstorm {
namespace {

using Buffer = std::back_insert_iterator<std::string>;

std::string dollars(double value) {
    if (!std::isfinite(value)) return "-";
    const std::string text = grouped(std::llround(value));
    return text == "-0" ? "0" : text;
}

std::string interval(const Estimate& e) {
    if (std::isnan(e.low) || std::isnan(e.high)) return "";
    const auto end = [](double x) { return std::isinf(x) ? std::string("?") : dollars(x); };
    return fmt::format("[{}, {}]", end(e.low), end(e.high));
}

std::string share(const Estimate& e) {
    if (std::isnan(e.value)) return "-";
    return fmt::format("{:.2f} % [{:.2f}, {:.2f}]", 100.0 * e.value, 100.0 * e.low, 100.0 * e.high);
}

const char* base_name(BudgetBase base) {
    switch (base) {
        case BudgetBase::max_risk:
            return "max risk";
        case BudgetBase::credit:
            return "credit";
        case BudgetBase::equity:
            return "equity";
        case BudgetBase::margin:
            return "condor margin";
    }
    return "";
}

void condor_lines(const Experiment& e, Buffer out) {
    const Condor& c = *e.condor;
    fmt::format_to(out, "Condor   {} x SPX {}, settles {} 16:00{}\n", c.contracts, to_string(c.expiry),
                   to_string(c.expiry), c.held ? ", already held" : "");
    fmt::format_to(out, "         {:<11} {:>8} {:>9} {:>8} {:>8}\n", "leg", "strike", "mid", "vol %", "delta");
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
        fmt::format_to(out, "         {:<11} {:>8g} {:>9.3f} {:>8.2f} {:>8.3f}\n", kCondorLegNames[leg], c.strike[leg],
                       c.mid[leg], 100.0 * c.implied_vol[leg], c.delta[leg]);
    }
    const double risk = c.max_risk.value * c.contracts, credit = c.credit.value * kOptionMultiplier * c.contracts;
    fmt::format_to(out, "         credit {:.2f} points ({:.2f} at mid) = {} dollars, {:.1f} % of max risk\n",
                   c.credit.value, c.credit_mid.value, dollars(credit), 100.0 * credit / risk);
    fmt::format_to(out, "         max risk {} dollars ({} each), which is also its strategy margin\n", dollars(risk),
                   dollars(c.max_risk.value));
    fmt::format_to(out, "         breakevens {:.2f} ({:+.2f} %) and {:.2f} ({:+.2f} %)\n", c.breakeven_low,
                   100.0 * (c.breakeven_low / e.day.market.spx - 1.0), c.breakeven_high,
                   100.0 * (c.breakeven_high / e.day.market.spx - 1.0));
    if (c.held) {
        fmt::format_to(out, "         since it was opened: {} dollars, not in the P&L below\n",
                       dollars((c.credit.value - c.credit_mid.value) * kOptionMultiplier * c.contracts));
    }
}

std::string terms(const PreparedLayer& layer) {
    const LayerSpec& spec = *layer.spec;
    std::string text = spec.instrument + " " + to_string(date_of(layer.marks->settlement()));
    if (layer.entry && spec.kind.has_strike()) text += fmt::format(" {:g}", layer.entry->strike);
    if (layer.entry && spec.kind.is_spread) {
        text += fmt::format("/{:g}", layer.entry->strike + spec.kind.short_direction * spec.width);
    }
    return text;
}

void layer_lines(const Experiment& e, Buffer out) {
    const double risk = e.condor->max_risk.value * e.condor->contracts;
    double total = 0.0;
    for (const PreparedLayer& layer : e.layers) {
        const LayerSpec& spec = *layer.spec;
        fmt::format_to(out, "Layer    {}: {}", layer.name, terms(layer));
        if (!spec.contracts) {
            fmt::format_to(out, ", budget {:g} % of {} = {} dollars", 100.0 * spec.budget, base_name(spec.base),
                           dollars(layer.budget));
        }
        *out++ = '\n';
        if (layer.entry) {
            const EntryFill& fill = *layer.entry;
            const double premium =
                spec.kind.has_strike() ? fill.contracts * (fill.mid + fill.half_spread) * layer.multiplier : 0.0;
            total += premium;
            fmt::format_to(out, "         {:g} at {:.3f} mid, {:.3f} ask; underlying {:.2f}", fill.contracts, fill.mid,
                           fill.mid + fill.half_spread, layer.marks->forward_at_entry());
            if (spec.kind.has_strike()) {
                fmt::format_to(out, ", vol {:.1f} %, delta {:.2f}\n         premium {} dollars = {:.1f} % of max risk",
                               100.0 * fill.implied_vol, fill.delta, dollars(premium), 100.0 * premium / risk);
            } else {
                fmt::format_to(out, "; margin {} dollars",
                               dollars(fill.contracts * e.scenario.account.vix_future_margin *
                                       layer.marks->forward_at_entry() * layer.multiplier));
            }
            *out++ = '\n';
            if (spec.paid) {
                fmt::format_to(out, "         paid {:.3f}: {} dollars since then, not in the P&L below\n", *spec.paid,
                               dollars((fill.mid - *spec.paid) * layer.multiplier * fill.contracts));
            }
        }
        if (spec.open) fmt::format_to(out, "         opens when {}\n", to_text(spec.open->expression));
        if (spec.close_rule) fmt::format_to(out, "         closes when {}\n", to_text(spec.close_rule->expression));
        if (spec.close == CloseRule::hold) fmt::format_to(out, "         held: marked at mid at the horizon\n");
    }
    if (total > 0.0) {
        fmt::format_to(out, "Premium  {} dollars at the entry = {:.1f} % of max risk\n", dollars(total),
                       100.0 * total / risk);
    }
}

void strategy_table(const BookRisk& risk, Buffer out) {
    fmt::format_to(out, "P&L to the horizon, dollars, after costs (95 % intervals)\n");
    fmt::format_to(out, "  {:<22} {:>10} {:<20} {:>9}  {:<24} {:>9} {:>9}\n", "book", "mean", "", "sd", "P(loss)",
                   "best", "worst");
    for (const StrategyRisk& s : risk.strategies) {
        fmt::format_to(out, "  {:<22} {:>10} {:<20} {:>9}  {:<24} {:>9} {:>9}\n", s.name, dollars(s.whole.mean.value),
                       interval(s.whole.mean), dollars(s.whole.sd.value), share(s.whole.p_loss), dollars(s.whole.best),
                       dollars(-s.whole.worst));
    }
    for (const StrategyRisk& s : risk.strategies) {
        fmt::format_to(out, "  {}: wins {:.1f} % of paths by {} on average, loses {} on the others\n", s.name,
                       100.0 * s.whole.win_share.value, dollars(s.whole.mean_win.value),
                       dollars(-s.whole.mean_loss.value));
    }
}

void tail_table(const BookRisk& risk, Buffer out) {
    fmt::format_to(out, "\nTail of the loss, dollars (positive: money lost)\n");
    fmt::format_to(out, "  {:<22} {:>6} {:>10} {:<22} {:>10} {:<22}\n", "book", "level", "VaR", "", "ES", "");
    for (const StrategyRisk& s : risk.strategies) {
        for (const Tail& tail : s.whole.tails) {
            fmt::format_to(out, "  {:<22} {:>6} {:>10} {:<22} {:>10} {}\n", s.name,
                           fmt::format("{:g}", 100.0 * tail.level), dollars(tail.value_at_risk.value),
                           interval(tail.value_at_risk), dollars(tail.expected_shortfall.value),
                           tail.atom ? "= the worst loss" : interval(tail.expected_shortfall));
        }
    }
    for (const StrategyRisk& s : risk.strategies) {
        if (s.whole.atom_share.value < 1e-4) continue;
        fmt::format_to(out, "  {}: {:.2f} % of paths end at the worst loss of {}\n", s.name,
                       100.0 * s.whole.atom_share.value, dollars(s.whole.worst));
    }
}

void difference_table(const BookRisk& risk, Buffer out) {
    if (risk.strategies.size() < 2) return;
    fmt::format_to(out, "\nWhat the hedge changes, against unhedged on the same paths, dollars\n");
    fmt::format_to(out, "  {:<22} {:>10} {:<20} {:>12} {:<20}\n", "book", "mean", "", "ES 97.5",
                   "(below 0: smaller tail)");
    for (const StrategyRisk& s : risk.strategies) {
        if (s.against_unhedged.expected_shortfall.empty()) continue;
        const Estimate& es = s.against_unhedged.expected_shortfall[1].value;
        fmt::format_to(out, "  {:<22} {:>10} {:<20} {:>12} {:<20}\n", s.name, dollars(s.against_unhedged.mean.value),
                       interval(s.against_unhedged.mean), dollars(es.value), interval(es));
    }
}

void block_table(const BookRisk& risk, Buffer out) {
    fmt::format_to(out, "\nBy outcome: mean P&L, and ES 97.5 within the side\n");
    fmt::format_to(out, "  {:<22} {:>21} {:>21} {:>21} {:>14} {:>14}\n", "book", "no breach", "down breach",
                   "up breach", "ES, SPX down", "ES, SPX up");
    for (const StrategyRisk& s : risk.strategies) {
        const auto block = [](const Conditional& c) {
            if (!c.summary) return std::string("-");
            return fmt::format("{} ({:.2f} %)", dollars(c.summary->mean.value), 100.0 * c.share.value);
        };
        const auto side = [](const Conditional& c) {
            return c.summary ? dollars(c.summary->tails[1].expected_shortfall.value) : std::string("-");
        };
        fmt::format_to(out, "  {:<22} {:>21} {:>21} {:>21} {:>14} {:>14}\n", s.name, block(s.by_breach[0]),
                       block(s.by_breach[1]), block(s.by_breach[2]), side(s.sides.down), side(s.sides.up));
    }
}

void layer_table(const BookRisk& risk, Buffer out) {
    if (risk.layers.empty()) return;
    fmt::format_to(out, "\nLayers\n  {:<22} {:<26} {:<26} {:>12} {:>12}\n", "layer", "opened on",
                   "closed before the horizon", "mean P&L", "mean cost");
    for (const LayerRisk& layer : risk.layers) {
        fmt::format_to(out, "  {:<22} {:<26} {:<26} {:>12} {:>12}\n", layer.name, share(layer.opened_share),
                       share(layer.closed_early_share), dollars(layer.mean_pnl.value), dollars(layer.mean_cost.value));
        if (layer.empty_share.value > 0.01 * layer.opened_share.value) {
            fmt::format_to(out, "    its budget bought nothing on {:.2f} % of paths\n",
                           100.0 * layer.empty_share.value);
        }
    }
}

void claim_table(const BookRisk& risk, Buffer out) {
    if (risk.claims.empty()) return;
    fmt::format_to(out, "\nClaims\n");
    for (const ClaimRisk& claim : risk.claims) {
        const auto held = [](const ClaimResult& r) {
            return r.given == 0 ? std::string("never given")
                                : fmt::format("{} of {}", share(r.share), grouped(static_cast<std::int64_t>(r.given)));
        };
        fmt::format_to(out, "  {}: {}\n", printable(claim.text), to_string(claim.result.verdict));
        fmt::format_to(out, "    holds on {} paths (needs {:g} %)\n    SPX down: {}; SPX up: {}\n", held(claim.result),
                       100.0 * claim.required, held(claim.down), held(claim.up));
    }
}

void realised_lines(const BookRisk& risk, Buffer out) {
    if (!risk.realised) return;
    const RealisedRisk& r = *risk.realised;
    fmt::format_to(out,
                   "\nThe real session: SPX {:+.2f} %, lower on {:.2f} % of paths; VIX {:.2f}, higher on {:.2f} %\n",
                   100.0 * r.spx_return, 100.0 * r.spx.below, r.vix, 100.0 * r.vix_standing.above);
}

}  // namespace

std::string entry_text(const Experiment& e) {
    std::string text;
    Buffer out(text);
    const Market& market = e.day.market;
    fmt::format_to(out, "{}\n\n", printable(e.scenario.title));
    const std::string when = market.has_time ? to_string(market.time) + " New York: " : "";
    fmt::format_to(out, "Market   {}SPX {:g}, VIX {:.2f}", when, market.spx, e.vix_at_entry);
    if (market.atm_vol_1d) fmt::format_to(out, ", one-day vol {:g} %", 100.0 * *market.atm_vol_1d);
    fmt::format_to(out, "; state v {:.5f}, m {:.5f}\n", e.day.state.v, e.day.state.m);
    for (const Event& event : e.day.events) {
        fmt::format_to(out, "Event    {} {}: SPX moves {:g} % (sd)\n", printable(event.name), to_string(event.time),
                       100.0 * event.spx_move_sd);
    }
    if (e.condor) condor_lines(e, out);
    layer_lines(e, out);
    for (const std::string& warning : e.warnings) fmt::format_to(out, "Warning  {}\n", warning);
    return text;
}

std::string risk_text(const Experiment& e, const BookRisk& risk) {
    std::string text;
    Buffer out(text);
    const Sampling& sampling = e.scenario.sampling;
    fmt::format_to(out, "{} paths, {} measure, seed {}, {} steps to {}\n\n",
                   grouped(static_cast<std::int64_t>(sampling.paths)),
                   sampling.measure == Measure::physical ? "physical" : "pricing", sampling.seed, e.timeline.size(),
                   to_string(e.horizon()));
    strategy_table(risk, out);
    tail_table(risk, out);
    difference_table(risk, out);
    block_table(risk, out);
    layer_table(risk, out);
    claim_table(risk, out);
    realised_lines(risk, out);
    return text;
}

}  // namespace volstorm

#include <fmt/format.h>

#include <cmath>

#include "format.h"
#include "volstorm/core/text.h"
#include "volstorm/engine/quotes.h"
#include "volstorm/market/calendar.h"
#include "volstorm/report/terminal.h"

namespace volstorm {
namespace {

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

void market_lines(const Experiment& e, Buffer out) {
    const Market& market = e.day.market;
    const std::string when = market.has_time ? to_string(market.time) + " New York: " : "";
    fmt::format_to(out, "Market   {}SPX {:g}, VIX {:.2f}", when, market.spx, e.vix_at_entry);
    if (market.atm_vol_1d) fmt::format_to(out, ", one-day vol {:g} %", 100.0 * *market.atm_vol_1d);
    fmt::format_to(out, "\n         state v {:.5f} (vol {:.1f} %), m {:.5f} ({:.1f} %)\n", e.day.state.v,
                   100.0 * std::sqrt(e.day.state.v), e.day.state.m, 100.0 * std::sqrt(e.day.state.m));
    for (const Event& event : e.day.events) {
        fmt::format_to(out, "Event    {} {}: SPX moves {:g} % (sd)\n", printable(event.name), to_string(event.time),
                       100.0 * event.spx_move_sd);
    }
}

void quote_lines(const Experiment& e, Buffer out) {
    const char* head = "Quotes ";
    for (const QuotedExpiry& q : e.quoted) {
        fmt::format_to(out, "{}  {}: {} mids, forward {:.2f} (model {:.2f}), vol {:.1f} % (model {:.1f})\n", head,
                       q.name, q.strikes.size(), q.forward, q.model_forward,
                       100.0 * on_iv_clock(e, q.atm_vol, q.settlement),
                       100.0 * on_iv_clock(e, q.model_atm_vol, q.settlement));
        head = "       ";
    }
}

void origin_lines(const Experiment& e, Buffer out) {
    const char* head = "Paths  ";
    if (!e.generator) return;
    for (const std::string& line : e.generator->origin()) {
        fmt::format_to(out, "{}  {}\n", head, line);
        head = "       ";
    }
}

void condor_lines(const Experiment& e, Buffer out) {
    const Condor& c = *e.condor;
    const DateTime settlement = session_close(c.expiry);
    fmt::format_to(out, "Condor   {} x SPX {}, settles {}{}\n", c.contracts, to_string(c.expiry), to_string(settlement),
                   c.held ? ", already held" : "");
    fmt::format_to(out, "         {:<11} {:>8} {:>9} {:>8} {:>8}\n", "leg", "strike", "mid", "vol %", "delta");
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
        fmt::format_to(out, "         {:<11} {:>8g} {:>9.3f} {:>8.2f} {:>8.3f}\n", kCondorLegNames[leg], c.strike[leg],
                       c.mid[leg], 100.0 * on_iv_clock(e, c.implied_vol[leg], settlement), c.delta[leg]);
    }
    const double risk = c.max_risk.value * c.contracts, credit = c.credit.value * kOptionMultiplier * c.contracts;
    if (c.held) {
        fmt::format_to(out, "         worth {:.2f} points = {} dollars today, {:.1f} % of max risk\n", c.credit.value,
                       dollars(credit), 100.0 * credit / risk);
    } else {
        fmt::format_to(out, "         credit {:.2f} points ({:.2f} at mid) = {} dollars, {:.1f} % of max risk\n",
                       c.credit.value, c.credit_mid.value, dollars(credit), 100.0 * credit / risk);
    }
    if (!e.quoted.empty() && c.model_credit_mid.value != c.credit_mid.value)
        fmt::format_to(out, "         by the model alone {:.2f} at mid: {:+.2f} points come from the quotes\n",
                       c.model_credit_mid.value, c.credit_mid.value - c.model_credit_mid.value);
    fmt::format_to(out, "         max risk {} dollars ({} each), which is also its strategy margin\n", dollars(risk),
                   dollars(c.max_risk.value));
    fmt::format_to(out, "         breakevens {:.2f} ({:+.2f} %) and {:.2f} ({:+.2f} %){}\n", c.breakeven_low,
                   100.0 * (c.breakeven_low / e.day.market.spx - 1.0), c.breakeven_high,
                   100.0 * (c.breakeven_high / e.day.market.spx - 1.0), c.held ? " from today's value on" : "");
    if (c.opened_credit) {
        fmt::format_to(out, "         opened for {:.2f}; since it was opened: {} dollars, not in the P&L below\n",
                       *c.opened_credit,
                       dollars((*c.opened_credit - c.credit_mid.value) * kOptionMultiplier * c.contracts));
    }
}

std::string terms(const PreparedLayer& layer) {
    const LayerSpec& spec = *layer.spec;
    const auto expiry = [](const auto& marks) { return to_string(date_of(marks->settlement())); };
    std::string text = spec.instrument + " " + expiry(layer.marks.front());
    if (layer.marks.size() > 1) text += " to " + expiry(layer.marks.back()) + " by the day of the fill";
    if (layer.entry && spec.kind.has_strike()) text += fmt::format(" {:g}", layer.entry->strike);
    if (layer.entry && spec.kind.is_spread) {
        text += fmt::format("/{:g}", layer.first_marks().second_strike(layer.entry->strike));
    }
    return text;
}

/// 16, 1,680,159 or 1.639.
std::string contracts_text(double contracts) {
    if (contracts == std::floor(contracts)) return grouped(static_cast<std::int64_t>(contracts));
    return fmt::format("{:.3f}", contracts);
}

// What is bought at the entry, or held there: price, vol, delta, premium. Returns the premium paid now, dollars.
double fill_lines(const Experiment& e, const PreparedLayer& layer, Buffer out) {
    const LayerSpec& spec = *layer.spec;
    const EntryFill& fill = *layer.entry;
    const double forward = layer.first_marks().forward_at_entry(),
                 risk = e.condor->max_risk.value * e.condor->contracts;
    fmt::format_to(out, "         {} at {:.3f} mid", contracts_text(fill.contracts), fill.mid);
    if (!spec.held) fmt::format_to(out, ", {:.3f} ask", fill.mid + fill.half_spread);
    fmt::format_to(out, "; underlying {:.2f}", forward);
    if (!spec.kind.has_strike()) {
        fmt::format_to(out, "; margin {} dollars\n",
                       dollars(fill.contracts * e.scenario.account.vix_future_margin * forward * layer.multiplier));
        return 0.0;
    }
    fmt::format_to(out, "{} vol {:.1f} %, delta {:.2f}\n", spec.kind.is_spread ? "; long leg" : ",",
                   100.0 * on_iv_clock(e, fill.implied_vol, layer.first_marks().settlement()), fill.delta);
    const double worth = fill.contracts * (fill.mid + fill.half_spread) * layer.multiplier;
    fmt::format_to(out, "         {} {} dollars = {:.1f} % of max risk\n", spec.held ? "worth" : "premium",
                   dollars(worth), 100.0 * worth / risk);
    return spec.held ? 0.0 : worth;
}

double layer_lines(const Experiment& e, const PreparedLayer& layer, Buffer out) {
    const LayerSpec& spec = *layer.spec;
    fmt::format_to(out, "Layer    {}: {}{}", layer.name, terms(layer), spec.held ? ", already held" : "");
    if (!spec.contracts) {
        fmt::format_to(out, ", budget {:g} % of {} = {} dollars", 100.0 * spec.budget, base_name(spec.base),
                       dollars(layer.budget));
    }
    *out++ = '\n';
    const double premium = layer.entry ? fill_lines(e, layer, out) : 0.0;
    if (spec.paid) {
        fmt::format_to(out, "         paid {:.3f}: {} dollars since then, not in the P&L below\n", *spec.paid,
                       dollars((layer.entry->mid - *spec.paid) * layer.multiplier * layer.entry->contracts));
    }
    if (spec.open) {
        fmt::format_to(out, "         opens when {}\n", to_text(spec.open->expression));
        if (layer.opens_at_once) fmt::format_to(out, "         which is true already: it opens at the entry\n");
    }
    if (spec.close_rule) fmt::format_to(out, "         closes when {}\n", to_text(spec.close_rule->expression));
    if (spec.delay > 0) fmt::format_to(out, "         fills one bar after its rule has fired\n");
    if (spec.close == CloseRule::hold) fmt::format_to(out, "         held: marked at mid at the horizon\n");
    return premium;
}

}  // namespace

std::string entry_text(const Experiment& e) {
    std::string text;
    Buffer out(text);
    fmt::format_to(out, "{}\n\n", printable(e.scenario.title));
    market_lines(e, out);
    quote_lines(e, out);
    origin_lines(e, out);
    if (e.condor) condor_lines(e, out);
    double premium = 0.0;
    for (const PreparedLayer& layer : e.layers) premium += layer_lines(e, layer, out);
    if (premium > 0.0) {
        fmt::format_to(out, "Premium  {} dollars at the entry = {:.1f} % of max risk\n", dollars(premium),
                       100.0 * premium / (e.condor->max_risk.value * e.condor->contracts));
    }
    for (const std::string& warning : e.warnings) fmt::format_to(out, "Warning  {}\n", in_lines(warning, 9));
    return text;
}

}  // namespace volstorm

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "command.h"
#include "print.h"
#include "volstorm/engine/quotes.h"
#include "volstorm/report/terminal.h"

namespace volstorm {
namespace {

using Json = nlohmann::ordered_json;

void set(Json& object, const char* name, double value) {
    if (std::isfinite(value)) object[name] = value;
}

Json market_json(const Experiment& e) {
    Json market;
    if (e.day.market.has_time) market["time"] = to_string(e.day.market.time);
    set(market, "spx", e.day.market.spx);
    set(market, "vix", e.vix_at_entry);
    set(market, "variance", e.day.state.v);
    set(market, "variance_mean", e.day.state.m);
    set(market, "rate", e.day.market.rate);
    set(market, "dividend_yield", e.day.market.dividend_yield);
    if (!e.condor) return market;
    set(market, "credit", e.condor->credit.value);
    set(market, "max_risk", e.condor->max_risk.value);
    set(market, "breakeven_low", e.condor->breakeven_low);
    set(market, "breakeven_high", e.condor->breakeven_high);
    return market;
}

// The expiries whose prices are mids of a snapshot.
Json quotes_json(const Experiment& e) {
    Json rows = Json::array();
    for (const QuotedExpiry& q : e.quoted) {
        Json row = {{"name", q.name}, {"expiry", to_string(date_of(q.settlement))}, {"strikes", q.strikes}};
        set(row, "forward", q.forward);
        set(row, "model_forward", q.model_forward);
        set(row, "atm_vol", q.atm_vol);
        set(row, "model_atm_vol", q.model_atm_vol);
        rows.push_back(row);
    }
    return rows;
}

Json quote_json(const Quote& q) {
    Json row = {{"name", q.name}, {"type", q.type}};
    set(row, "strike", q.strike);
    if (!q.expiry.empty()) row["expiry"] = q.expiry;
    set(row, "years", q.years);
    set(row, "price", q.price);
    set(row, "forward", q.forward);
    set(row, "implied_vol", q.implied_vol);
    set(row, "delta", q.delta);
    set(row, "gamma", q.gamma);
    set(row, "vega", q.vega);
    set(row, "theta", q.theta);
    return row;
}

void print_table(const std::vector<Quote>& quotes) {
    say("{:<18} {:<10} {:>9} {:<10} {:>10} {:>10} {:>7} {:>7} {:>9} {:>8} {:>8}\n", "name", "type", "strike", "expiry",
        "price", "forward", "vol %", "delta", "gamma", "vega", "theta");
    const auto cell = [](double x, int width, int digits) {
        return std::isfinite(x) ? fmt::format("{:>{}.{}f}", x, width, digits) : fmt::format("{:>{}}", "", width);
    };
    for (const Quote& q : quotes) {
        say("{:<18} {:<10} {:>9} {:<10} {} {} {} {} {} {} {}\n", q.name, q.type,
            std::isfinite(q.strike) ? fmt::format("{:g}", q.strike) : "",
            q.expiry.empty() && std::isfinite(q.years) ? fmt::format("{:.5g} y", q.years) : q.expiry,
            cell(q.price, 10, 4), cell(q.forward, 10, 3), cell(100.0 * q.implied_vol, 7, 2), cell(q.delta, 7, 3),
            cell(q.gamma, 9, 6), cell(q.vega, 8, 4), cell(q.theta, 8, 4));
    }
    say("\nPrices in points, options discounted. Black greeks at the implied vol: delta and gamma for one point of "
        "the\n"
        "forward (SPX forward, or the VIX future), vega for one vol point, theta for one session. Implied vols run on\n"
        "the clock of market.iv_clock.\n");
}

}  // namespace

Exit price_command(const PriceOptions& options) {
    const Scenario scenario = options.scenario.read();
    refuse_method(options.scenario, "changes nothing here: prices need no paths");
    const auto experiment = prepare_entry(scenario);
    const std::vector<Quote> quotes = quote_all(*experiment);
    if (options.json) {
        Json prices = Json::array();
        for (const Quote& q : quotes) prices.push_back(quote_json(q));
        Json all{{"market", market_json(*experiment)}, {"prices", prices}};
        if (!experiment->quoted.empty()) all["quotes"] = quotes_json(*experiment);
        all["warnings"] = experiment->warnings;
        say("{}\n", all.dump(2));
        return Exit::ok;
    }
    say("{}{}\n", entry_text(*experiment), budget_warnings(scenario));
    print_table(quotes);
    return Exit::ok;
}

}  // namespace volstorm

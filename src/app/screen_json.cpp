#include <cmath>
#include <nlohmann/json.hpp>

#include "screen.h"

namespace volstorm {
namespace {

using Json = nlohmann::ordered_json;

const char* type_name(OptionType type) { return type == OptionType::call ? "call" : "put"; }

void set(Json& object, const char* name, double value) {
    if (std::isfinite(value)) object[name] = value;
}

void set_vols(Json& object, const ScreenedExpiry& s, const char* calendar, const char* session, double stdev) {
    set(object, calendar, stdev / std::sqrt(s.years.value));
    if (s.sessions) set(object, session, stdev / std::sqrt(s.sessions->value));
}

Json expiry_json(const ScreenedExpiry& s) {
    Json row = {{"date", to_string(s.expiry->date)},
                {"root", s.expiry->root},
                {"settlement", to_string(settlement_time(*s.expiry))},
                {"listed", s.listed},
                {"quoted", s.quoted},
                {"rows_without_quotes", s.expiry->unquoted_rows},
                {"settled", s.has_settled()}};
    if (s.has_settled()) return row;
    row["years"] = s.years.value;
    if (s.sessions) row["session_years"] = s.sessions->value;
    if (s.forward) {
        row["forward"] = s.forward->forward;
        row["forward_strike"] = s.forward->strike;
        row["forward_bid"] = s.forward->bid;
        row["forward_ask"] = s.forward->ask;
    }
    if (s.fit) {
        row["fit_strikes"] = s.fit->strikes;
        set(row, "fit_forward", s.fit->forward);
        set(row, "fit_forward_error", s.fit->forward_error);
        set(row, "fit_discount", s.fit->discount);
        set(row, "fit_discount_error", s.fit->discount_error);
        set(row, "rate", s.fit->rate(s.years));
        set(row, "rate_error", s.fit->rate_error(s.years));
    }
    if (s.money) {
        row["atm_strike"] = s.money->strike;
        set_vols(row, s, "atm_vol_calendar", "atm_vol_session", s.money->stdev);
    }
    return row;
}

Json condor_json(const ScreenedCondor& condor) {
    Json row = {{"date", to_string(condor.expiry->expiry->date)}, {"wing", kScreenWing}};
    for (const auto& [name, strike] : {std::pair("short_put", condor.put), std::pair("short_call", condor.call)}) {
        Json leg = {{"strike", strike.strike}, {"delta", strike.delta}};
        set_vols(leg, *condor.expiry, "vol_calendar", "vol_session", strike.stdev);
        row[name] = leg;
    }
    if (condor.credit) {
        row["credit_at_quotes"] = condor.credit->at_quotes;
        row["credit_at_mid"] = condor.credit->at_mid;
    }
    return row;
}

Json violation_json(const OptionChain& chain, const Violation& v) {
    const ChainExpiry &expiry = chain.expiries[v.expiry], &later = chain.expiries[v.later_expiry];
    Json row = {
        {"kind", name_of(v.kind)}, {"points", v.points}, {"date", to_string(expiry.date)}, {"root", expiry.root}};
    if (v.kind == ViolationKind::calendar) {
        row["later_date"] = to_string(later.date);
        row["later_root"] = later.root;
    }
    if (v.kind != ViolationKind::parity && v.kind != ViolationKind::box) row["type"] = type_name(v.type);
    row["strikes"] = v.strikes;
    return row;
}

Json quote_json(const VolQuote& q) {
    return {{"strike", q.strike}, {"type", type_name(q.type)}, {"bid_vol", q.bid_vol}, {"ask_vol", q.ask_vol}};
}

}  // namespace

Json screen_json(const ScreenedChain& screen) {
    Json file = {{"file", screen.chain.file},
                 {"family", screen.chain.family == ChainFamily::spx ? "spx" : "vix"},
                 {"quote_time", to_string(screen.quote_time)}};
    if (screen.chain.stamp) file["saved"] = to_string(*screen.chain.stamp);
    if (screen.chain.last) file["last"] = *screen.chain.last;
    if (screen.rate) file["rate"] = *screen.rate;
    file["expiries"] = Json::array();
    for (const ScreenedExpiry& s : screen.expiries) file["expiries"].push_back(expiry_json(s));
    if (screen.condor) file["condor"] = condor_json(*screen.condor);
    file["violations"] = Json::array();
    for (const Violation& v : screen.violations) file["violations"].push_back(violation_json(screen.chain, v));
    return file;
}

Json screen_json(const VolQuotes& quotes) {
    Json file = {{"file", quotes.file}, {"tenors", Json::array()}};
    for (const VolTenor& t : quotes.tenors) {
        Json tenor = {{"name", t.name}, {"years", t.years}, {"forward", t.forward}, {"discount", t.discount}};
        tenor["quotes"] = Json::array();
        for (const VolQuote& q : t.quotes) tenor["quotes"].push_back(quote_json(q));
        file["tenors"].push_back(tenor);
    }
    return file;
}

}  // namespace volstorm

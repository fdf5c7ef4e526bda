#include <cmath>
#include <nlohmann/json.hpp>

#include "volstorm/report/physical_fit_text.h"

namespace volstorm {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json rows_of(const PhysicalFit& fit) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < fit.before.rows.size(); ++i) {
        const RealismRow &before = fit.before.rows[i], &after = fit.after.rows[i];
        rows.push_back({{"regime", name_of(before.regime)},
                        {"statistic", before.id},
                        {"meaning", before.meaning},
                        {"market", number(before.market.value)},
                        {"low", number(before.market.low)},
                        {"high", number(before.market.high)},
                        {"before", number(before.model)},
                        {"after", number(after.model)}});
    }
    return rows;
}

Json parameters_of(const PhysicalFit& fit) {
    Json parameters = Json::array();
    for (const PhysicalParameter& p : fit.parameters)
        parameters.push_back({{"anchor", p.anchor},
                              {"family", p.family},
                              {"key", p.key},
                              {"before", number(p.before)},
                              {"after", number(p.after)},
                              {"standard_error", number(p.error)},
                              {"at_bound", p.at_bound == AtBound::no    ? "no"
                                           : p.at_bound == AtBound::low ? "low"
                                                                        : "high"}});
    return parameters;
}

Json share_json(const AnalogShare& share) {
    Json effects = Json::array();
    for (const AnalogEffect& e : share.effects)
        effects.push_back({{"figure", e.id},
                           {"with", number(e.with)},
                           {"without", number(e.without)},
                           {"low", number(e.low)},
                           {"high", number(e.high)},
                           {"beyond_chance", e.is_told()}});
    return {{"of_distance", share.of_distance},
            {"bandwidth_without", number(share.bandwidth_without)},
            {"overlap", share.overlap},
            {"effects", effects}};
}

Json analog_json(const AnalogReport& report) {
    Json state = Json::array(), nearest = Json::array();
    for (const auto& [variable, quoted, z] : report.state)
        state.push_back({{"variable", name_of(variable)}, {"value", number(quoted)}, {"z", number(z)}});
    for (const AnalogReport::Day& day : report.nearest)
        nearest.push_back({{"date", day.date},
                           {"distance", number(day.distance)},
                           {"weight", number(day.weight)},
                           {"vix_before", number(day.vix_before)},
                           {"spx_return", number(day.spx_return)},
                           {"vix_change", number(day.vix_change)}});
    Json json = {{"date", report.date},
                 {"state", state},
                 {"bandwidth", number(report.bandwidth)},
                 {"effective_sessions", number(report.effective)},
                 {"nearest", nearest}};
    if (report.reer) json["reer"] = share_json(*report.reer);
    return json;
}

Json premia_json(const PhysicalFit& fit) {
    Json premia = Json::array();
    for (std::size_t i = 0; i < fit.premia_before.size(); ++i)
        premia.push_back({{"vix", fit.premia_before[i].vix},
                          {"product", fit.premia_before[i].product},
                          {"gain_before", number(fit.premia_before[i].gain)},
                          {"gain_after", number(fit.premia_after[i].gain)}});
    return premia;
}

}  // namespace

std::string physical_fit_json(const PhysicalFitReport& report) {
    const PhysicalFit& fit = report.fit;
    Json json = {{"model", report.model},
                 {"period", report.period},
                 {"sessions", report.sessions},
                 {"seed", report.seed},
                 {"remarks", report.remarks}};
    if (report.analog) json["weights"] = analog_json(*report.analog);
    json["cost"] = {{"before", number(fit.cost_before)}, {"after", number(fit.cost_after)}};
    json["search"] = {{"evaluations", fit.search.evaluations},
                      {"steps", fit.search.iterations},
                      {"end", to_string(fit.search.stop)},
                      {"condition_number", number(fit.search.condition_number)}};
    json["parameters"] = parameters_of(fit);
    json["rows"] = rows_of(fit);
    json["vix_premia"] = premia_json(fit);
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace volstorm

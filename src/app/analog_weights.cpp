#include "analog_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "volstorm/core/error.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr std::size_t kNearest = 10;  // days that are shown

StateVariable variable_named(const std::string& name) {
    if (const auto variable = state_variable_named(name)) return *variable;
    std::vector<std::string> names;
    names.reserve(kStateVariables.size());
    for (const StateVariable variable : kStateVariables) names.emplace_back(name_of(variable));
    const std::string nearest = nearest_word(name, names);
    throw InputError({"--weights " + printable(name)},
                     "is no state variable; there are vix, realised_vol, term_slope and reer" +
                         (nearest.empty() ? "" : " (did you mean " + nearest + "?)"));
}

std::vector<StateVariable> variables_of(const CalibratePhysicalOptions& options) {
    std::vector<StateVariable> variables;
    for (const std::string& name : options.weights) {
        const StateVariable variable = variable_named(name);
        if (std::ranges::find(variables, variable) != variables.end())
            throw InputError({"--weights " + printable(name)}, "comes twice");
        variables.push_back(variable);
    }
    return variables;
}

bool holds(const std::vector<StateVariable>& variables, StateVariable variable) {
    return std::ranges::find(variables, variable) != variables.end();
}

std::size_t last_close(const DailyHistory& history, Date to) {
    std::size_t last = 0;
    for (std::size_t i = 0; i < history.sessions(); ++i) {
        if (history.spx[i].date <= to) last = i;
    }
    return last;
}

std::vector<AnalogReport::Day> nearest_days(const AnalogWeights& weights, std::span<const double> distances,
                                            std::span<const std::size_t> places, const DailyHistory& history,
                                            const OneDaySample& sessions) {
    std::vector<std::size_t> order(places.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return weights.weight[i]; });
    std::vector<AnalogReport::Day> days;
    for (std::size_t k = 0; k < std::min(kNearest, order.size()); ++k) {
        const std::size_t i = order[k];
        days.push_back({to_string(history.spx[places[i]].date), std::sqrt(distances[i]), weights.weight[i],
                        sessions.vix_before[i], sessions.spx_return[i], sessions.vix_change[i]});
    }
    return days;
}

std::vector<AnalogReport::Asked> asked_of(const AnalogState& state, std::span<const double> quoted, std::size_t last) {
    std::vector<AnalogReport::Asked> asked;
    for (std::size_t k = 0; k < state.series.size(); ++k) {
        const StateSeries& series = state.series[k];
        const double given = quoted[static_cast<std::size_t>(series.variable)];
        asked.push_back({series.variable, std::isnan(given) ? quoted_value(series.variable, series.value[last]) : given,
                         state.z[k]});
    }
    return asked;
}

}  // namespace

void check_weights(const CalibratePhysicalOptions& options) {
    const std::vector<StateVariable> variables = variables_of(options);
    for (const StateVariable variable : kStateVariables) {
        const auto k = static_cast<std::size_t>(variable);
        if (!std::isnan(options.at[k]) && !holds(variables, variable))
            throw InputError({std::string(option_of(variable))},
                             fmt::format("changes nothing without --weights {}", name_of(variable)));
    }
    for (const auto& [file, option, variable] : {std::tuple(&options.term, "--term", StateVariable::term_slope),
                                                 std::tuple(&options.reer, "--reer", StateVariable::reer)}) {
        const bool is_wanted = holds(variables, variable);
        if (is_wanted && file->empty())
            throw InputError({fmt::format("--weights {}", name_of(variable))}, fmt::format("needs {} FILE", option));
        if (!is_wanted && !file->empty())
            throw InputError({option}, fmt::format("changes nothing without --weights {}", name_of(variable)));
    }
}

WeightedSessions weighted_sessions_of(const CalibratePhysicalOptions& options, const DailyHistory& history,
                                      const Period& period, std::span<const std::size_t> places,
                                      const OneDaySample& sessions, std::uint64_t seed) {
    std::optional<DailySeries> term;
    std::optional<DatedValues> reer;
    if (!options.term.empty()) term = read_daily_series(options.term);
    if (!options.reer.empty()) reer = read_dated_values(options.reer);
    const std::vector<StateVariable> variables = variables_of(options);
    const std::size_t last = last_close(history, period.to);
    const AnalogState state =
        analog_state(history, variables, {term ? &*term : nullptr, reer ? &*reer : nullptr}, options.at, last);
    const std::vector<double> distances = squared_distances(state, places);
    const AnalogWeights weights = analog_weights(distances);
    WeightedSessions result{weights.weight, {}};
    result.report = {to_string(history.spx[last].date),
                     asked_of(state, options.at, last),
                     weights.bandwidth,
                     weights.effective,
                     nearest_days(weights, distances, places, history, sessions),
                     {}};
    if (holds(variables, StateVariable::reer))
        result.report.reer = share_of(StateVariable::reer, state, places, sessions, seed);
    return result;
}

}  // namespace volstorm

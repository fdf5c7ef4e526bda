#include "volstorm/calibration/analog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "volstorm/core/error.h"
#include "volstorm/math/kernel_weights.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// What is asked for, else the value at the close `last`.
double value_asked(const StateSeries& series, double quoted, const DailyHistory& history, std::size_t last) {
    const double value = std::isnan(quoted) ? series.value[last] : state_value(series.variable, quoted);
    if (!std::isnan(value)) return value;
    std::size_t known = last;
    while (known > 0 && std::isnan(series.value[known])) --known;
    const std::string until = std::isnan(series.value[known])
                                  ? "at any close of the period"
                                  : fmt::format("on {}, only up to {}", to_string(history.spx[last].date),
                                                to_string(history.spx[known].date));
    throw InputError({fmt::format("--weights {}", name_of(series.variable))},
                     fmt::format("is not known {}; end the period earlier (--to) or say what it is ({} ...)", until,
                                 option_of(series.variable)));
}

}  // namespace

AnalogState analog_state(const DailyHistory& history, std::span<const StateVariable> variables,
                         const StateSources& sources, std::span<const double, kStateVariables.size()> quoted,
                         std::size_t last) {
    AnalogState state;
    for (const StateVariable variable : variables) {
        StateSeries series = state_series(history, variable, sources);
        const double asked = value_asked(series, quoted[static_cast<std::size_t>(variable)], history, last);
        state.z.push_back(z_after(std::span(series.value).first(last + 1), asked));
        if (std::isnan(state.z.back()))
            throw InputError({fmt::format("--weights {}", name_of(variable))},
                             fmt::format("is known at fewer than {} closes up to {}", kFewestForZ,
                                         to_string(history.spx[last].date)));
        state.series.push_back(std::move(series));
    }
    return state;
}

std::vector<double> squared_distances(const AnalogState& state, std::span<const std::size_t> places) {
    std::vector<double> distances(places.size(), 0.0);
    for (std::size_t i = 0; i < places.size(); ++i) {
        for (std::size_t k = 0; k < state.series.size(); ++k)
            distances[i] += std::pow(state.series[k].z[places[i] - 1] - state.z[k], 2);
    }
    return distances;
}

AnalogWeights analog_weights(std::span<const double> squared_distances, double effective) {
    const auto known = std::ranges::count_if(squared_distances, [](double distance) { return !std::isnan(distance); });
    if (static_cast<double>(known) <= effective)
        throw InputError({"--weights"},
                         fmt::format("{} sessions have a state; more than {:.0f} are needed", known, effective));
    auto [weight, bandwidth] = kernel_weights(squared_distances, effective);
    const double sum = std::accumulate(weight.begin(), weight.end(), 0.0);
    for (double& w : weight) w /= sum;
    const double size = effective_size(weight);
    return {std::move(weight), bandwidth, size};
}

}  // namespace volstorm

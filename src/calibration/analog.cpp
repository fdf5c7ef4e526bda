#include "volstorm/calibration/analog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "volstorm/calibration/session_weights.h"
#include "volstorm/core/error.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double value_asked(const StateSeries& series, double quoted, Date date, std::size_t last) {
    const double value = std::isnan(quoted) ? series.value[last] : state_value(series.variable, quoted);
    if (std::isnan(value))
        throw InputError({fmt::format("--weights {}", name_of(series.variable))},
                         fmt::format("is not known on {}; end the period earlier (--to) or say what it is (--at-...)",
                                     to_string(date)));
    return value;
}

// Weights from distances less the smallest, so that the nearest session has weight 1 at any bandwidth.
std::vector<double> weights_at(std::span<const double> squared_distances, double smallest, double bandwidth) {
    std::vector<double> weights;
    for (const double d : squared_distances)
        weights.push_back(std::isnan(d) ? 0.0 : std::exp(-(d - smallest) / (2.0 * bandwidth * bandwidth)));
    return weights;
}

}  // namespace

AnalogState analog_state(const DailyHistory& history, std::span<const StateVariable> variables,
                         const StateSources& sources, std::span<const double, kStateVariables.size()> quoted,
                         std::size_t last) {
    AnalogState state;
    for (const StateVariable variable : variables) {
        StateSeries series = state_series(history, variable, sources);
        const double asked =
            value_asked(series, quoted[static_cast<std::size_t>(variable)], history.spx[last].date, last);
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

AnalogWeights kernel_weights(std::span<const double> squared_distances, double effective) {
    double smallest = kNone, largest = kNone;
    std::size_t known = 0;
    for (const double d : squared_distances) {
        if (std::isnan(d)) continue;
        smallest = known == 0 ? d : std::min(smallest, d);
        largest = known == 0 ? d : std::max(largest, d);
        ++known;
    }
    if (static_cast<double>(known) <= effective)
        throw InputError({"--weights"},
                         fmt::format("{} sessions have a state; more than {:.0f} are needed", known, effective));
    // In ln h: from where only the nearest count to where all count alike to 1e-6.
    double low = std::log(1e-8), high = std::log(1.0 + 1e3 * std::sqrt(largest - smallest));
    for (int i = 0; i < 100; ++i) {
        const double middle = 0.5 * (low + high);
        const double size = effective_size(weights_at(squared_distances, smallest, std::exp(middle)));
        (size < effective ? low : high) = middle;
    }
    AnalogWeights result{weights_at(squared_distances, smallest, std::exp(high)), std::exp(high), 0.0};
    double sum = 0.0;
    for (const double w : result.weight) sum += w;
    for (double& w : result.weight) w /= sum;
    result.effective = effective_size(result.weight);
    return result;
}

}  // namespace volstorm

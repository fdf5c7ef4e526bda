#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "volstorm/calibration/one_day.h"
#include "volstorm/calibration/state_history.h"

/// Weights of the sessions of a history by how near the state before each comes to one that is asked for.
namespace volstorm {

/// The state asked for: some variables at each close of the history, and the z of each at that state.
struct AnalogState {
    std::vector<StateSeries> series;
    std::vector<double> z;  // by series
};

/// The state at the close `last` of the history, or of a value that the user quotes for a variable (NaN: none). Its z
/// are by the mean and deviation of all closes up to `last`. InputError where one is not known.
AnalogState analog_state(const DailyHistory& history, std::span<const StateVariable> variables,
                         const StateSources& sources, std::span<const double, kStateVariables.size()> quoted,
                         std::size_t last);

/// Squared distance of each session's state, that of the close before it, from the state asked for: the sum of squared
/// differences of z. `places` are those of session_places(). NaN where a variable is not known.
std::vector<double> squared_distances(const AnalogState& state, std::span<const std::size_t> places);

struct AnalogWeights {
    std::vector<double> weight;  // by session; sum 1, 0 where the distance is not known
    double bandwidth = 0.0;      // h of exp(-d^2 / 2 h^2)
    double effective = 0.0;      // (sum w)^2 / sum w^2
};

inline constexpr double kEffectiveSessions = 100.0;

/// A Gaussian kernel of the smallest bandwidth that leaves `effective` sessions (it grows with the bandwidth without
/// turning back). InputError where not more sessions than that have a distance.
AnalogWeights analog_weights(std::span<const double> squared_distances, double effective = kEffectiveSessions);

/// A figure of the weighted law with one variable in the distance, and without.
struct AnalogEffect {
    std::string_view id, meaning;
    double with = 0.0, without = 0.0;
    double low = 0.0, high = 0.0;  // interval of with - without
    bool is_told() const { return low > 0.0 || high < 0.0; }
};

/// What one variable adds to the weights of a state.
struct AnalogShare {
    StateVariable variable;
    std::vector<AnalogEffect> effects;
    double of_distance = 0.0;  // share of the weighted squared distance that is the variable's own
    double bandwidth_without = 0.0;
    double overlap = 0.0;  // sum of the smaller of the two weights of each session: 1, they are the same
};

/// Four intervals of 97.5 % err in at most 10 % of cases, one or more of them.
inline constexpr double kEffectLevel = 0.975;
/// Monthly series swing over years: blocks of one year keep most of a swing together, at the price of wide intervals.
inline constexpr std::size_t kEffectBlock = 252;
inline constexpr std::size_t kEffectReplications = 2000;

/// The weights with and without the variable, over the same sessions (those on which all variables are known), each
/// with its own bandwidth; the standard deviation, 1 % and 5 % quantile of z = return / (VIX / sqrt(252)), and the mean
/// VIX change by each; intervals of the differences from blocks of a year drawn with replacement, the weights as they
/// are.
AnalogShare share_of(StateVariable variable, const AnalogState& state, std::span<const std::size_t> places,
                     const OneDaySample& sessions, std::uint64_t seed);

}  // namespace volstorm

#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "volstorm/calibration/one_day.h"
#include "volstorm/engine/executor.h"
#include "volstorm/model/model.h"
#include "volstorm/pricing/day.h"

namespace volstorm {

/// Sessions of the physical law, `paths` (a multiple of 512) from each of the VIX closes, in their order: close to
/// close, on the five weekdays in turn, without events, the state by the rule for VIX alone. SPX lows and highs are
/// those between the open and the close. A session depends on the seed and its place in the sample alone. InputError
/// where a VIX close gives no state.
OneDaySample simulate_sessions(const ModelInput& model, std::span<const double> vix_before, std::size_t paths,
                               std::uint64_t seed, Executor& executor);

/// One of these sessions' beginnings, with the states at its end.
struct SessionStates {
    PricingDay day;
    DateTime close{};  // the end of the session
    std::vector<VarianceState> end;
};
/// Only the states, of `paths` sessions from one VIX close.
SessionStates simulate_states(const ModelInput& model, double vix_before, std::size_t paths, std::uint64_t seed);

/// Variance of z = return / (VIX / sqrt(252)) on sessions with an announcement (FOMC, CPI, NFP) of its typical size
/// over that on sessions without, from these VIX closes: 4,096 sessions of each.
double event_variance_ratio(const ModelInput& model, std::span<const double> vix_before, std::string_view event,
                            std::uint64_t seed);

}  // namespace volstorm

#pragma once
#include <cstdint>
#include <span>

#include "volstorm/calibration/one_day.h"
#include "volstorm/engine/executor.h"
#include "volstorm/model/model.h"

namespace volstorm {

/// Sessions of the physical law, `paths` (a multiple of 512) from each of the VIX closes, in their order: close to close,
/// on the five weekdays in turn, without events, the state by the rule for VIX alone. SPX lows and highs are those
/// between the open and the close. A session depends on the seed and its place in the sample alone.
/// InputError where a VIX close gives no state.
OneDaySample simulate_sessions(const ModelInput& model, std::span<const double> vix_before, std::size_t paths,
                               std::uint64_t seed, Executor& executor);

}  // namespace volstorm

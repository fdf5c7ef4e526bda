#pragma once
#include <span>
#include <vector>

#include "calibrate_physical.h"
#include "period.h"
#include "volstorm/report/physical_fit_text.h"

namespace volstorm {

/// Weights of the sessions at `places` by the state that the options ask for, and what there is to say of them.
struct WeightedSessions {
    std::vector<double> weights;
    AnalogReport report;
};
WeightedSessions weighted_sessions_of(const CalibratePhysicalOptions& options, const DailyHistory& history,
                                      const Period& period, std::span<const std::size_t> places,
                                      const OneDaySample& sessions, std::uint64_t seed);

/// Refuses weights and values of a state that do not go together, before a file is read. InputError.
void check_weights(const CalibratePhysicalOptions& options);

}  // namespace volstorm

#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "volstorm/core/civil_time.h"

namespace volstorm {

class Table;

/// A scheduled announcement: SPX jumps by a normal amount at a known time.
struct Event {
    std::string name;            // FOMC, CPI ...
    DateTime time;               // New York
    double spx_move_sd = 0.0;    // sd of the log move under the pricing measure (its mean is -sd^2/2)
    double physical_sd = 0.0;    // under the physical measure; default: spx_move_sd
    double physical_mean = 0.0;  // mean log move under the physical measure; default: -physical_sd^2/2
    double variance_drop = 0.0;  // share d of v that vanishes at the event, in [0, 1)
};

/// What an announcement of this name (FOMC, CPI, NFP) moves SPX, as a share of the session's move that VIX announces,
/// VIX / sqrt(252): 0.75, 0.79 and 0.62, so that the variance of its session is 1.9, 2.0 and 1.6 times that of one
/// without (2022 to 2025). Nothing for other names.
std::optional<double> typical_event_share(std::string_view name);
/// The standard deviation of the log move that follows at a VIX in points.
std::optional<double> typical_move_sd(std::string_view name, double vix);

/// Reads `[[event]]`: name, time, spx_move_sd, physical_sd, physical_mean, variance_drop. In order of time. With `vix`
/// an event of a known name needs no spx_move_sd: it has its typical one.
std::vector<Event> read_events(const Table& scenario, std::optional<double> vix = std::nullopt);

}  // namespace volstorm

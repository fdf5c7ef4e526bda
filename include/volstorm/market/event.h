#pragma once
#include <string>
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

/// Reads `[[event]]`: name, time, spx_move_sd, physical_sd, physical_mean, variance_drop. In order of time.
std::vector<Event> read_events(const Table& scenario);

}  // namespace volstorm

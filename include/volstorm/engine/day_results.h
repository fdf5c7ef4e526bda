#pragma once
#include <vector>

#include "volstorm/engine/named_day.h"

namespace volstorm {

/// What one named day makes of a book. Dollars.
struct DayResult {
    NamedDay day;
    double spx_return = 0.0;              // entry to settlement, simple
    double vix_end = 0.0, vix_max = 0.0;  // points; the highest end of a bar
    double condor = 0.0;                  // P&L at mid at the settlement
    std::vector<double> layers;           // the same of each layer
    double costs = 0.0;                   // of all legs, not above 0
    double total = 0.0;                   // after costs
    /// The total, were all closed at the day's low or high at the model's prices, costs of closing in.
    double total_at_low = 0.0, total_at_high = 0.0;
};

/// Every day applied to the book of an experiment of paths_of(days), prepared with marks at every bar; the worst first.
std::vector<DayResult> results_of(const Experiment& experiment, const std::vector<NamedDay>& days);

}  // namespace volstorm

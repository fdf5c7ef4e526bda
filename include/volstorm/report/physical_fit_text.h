#pragma once
#include <optional>
#include <string>
#include <vector>

#include "volstorm/calibration/analog.h"
#include "volstorm/calibration/physical_fit.h"

namespace volstorm {

/// The weights of a fit, for people.
struct AnalogReport {
    std::string date;  // whose state is asked for, where no other is quoted: 2025-08-21
    struct Asked {
        StateVariable variable;
        double quoted, z;
    };
    std::vector<Asked> state;
    double bandwidth = 0.0, effective = 0.0;
    struct Day {
        std::string date;  // of the session
        double distance, weight;
        double vix_before, spx_return, vix_change;  // points, %, points
    };
    std::vector<Day> nearest;
    std::optional<AnalogShare> reer;
};

/// A fit of physical parameters: what `calibrate --physical` says.
struct PhysicalFitReport {
    std::string model;   // file
    std::string period;  // 1990-01-03 to 2019-12-31
    std::size_t sessions = 0;
    std::array<double, kRegimes.size()> effective{};  // sessions that the weights are worth, by regime
    std::uint64_t seed = 1;
    std::vector<std::string> remarks;  // what was set aside in the history
    std::optional<AnalogReport> analog;
    PhysicalFit fit;
};

/// At most 100 columns: weights, rows inside and cost by regime before and after, parameters, conditioning, what long
/// VIX earns.
std::string physical_fit_text(const PhysicalFitReport& report);
/// The same with every row, as JSON with 17 digits.
std::string physical_fit_json(const PhysicalFitReport& report);
/// The part on the weights.
std::string analog_text(const AnalogReport& report, std::size_t sessions);

}  // namespace volstorm

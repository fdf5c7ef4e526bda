#pragma once
#include <string>
#include <utility>
#include <vector>

#include "volstorm/model/parameters.h"

namespace volstorm {

/// What a scenario sets in one jump family, known by its name.
struct JumpOverride {
    std::string name;
    std::vector<std::pair<double JumpFamily::*, double>> values;
};

/// Parameters set one by one over those of a model file: plain values, so that any number of threads may apply them.
struct ParameterOverrides {
    std::vector<std::pair<double Parameters::*, double>> values;
    std::vector<JumpOverride> jumps;

    /// A family that is not there yet is added.
    void apply_to(Parameters& parameters) const;
};

}  // namespace volstorm

#pragma once
#include <string>
#include <vector>

#include "volstorm/model/model.h"

namespace volstorm {

/// The model of a file with the overrides of the command line; InputError where either is wrong.
ModelInput read_model_file(const std::string& file, const std::vector<std::string>& set, const std::string& command);

}  // namespace volstorm

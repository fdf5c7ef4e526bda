#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "volstorm/model/model.h"

namespace volstorm {

/// The shipped model file: beside what is in `folder`, in the source tree around it, the current folder or the program,
/// or installed with the program.
std::optional<std::filesystem::path> shipped_model(const std::filesystem::path& folder);

/// The file that was named, else the shipped model, shown from the current folder where it lies below it. InputError
/// where that is nowhere.
std::string model_or_shipped(const std::string& file);

/// The model of a file with the overrides of the command line; InputError where either is wrong.
ModelInput read_model_file(const std::string& file, const std::vector<std::string>& set, const std::string& command);

}  // namespace volstorm

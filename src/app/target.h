#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "volstorm/engine/scenario.h"

namespace volstorm {

/// Refuses, before any path, a place that a result must not take: a file that the run reads, anything else that exists
/// and is no result. InputError.
void check_target(const std::filesystem::path& target, const Scenario& scenario);

/// Refuses a name at which something is already, or that is a folder: InputError; else as try_target().
void check_new_file(const std::filesystem::path& file);

/// Refuses a name that ends in neither .csv nor .md, a folder, any of the files that the command reads, and a disk
/// without room for a table: InputError; else as try_target(). An older table of this program is replaced, no other
/// file.
void check_table(const std::filesystem::path& file, const std::vector<std::string>& inputs);
/// The same, where a scenario with all that it names is read.
void check_table(const std::filesystem::path& file, const Scenario& scenario);

/// Makes an empty file beside the target, with its folder, and takes both away again: IoError where the system refuses.
void try_target(const std::filesystem::path& target);

/// Makes the folder of the file; IoError where the system refuses.
void make_folder_of(const std::filesystem::path& file);

}  // namespace volstorm

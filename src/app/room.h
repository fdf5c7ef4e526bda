#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "volstorm/engine/scenario.h"

namespace volstorm {

/// The folder that a file lies in.
std::filesystem::path folder_of(const std::filesystem::path& file);
/// The folders from `folder` upwards that are not there, the innermost first.
std::vector<std::filesystem::path> missing_folders(const std::filesystem::path& folder);

/// Bytes free for `file`, whose folder need not be there; nothing where the system does not say: writing then does.
std::optional<double> free_bytes_for(const std::filesystem::path& file);
/// 1.23 MB, 45.6 GB.
std::string bytes_text(double bytes);

/// Why the disk cannot hold the run: what it would need, and what would fit. Nothing where it can.
std::optional<std::string> lack_of_room(const Scenario& scenario, const std::filesystem::path& target,
                                        std::size_t threads);
/// Refuses, before anything is prepared, a run that the disk cannot hold. InputError.
void check_room(const Scenario& scenario, const std::filesystem::path& target, std::size_t threads);

}  // namespace volstorm

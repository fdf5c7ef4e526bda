#pragma once
#include <string>

namespace volstorm {

/// Version, commit and tools of this program.
struct BuildInfo {
    std::string version, commit, compiler, flags, instruction_set, libraries;
};
BuildInfo build_info();

/// Now, UTC, ISO 8601; SOURCE_DATE_EPOCH where it is set.
std::string utc_now();

}  // namespace volstorm

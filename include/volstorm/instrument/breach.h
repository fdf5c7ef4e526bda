#pragma once
#include <cstdint>

namespace volstorm {

/// How the condor ended: the level at settlement against its short strikes.
enum class Breach : std::uint8_t { none = 0, down = 1, up = 2 };

}  // namespace volstorm

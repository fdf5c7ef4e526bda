#pragma once
#include <cstddef>

namespace volstorm {

/// Weight of a new value in an exponential average of `period` values that has seen `seen`: 1 for the first, which
/// seeds it, then 2 / (period + 1).
inline double exponential_weight(std::size_t seen, double period) { return seen == 0 ? 1.0 : 2.0 / (period + 1.0); }

}  // namespace volstorm

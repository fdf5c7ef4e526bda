#pragma once
#include <cstddef>
#include <string>

namespace volstorm {

/// What simulating this many paths takes at best, seconds: for the estimate of an absurd request only.
double seconds_for(double paths, std::size_t threads);

/// `3 minutes`, `11 days`.
std::string duration_text(double seconds);

}  // namespace volstorm

#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace volstorm {

/// How often each session comes in a sample of as many sessions by weight: its share of the weights times their number,
/// rounded so that the first k sessions together are right to half a session, for every k.
std::vector<std::size_t> weighted_sessions(std::span<const double> weights);

}  // namespace volstorm

#pragma once
#include <iterator>
#include <string>

#include "volstorm/risk/estimate.h"

namespace volstorm {

using Buffer = std::back_insert_iterator<std::string>;

/// Whole dollars, grouped; "-" where there is no number.
std::string dollars(double value);
/// [low, high] in whole dollars; an end that is infinite (too few paths) as "?"; empty where nothing is known.
std::string interval(const Estimate& estimate);
/// 12.34 % [12.01, 12.68]
std::string share(const Estimate& estimate);

}  // namespace volstorm

#pragma once
#include <iterator>
#include <string>

#include "volstorm/risk/estimate.h"

namespace volstorm {

using Buffer = std::back_insert_iterator<std::string>;

/// Whole dollars, grouped; "-" where there is no number.
std::string dollars(double value);
/// Four digits that tell: 0.0412, 1.134, 18.41, 1234; "-" where there is no number.
std::string figure(double value);
/// The text without blanks at the ends of its lines.
std::string without_end_blanks(const std::string& text);
/// [low, high] in whole dollars; an end that is infinite (too few paths) as "?"; empty where nothing is known.
std::string interval(const Estimate& estimate);
/// 12.34 % [12.01, 12.68]
std::string share(const Estimate& estimate);

}  // namespace volstorm

#pragma once
#include <iterator>
#include <string>

#include "volstorm/engine/scenario.h"
#include "volstorm/risk/estimate.h"

namespace volstorm {

using Buffer = std::back_insert_iterator<std::string>;

/// Whole dollars, grouped; "-" where there is no number.
std::string dollars(double value);
/// Four digits that tell: 0.0412, 1.134, 18.41, 1234; "-" where there is no number.
std::string figure(double value);
/// The text without blanks at the ends of its lines.
std::string without_end_blanks(const std::string& text);
/// [low, high] in whole dollars; in words where an end is infinite (too few paths, or sessions of history); empty where
/// nothing is known.
std::string interval(const Estimate& estimate);
/// " (100,000 asked for)" where there are more; else empty.
std::string asked_text(std::uint64_t paths, std::uint64_t asked);
/// How paths in strata are drawn and what tells their errors, in a line.
std::string strata_text(const Sampling& sampling);
/// What the intervals of drawn sessions of history are of, in three lines; `subject` are "Intervals".
std::string session_intervals(const std::string& subject, double effective_sessions);
/// 12.34 % [12.01, 12.68]; without limits where they are not known
std::string share(const Estimate& estimate);

/// The text on lines of at most 100 columns, broken at blanks; it begins at column `indent`, and so do further lines.
std::string in_lines(const std::string& text, std::size_t indent);

}  // namespace volstorm

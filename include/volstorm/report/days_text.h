#pragma once
#include <span>
#include <string>
#include <vector>

#include "volstorm/engine/day_results.h"

namespace volstorm {

/// Every named day on a book, the worst first: at most 100 columns, so that many layers share one.
std::string days_text(std::span<const DayResult> results, const std::vector<std::string>& layers);
/// The same with every figure: date,story,spx_return,vix_end,vix_max,condor, a column a layer, costs,total,
/// total_at_low,total_at_high; dollars.
std::string days_csv(std::span<const DayResult> results, const std::vector<std::string>& layers);
std::string days_markdown(std::span<const DayResult> results, const std::vector<std::string>& layers);
/// The shipped days as they were, at most 100 columns.
std::string day_list_text(std::span<const NamedDay> days);

}  // namespace volstorm

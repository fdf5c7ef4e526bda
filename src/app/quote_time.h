#pragma once
#include <optional>
#include <string>

#include "volstorm/core/civil_time.h"

namespace volstorm {

/// What --time says of the moment at which quotes stood; nothing where it is empty. InputError where it is no time, or
/// outside the calendar.
std::optional<DateTime> quote_time(const std::string& text);

}  // namespace volstorm

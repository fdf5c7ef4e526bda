#pragma once
#include <filesystem>
#include <vector>

#include "volstorm/core/civil_time.h"

namespace volstorm {

/// Daily closes before the entry day, oldest first: what RSI, MACD and moving averages start from.
struct History {
    std::vector<Date> dates;
    std::vector<double> spx;  // index points
    std::vector<double> vix;  // VIX points
    bool empty() const { return dates.empty(); }
};

/// Reads a CSV with the header `date,spx,vix` (lines that begin with # are comments: the origin of the figures).
/// Refused, with file:line:column: another header, a malformed or non-positive number, a date that is no session or
/// out of order or repeated, a session left out, a row on or after `entry_day` (it would know the future), and a last
/// row that is not the session before `entry_day`. Days before 2015, where the calendar begins, are not checked.
History read_history(const std::filesystem::path& file, Date entry_day);

}  // namespace volstorm

#pragma once
#include <array>
#include <filesystem>
#include <vector>

#include "volstorm/core/civil_time.h"
#include "volstorm/market/clock.h"

namespace volstorm {

/// One whole session of an index: its open, then the close of each five-minute bar from 09:30 to 16:00 New York.
struct IntradaySession {
    Date date;
    std::array<double, kBarsPerSession + 1> points;
};

/// Reads five-minute bars: a header with the columns time (seconds since 1970 in UTC of the start of the bar), open and
/// close; other columns and bars outside the session do not matter. Sessions of which a bar is missing, half days among
/// them, are left out. Refused, with file:line:column: no such columns, a time that is none or goes back, a price that
/// is no number above 0. Oldest first.
std::vector<IntradaySession> read_intraday(const std::filesystem::path& file);

}  // namespace volstorm

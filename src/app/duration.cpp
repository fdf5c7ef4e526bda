#include "duration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace volstorm {
namespace {

constexpr double kTypicalRate = 3e6;  // paths a second and thread

}  // namespace

double seconds_for(double paths, std::size_t threads) { return paths / (kTypicalRate * static_cast<double>(threads)); }

std::string duration_text(double seconds) {
    const auto several = [](double value, const char* unit) {
        const double rounded = std::max(1.0, std::round(value));
        return fmt::format("{:.0f} {}{}", rounded, unit, rounded == 1.0 ? "" : "s");
    };
    if (seconds < 90.0) return several(seconds, "second");
    if (seconds < 5400.0) return several(seconds / 60.0, "minute");
    if (seconds < 48.0 * 3600.0) return several(seconds / 3600.0, "hour");
    if (seconds < 730.0 * 86400.0) return several(seconds / 86400.0, "day");
    return several(seconds / (365.0 * 86400.0), "year");
}

}  // namespace volstorm

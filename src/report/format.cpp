#include "format.h"

#include <fmt/format.h>

#include <cmath>

#include "volstorm/core/text.h"

namespace volstorm {

std::string dollars(double value) {
    if (!std::isfinite(value)) return "-";
    const std::string text = grouped(std::llround(value));
    return text == "-0" ? "0" : text;
}

std::string figure(double value) {
    if (std::isnan(value)) return "-";
    const double size = std::abs(value);
    const int decimals = size >= 999.5                    ? 0
                         : size >= 99.95                  ? 1
                         : size >= 9.9995                 ? 2
                         : size >= 0.09995 || size == 0.0 ? 3
                                                          : 4;
    return fmt::format("{:.{}f}", value, decimals);
}

std::string without_end_blanks(const std::string& text) {
    std::string clean;
    for (const char c : text) {
        if (c == '\n') clean.erase(clean.find_last_not_of(' ') + 1);
        clean += c;
    }
    return clean;
}

std::string interval(const Estimate& e) {
    if (std::isnan(e.low) || std::isnan(e.high)) return "";
    const auto end = [](double x) { return std::isinf(x) ? std::string("?") : dollars(x); };
    return fmt::format("[{}, {}]", end(e.low), end(e.high));
}

std::string share(const Estimate& e) {
    if (std::isnan(e.value)) return "-";
    return fmt::format("{:.2f} % [{:.2f}, {:.2f}]", 100.0 * e.value, 100.0 * e.low, 100.0 * e.high);
}

}  // namespace volstorm

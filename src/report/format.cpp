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

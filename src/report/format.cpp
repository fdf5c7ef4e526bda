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
    if (std::isinf(e.low) && std::isinf(e.high)) return "[too few]";
    if (std::isinf(e.low)) return fmt::format("[{} or less]", dollars(e.high));
    if (std::isinf(e.high)) return fmt::format("[{} or more]", dollars(e.low));
    return fmt::format("[{}, {}]", dollars(e.low), dollars(e.high));
}

std::string asked_text(std::uint64_t paths, std::uint64_t asked) {
    return paths == asked ? "" : fmt::format(" ({} asked for)", grouped(static_cast<std::int64_t>(asked)));
}

std::string strata_text(const Sampling& sampling) {
    const SampleLayout layout = sample_layout(sampling.paths);
    return fmt::format(
        "Tail sampling ({}): rare days are simulated more often and count for less, in all figures\n"
        "Intervals from {} replicates of {} paths; columns of the file need their weights",
        to_string(sampling.method), layout.replicates,
        grouped(static_cast<std::int64_t>(sampling.paths / layout.replicates)));
}

std::string session_intervals(const std::string& subject, double effective_sessions) {
    return fmt::format(
        "{} are of drawing other sessions of history. These are worth {:.0f} independent ones,\n"
        "and more paths do not make them more. Too few for limits: under ten on either side of zero for\n"
        "a mean, under 50 in its tail for an ES, none beyond it for a VaR\n",
        subject, effective_sessions);
}

std::string share(const Estimate& e) {
    if (std::isnan(e.value)) return "-";
    if (std::isnan(e.low) || std::isnan(e.high)) return fmt::format("{:.2f} %", 100.0 * e.value);
    if (std::isinf(e.low) && std::isinf(e.high)) return fmt::format("{:.2f} % [too few]", 100.0 * e.value);
    return fmt::format("{:.2f} % [{:.2f}, {:.2f}]", 100.0 * e.value, 100.0 * e.low, 100.0 * e.high);
}

std::string in_lines(const std::string& text, std::size_t indent) {
    constexpr std::size_t kColumns = 100;
    std::string lines;
    std::size_t column = indent;
    for (std::size_t first = 0; first < text.size();) {
        const std::size_t last = std::min(text.find(' ', first), text.size());
        const std::size_t size = last - first;
        if (first > 0 && column + 1 + size > kColumns) {
            lines += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (first > 0) {
            lines += ' ';
            ++column;
        }
        lines.append(text, first, size);
        column += size;
        first = last + 1;
    }
    return lines;
}

}  // namespace volstorm

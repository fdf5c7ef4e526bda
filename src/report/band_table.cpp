#include "band_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "format.h"

namespace volstorm {
namespace {

constexpr std::size_t kColumns = 100;  // of the terminal

std::string aligned(const BandCell& cell, std::size_t width) {
    return fmt::format("{:>{}} {}", cell.value, width, cell.interval);
}

// The lines of one column, all as long as the longest.
std::vector<std::string> lines_of(const BandColumn& column) {
    std::size_t width = std::max(column.lowest.size(), column.highest.size());
    for (const BandCell& cell : column.cells) width = std::max(width, cell.value.size());
    std::vector<std::string> lines{column.head};
    for (const BandCell& cell : column.cells) lines.push_back(aligned(cell, width));
    lines.push_back(aligned({column.lowest, {}}, width));
    lines.push_back(aligned({column.highest, {}}, width));
    std::size_t longest = 0;
    for (const std::string& line : lines) longest = std::max(longest, line.size());
    for (std::string& line : lines) line.resize(longest, ' ');
    return lines;
}

std::string drawn(std::span<const std::string> worlds, std::span<const BandColumn> columns) {
    std::vector<std::string> names{"world"};
    names.insert(names.end(), worlds.begin(), worlds.end());
    names.insert(names.end(), {"lowest", "highest"});
    std::size_t width = 0;
    for (const std::string& name : names) width = std::max(width, name.size());
    for (std::string& name : names) name = fmt::format("  {:<{}}", name, width);
    for (const BandColumn& column : columns) {
        const std::vector<std::string> lines = lines_of(column);
        for (std::size_t k = 0; k < lines.size(); ++k) names[k] += "  " + lines[k];
    }
    std::string text;
    for (const std::string& line : names) text += line + '\n';
    return without_end_blanks(text);
}

bool is_too_wide(const std::string& text) {
    std::size_t from = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; from = end + 1, end = text.find('\n', from)) {
        if (end - from > kColumns) return true;
    }
    return false;
}

}  // namespace

std::string band_table(std::span<const std::string> worlds, std::vector<BandColumn> columns) {
    std::string text = drawn(worlds, columns);
    if (!is_too_wide(text)) return text;
    for (BandColumn& column : columns)
        for (BandCell& cell : column.cells) cell.interval.clear();
    return drawn(worlds, columns);
}

}  // namespace volstorm

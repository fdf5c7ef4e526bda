#include "volstorm/core/csv.h"

#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>
#include <system_error>

#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr std::uintmax_t kLargestFile = 256u << 20;

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r"), last = text.find_last_not_of(" \t\r");
    return first == std::string_view::npos ? std::string_view() : text.substr(first, last - first + 1);
}

// Where the field that begins at `start` ends: at a comma outside quotes, or at the end of the line.
std::size_t end_of_field(std::string_view line, std::size_t start) {
    bool quoted = false;
    for (std::size_t i = start; i < line.size(); ++i) {
        if (line[i] == '"') quoted = !quoted;
        if (line[i] == ',' && !quoted) return i;
    }
    return line.size();
}

std::string without_quotes(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
    std::string inner;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '"' && text[i + 1] == '"' && i + 2 < text.size()) ++i;
        inner += text[i];
    }
    return inner;
}

std::string whole_file(const std::filesystem::path& file) {
    std::error_code error;
    if (std::filesystem::file_size(file, error) > kLargestFile && !error)
        throw InputError({file.string()}, "is larger than 256 MB");
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw IoError("cannot read " + file.string() + ": " + std::generic_category().message(errno));
    std::ostringstream text;
    text << stream.rdbuf();
    if (stream.bad() || std::filesystem::is_directory(file, error)) throw IoError("cannot read " + file.string());
    return text.str();
}

}  // namespace

std::string CsvField::quoted() const { return '"' + printable(text) + '"'; }

std::optional<double> CsvField::number() const {
    double value = 0.0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

CsvLine split_csv(std::string_view line, const Source& where) {
    CsvLine fields;
    for (std::size_t start = 0; start <= line.size();) {
        const std::size_t end = end_of_field(line, start);
        Source place = where;
        place.column = static_cast<int>(start) + 1;
        fields.push_back({without_quotes(trimmed(line.substr(start, end - start))), place});
        start = end + 1;
    }
    return fields;
}

std::vector<CsvLine> read_csv(const std::filesystem::path& file) {
    const std::string text = whole_file(file);
    std::vector<CsvLine> lines;
    Source where{file.string(), 0, 1};
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        ++where.line;
        if (line.find('\0') != std::string::npos) throw InputError(where, "holds a NUL byte: this is no text file");
        if (where.line == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);  // byte order mark
        if (trimmed(line).empty() || line.starts_with('#')) continue;
        lines.push_back(split_csv(line, where));
    }
    return lines;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

}  // namespace volstorm

#include "volstorm/core/csv.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>
#include <system_error>

#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr std::size_t kLongestLine = 8192;
constexpr std::size_t kShown = 60;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Without blanks on either side; the place moves along.
void trim(Field& field) {
    while (!field.text.empty() && is_blank(field.text.back())) field.text.remove_suffix(1);
    while (!field.text.empty() && is_blank(field.text.front())) {
        field.text.remove_prefix(1);
        ++field.where.column;
    }
}

/// Where the field that begins at `start` ends: at a comma, or at the end of the line.
std::size_t end_of_field(const Field& line, std::size_t start) {
    std::size_t from = start;
    const std::size_t first = line.text.find_first_not_of(" \t", start);
    if (first != std::string_view::npos && line.text[first] == '"') {
        const std::size_t close = line.text.find('"', first + 1);
        if (close == std::string_view::npos) {
            Field field{line.text.substr(first), line.where};
            field.where.column += static_cast<int>(first);
            field.fail("the double quote is not closed");
        }
        from = close;
    }
    return std::min(line.text.find(',', from), line.text.size());
}

}  // namespace

std::string Field::quoted() const {
    return '"' + printable(text.substr(0, kShown)) + (text.size() > kShown ? "...\"" : "\"");
}

std::string read_text(const std::filesystem::path& file, std::size_t most) {
    const auto refused = [&] {
        return IoError("cannot read " + file.string() + ": " + std::generic_category().message(errno));
    };
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw refused();
    std::string text, block(std::size_t{1} << 16, '\0');
    while (stream.read(block.data(), static_cast<std::streamsize>(block.size())) || stream.gcount() > 0) {
        text.append(block, 0, static_cast<std::size_t>(stream.gcount()));
        if (text.size() > most)
            throw InputError({file.string()}, "has more than " + std::to_string(most) + " bytes: no table of figures");
    }
    if (stream.bad()) throw refused();
    return text;
}

bool Lines::next() {
    if (line_.where.line == 0 && rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
    if (rest_.empty()) return false;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    line_.text = rest_.substr(0, end);
    ++line_.where.line;
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (line_.text.ends_with('\r')) line_.text.remove_suffix(1);
    if (line_.text.size() > kLongestLine)
        line_.fail("has more than " + std::to_string(kLongestLine) + " bytes: no row of a table");
    return true;
}

std::vector<Field> split_fields(const Field& line) {
    std::vector<Field> fields;
    for (std::size_t start = 0; start <= line.text.size();) {
        const std::size_t end = end_of_field(line, start);
        Field field{line.text.substr(start, end - start), line.where};
        field.where.column += static_cast<int>(start);
        trim(field);
        if (field.text.size() >= 2 && field.text.front() == '"' && field.text.back() == '"') {
            field.text = field.text.substr(1, field.text.size() - 2);
            ++field.where.column;
        }
        fields.push_back(std::move(field));
        start = end + 1;
    }
    return fields;
}

std::vector<std::vector<Field>> read_rows(std::string_view text, const std::string& file) {
    std::vector<std::vector<Field>> rows;
    for (Lines lines(text, file); lines.next();) {
        const std::string_view line = lines.line().text;
        if (line.find_first_not_of(" \t") == std::string_view::npos || line.front() == '#') continue;
        rows.push_back(split_fields(lines.line()));
    }
    return rows;
}

std::string lower(std::string_view text) {
    std::string small(text);
    for (char& c : small)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return small;
}

std::optional<double> number_in(const Field& field) {
    double value = 0.0;
    const char* end = field.text.data() + field.text.size();
    const auto [stop, error] = std::from_chars(field.text.data(), end, value);
    return error == std::errc() && stop == end && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

double read_number(const Field& field, std::string_view what, double low, double high) {
    const std::optional<double> value = number_in(field);
    if (!value || *value < low || *value > high)
        field.fail(std::string(what) + " is " + field.quoted() + ", but a number from " + shortest(low) + " to " +
                   shortest(high) + " is needed");
    return *value;
}

}  // namespace volstorm

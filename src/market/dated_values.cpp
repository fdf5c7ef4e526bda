#include "volstorm/market/dated_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "volstorm/core/csv.h"

namespace volstorm {
namespace {

using Row = std::vector<Field>;

std::size_t date_column(const Row& header) {
    const auto is_date = [](const Field& field) {
        const std::string name = lower(field.text);
        return name == "date" || name == "observation_date";
    };
    const auto found = std::ranges::find_if(header, is_date);
    if (header.size() != 2 || found == header.end())
        header[0].fail("the header needs two columns: Date and that of the values");
    return static_cast<std::size_t>(found - header.begin());
}

std::optional<DatedValue> value_of(const Row& line, std::size_t date_at) {
    if (line.size() != 2) line[0].fail(fmt::format("has {} fields, but 2 are needed", line.size()));
    const Field &date_field = line[date_at], &value_field = line[1 - date_at];
    const auto date = parse_date(date_field.text);
    if (!date) date_field.fail(date_field.quoted() + " is not a date such as 2020-01-01");
    if (value_field.text.empty() || value_field.text == ".") return std::nullopt;
    const auto value = number_in(value_field);
    if (!value) value_field.fail(value_field.quoted() + " is not a number");
    return DatedValue{*date, *value};
}

}  // namespace

DatedValues read_dated_values(const std::filesystem::path& file) {
    const std::string text = read_text(file, kMostTableBytes);
    const std::vector<Row> lines = read_rows(text, file.string());
    if (lines.empty()) throw InputError({file.string()}, "is empty; rows of a date and a value are needed");
    const std::size_t date_at = date_column(lines[0]);
    DatedValues series{file.string(), {}};
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto value = value_of(lines[i], date_at);
        if (!value) continue;
        if (!series.values.empty() && value->date <= series.values.back().date)
            lines[i][date_at].fail(to_string(value->date) + " after " + to_string(series.values.back().date) +
                                   ": each date once, the oldest first");
        series.values.push_back(*value);
    }
    return series;
}

double known_on(const DatedValues& series, Date date, const Publication& publication) {
    const auto later = std::ranges::upper_bound(series.values, date - publication.lag, {}, &DatedValue::date);
    if (later == series.values.begin()) return std::numeric_limits<double>::quiet_NaN();
    const DatedValue& latest = *(later - 1);
    return date - latest.date > publication.oldest ? std::numeric_limits<double>::quiet_NaN() : latest.value;
}

}  // namespace volstorm

#include "volstorm/market/history.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "volstorm/core/csv.h"
#include "volstorm/core/error.h"
#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

constexpr std::string_view kHeader = "date,spx,vix";

std::array<Field, 3> split(const Field& line) {
    std::array<Field, 3> fields;
    std::size_t start = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::size_t comma = line.text.find(',', start);
        if ((comma == std::string_view::npos) != (i + 1 == fields.size()))
            line.fail("needs the three fields " + std::string(kHeader));
        fields[i] = {line.text.substr(start, comma - start), line.where};
        fields[i].where.column = static_cast<int>(start) + 1;
        start = comma + 1;
    }
    return fields;
}

double read_close(const Field& field) {
    double value = 0.0;
    const char* end = field.text.data() + field.text.size();
    const auto [stop, error] = std::from_chars(field.text.data(), end, value);
    if (error != std::errc() || stop != end || !std::isfinite(value) || value <= 0.0)
        field.fail(field.quoted() + " is not a closing value: a number above 0 is needed");
    return value;
}

/// No session may be missing; before 2015, where the calendar begins, nobody knows.
void check_gap(const Field& field, const History& before, Date date) {
    if (before.empty() || !in_calendar(before.dates.back())) return;
    const Date expected = next_session(before.dates.back());
    if (date == expected) return;
    const int missing = sessions_between(before.dates.back(), date) - 1;
    field.fail(to_string(date) + " follows " + to_string(before.dates.back()) + ", but " +
               (missing == 1 ? "the session of " + to_string(expected) + " is missing between them"
                             : std::to_string(missing) + " sessions are missing between them, the first " +
                                   to_string(expected)));
}

Date read_date(const Field& field, const History& before, Date entry_day) {
    const std::optional<Date> date = parse_date(field.text);
    if (!date) field.fail(field.quoted() + " is not a date such as 2025-06-17");
    if (in_calendar(*date) && !is_session(*date)) field.fail(to_string(*date) + " is no session");
    if (*date >= entry_day) field.fail(to_string(*date) + " is not before the entry day " + to_string(entry_day));
    if (!before.empty() && *date <= before.dates.back())
        field.fail(to_string(*date) + " does not follow " + to_string(before.dates.back()) +
                   ": oldest first, each once");
    check_gap(field, before, *date);
    return *date;
}

void add_row(History& history, const Field& line, Date entry_day) {
    const auto [date, spx, vix] = split(line);
    history.dates.push_back(read_date(date, history, entry_day));
    history.spx.push_back(read_close(spx));
    history.vix.push_back(read_close(vix));
}

}  // namespace

History read_history(const std::filesystem::path& file, Date entry_day) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw IoError("cannot read " + file.string() + ": " + std::generic_category().message(errno));

    History history;
    Source where{file.string(), 0, 1};
    bool header_read = false;
    for (std::string text; std::getline(stream, text);) {
        ++where.line;
        if (text.ends_with('\r')) text.pop_back();
        if (text.starts_with('#')) continue;
        const Field line{text, where};
        if (header_read) {
            add_row(history, line, entry_day);
        } else if (text != kHeader) {
            line.fail("the header is " + line.quoted() + ", but " + std::string(kHeader) + " is needed");
        }
        header_read = true;
    }
    if (stream.bad()) throw IoError("cannot read " + file.string());
    if (sessions_between(make_date(kFirstCalendarYear, 1, 1), entry_day) <= 1) return history;  // no session before it
    const Date last = previous_session(entry_day);
    if (history.empty() || history.dates.back() != last)
        throw InputError(where, "the last row must be " + to_string(last) + ", the session before the entry day");
    return history;
}

}  // namespace volstorm

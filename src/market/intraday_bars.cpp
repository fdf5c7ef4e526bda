#include "volstorm/market/intraday_bars.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "volstorm/core/csv.h"

namespace volstorm {
namespace {

using Row = std::vector<Field>;

constexpr double kEarliest = 1'167'609'600.0, kLatest = 7'258'118'400.0;  // 2007, as summer time, to 2199
constexpr std::chrono::minutes kOpen{9 * 60 + 30}, kBar{5};

std::size_t column_of(const Row& header, std::string_view name) {
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (lower(header[i].text) == name) return i;
    }
    header[0].fail("the header needs the columns time, open and close");
}

double price_in(const Field& field) {
    const std::optional<double> value = number_in(field);
    if (!value || !(*value > 0.0)) field.fail(field.quoted() + " is not a price: a number above 0 is needed");
    return *value;
}

const Field& field_of(const Row& row, std::size_t column) {
    if (column < row.size()) return row[column];
    row[0].fail("has fewer fields than the header");
}

std::int64_t time_in(const Row& row, std::size_t column, std::int64_t before) {
    const Field& field = field_of(row, column);
    const double seconds = read_number(field, "time, the bar's start in seconds since 1970 (UTC),", kEarliest, kLatest);
    if (seconds != std::floor(seconds)) field.fail(field.quoted() + " is no whole second");
    const auto time = static_cast<std::int64_t>(seconds);
    if (time <= before) field.fail(field.quoted() + " does not follow the bar before: in order of time, each once");
    return time;
}

// Which bar of its session starts then; nothing outside 09:30 to 15:55.
std::optional<std::size_t> bar_at(DateTime start) {
    const auto since = start - DateTime(date_of(start)) - kOpen;
    if (since.count() < 0 || since % kBar != std::chrono::seconds(0)) return std::nullopt;
    const auto bar = static_cast<std::size_t>(since / kBar);
    return bar < kBarsPerSession ? std::optional(bar) : std::nullopt;
}

}  // namespace

std::vector<IntradaySession> read_intraday(const std::filesystem::path& file) {
    const std::string text = read_text(file, kMostTableBytes);
    const std::vector<Row> rows = read_rows(text, file.string());
    if (rows.empty()) throw InputError({file.string()}, "is empty; five-minute bars with time, open, close are needed");
    const std::size_t time_column = column_of(rows[0], "time"), open_column = column_of(rows[0], "open"),
                      close_column = column_of(rows[0], "close");
    std::vector<IntradaySession> sessions;
    std::int64_t time = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        time = time_in(rows[i], time_column, time);
        const double open = price_in(field_of(rows[i], open_column)), close = price_in(field_of(rows[i], close_column));
        const DateTime start = new_york_of_utc(DateTime(std::chrono::seconds(time)));
        const auto bar = bar_at(start);
        if (!bar) continue;
        if (sessions.empty() || sessions.back().date != date_of(start)) {
            sessions.push_back({date_of(start), {}});
            sessions.back().points.fill(std::numeric_limits<double>::quiet_NaN());
        }
        if (*bar == 0) sessions.back().points[0] = open;
        sessions.back().points[*bar + 1] = close;
    }
    std::erase_if(sessions, [](const IntradaySession& session) {
        return std::ranges::any_of(session.points, [](double point) { return std::isnan(point); });
    });
    return sessions;
}

}  // namespace volstorm

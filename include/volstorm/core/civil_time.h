#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace volstorm {

/// A day, and a moment, on New York's clock.
using Date = std::chrono::local_days;
using DateTime = std::chrono::local_seconds;

constexpr Date make_date(int year, unsigned month, unsigned day) {
    return Date(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}
constexpr DateTime at(Date date, int hour, int minute, int second = 0) {
    return DateTime(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}
constexpr Date date_of(DateTime time) { return std::chrono::floor<std::chrono::days>(time); }

/// New York's clock at a moment of UTC's, by the law of 2007: summer time from 07:00 UTC of the second Sunday of March
/// to 06:00 UTC of the first of November.
DateTime new_york_of_utc(DateTime utc);

std::string to_string(Date date);      // 2025-06-17
std::string to_string(DateTime time);  // 2025-06-17 15:45 (seconds only where they are not zero)

/// Reads `2025-06-17`; nothing if the text is anything else or no such day exists.
std::optional<Date> parse_date(std::string_view text);
/// Reads `2025-06-17T15:45:00`, also without its seconds or with a blank for the T.
std::optional<DateTime> parse_date_time(std::string_view text);

}  // namespace volstorm

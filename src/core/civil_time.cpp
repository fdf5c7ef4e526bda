#include "volstorm/core/civil_time.h"

#include <fmt/format.h>

namespace volstorm {

namespace {

/// The number that `digits` consists of; nothing where anything else stands there.
std::optional<int> whole(std::string_view digits) {
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        value = 10 * value + (c - '0');
    }
    return value;
}

}  // namespace

DateTime new_york_of_utc(DateTime utc) {
    using namespace std::chrono;
    const year y = year_month_day(date_of(utc)).year();
    const DateTime begin = DateTime(Date(y / March / Sunday[2])) + hours(7);
    const DateTime end = DateTime(Date(y / November / Sunday[1])) + hours(6);
    return utc - (utc >= begin && utc < end ? hours(4) : hours(5));
}

std::string to_string(Date date) {
    const std::chrono::year_month_day day(date);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

std::string to_string(DateTime time) {
    const std::chrono::hh_mm_ss clock(time - DateTime(date_of(time)));
    std::string text =
        fmt::format("{} {:02}:{:02}", to_string(date_of(time)), clock.hours().count(), clock.minutes().count());
    if (clock.seconds().count() != 0) text += fmt::format(":{:02}", clock.seconds().count());
    return text;
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = whole(text.substr(0, 4)), month = whole(text.substr(5, 2)), day = whole(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional(Date(date)) : std::nullopt;
}

std::optional<DateTime> parse_date_time(std::string_view text) {
    const bool has_seconds = text.size() == 19;
    if ((text.size() != 16 && !has_seconds) || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
    if (text[13] != ':' || (has_seconds && text[16] != ':')) return std::nullopt;
    const auto date = parse_date(text.substr(0, 10));
    const auto hour = whole(text.substr(11, 2)), minute = whole(text.substr(14, 2));
    const auto second = has_seconds ? whole(text.substr(17, 2)) : 0;
    if (!date || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    return at(*date, *hour, *minute, *second);
}

}  // namespace volstorm

#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "volstorm/core/civil_time.h"

namespace volstorm {

/// A figure and the day that the file puts to it.
struct DatedValue {
    Date date;
    double value;
};

/// Figures as a file gives them, oldest first.
struct DatedValues {
    std::string file;
    std::vector<DatedValue> values;
};

/// Reads a series such as FRED's and the BIS's monthly ones: a header with a date column (Date, DATE, observation_date)
/// and one other, rows of a date such as 2020-01-01 and a number; rows with an empty value or a dot are left out.
/// Refused, with file:line:column: another header, a date or value that is none, dates out of order.
DatedValues read_dated_values(const std::filesystem::path& file);

/// When a figure is known: `lag` after its date, and until it is `oldest` old.
struct Publication {
    std::chrono::days lag, oldest;
};

/// Monthly real effective exchange rates, dated by the first day of their month and published in the course of the
/// next: 60 days leave four weeks from the month's end. After half a year without a new one nothing is known any more.
inline constexpr Publication kMonthlyReer{std::chrono::days(60), std::chrono::days(183)};

/// The latest figure that is known on `date`; NaN where none is.
double known_on(const DatedValues& series, Date date, const Publication& publication);

}  // namespace volstorm

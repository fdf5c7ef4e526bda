#include "volstorm/engine/named_day.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "named_days_text.h"
#include "volstorm/core/csv.h"

namespace volstorm {
namespace {

constexpr Date kFirstVix = make_date(1990, 1, 2);

enum Column { kDate, kOpen, kLow, kHigh, kClose, kVixBefore, kVixOpen, kVixHigh, kVixClose, kFirst, kStory, kColumns };

// A figure of the shipped table; NaN where the field is empty.
double figure_of(const Field& field) {
    if (field.text.empty()) return std::numeric_limits<double>::quiet_NaN();
    return read_number(field, "a figure", -100.0, 1000.0);
}

NamedDay day_of(const std::vector<Field>& row) {
    const auto date = parse_date(row[kDate].text);
    if (row.size() != kColumns || !date) throw std::logic_error("named_days.csv is no table of days");
    const auto share = [&](Column column) { return 0.01 * figure_of(row[column]); };
    NamedDay day;
    day.date = *date;
    day.close = share(kClose);
    day.open = share(kOpen);
    // Lows and highs have one decimal, opens and closes two. Without a range the day goes straight to its close.
    const bool has_range = !row[kLow].text.empty();
    day.low = std::fmin(std::min(day.close, has_range ? share(kLow) : 0.0), day.open);
    day.high = std::fmax(std::max(day.close, has_range ? share(kHigh) : 0.0), day.open);
    day.vix_before = figure_of(row[kVixBefore]);
    day.vix_open = figure_of(row[kVixOpen]);
    day.vix_high = figure_of(row[kVixHigh]);
    day.vix_close = figure_of(row[kVixClose]);
    day.low_first = row[kFirst].text == "low";
    day.is_proxy = day.date < kFirstVix;
    day.story = row[kStory].text;
    return day;
}

// Whether the way from open to close is shorter by the low first.
bool is_shorter_by_low(double open, const NamedDay& day) {
    return (open - day.low) + (day.high - day.close) < (day.high - open) + (day.close - day.low);
}

double open_vix_ratio(const NamedDay& day, double open, double high_ratio) {
    if (!std::isnan(day.vix_open)) return day.vix_open / day.vix_before;
    return day.low == 0.0 ? 1.0 : std::pow(high_ratio, open / day.low);
}

}  // namespace

std::vector<NamedDay> named_days() {
    std::vector<NamedDay> days;
    const auto rows = read_rows(kNamedDaysText, "named_days.csv");
    for (std::size_t i = 1; i < rows.size(); ++i) days.push_back(day_of(rows[i]));
    return days;
}

DayPath path_of(const NamedDay& day) {
    const double open = std::isnan(day.open) ? std::clamp(0.0, day.low, day.high) : day.open;
    const double close_ratio = day.vix_close / day.vix_before;
    const double high_ratio = std::isnan(day.vix_high) ? close_ratio : day.vix_high / day.vix_before;
    const double open_ratio = open_vix_ratio(day, open, high_ratio);
    const bool low_first = day.low_first || is_shorter_by_low(open, day);
    const DayPoint low{day.low, high_ratio}, high{day.high, low_first ? close_ratio : open_ratio};
    DayPath path{{DayPoint{open, open_ratio}, low, high, DayPoint{day.close, close_ratio}}, 1, 2};
    if (!low_first) {
        std::swap(path.points[1], path.points[2]);
        std::swap(path.low, path.high);
    }
    return path;
}

}  // namespace volstorm

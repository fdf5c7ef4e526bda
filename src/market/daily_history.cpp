#include "volstorm/market/daily_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "volstorm/core/csv.h"
#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

using Row = std::vector<Field>;

constexpr double kHighestVix = 200.0;  // points
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kStaleShare = 0.015;  // of a year's opens
constexpr double kOddGap = 0.08;       // log move
constexpr double kQuietMove = 0.02;
// Log moves from one close to the next that no session made: SPX fell by 0.229 on 1987-10-19, VIX rose by 0.768 on
// 2018-02-05.
constexpr double kMostSpxMove = 0.26, kMostVixMove = 1.0;
constexpr auto kNextRow = std::chrono::days(7);  // the longest that an exchange was closed since 1950

// Columns of the file, from 0; -1 where it has none.
struct Columns {
    int date = 0, open = 1, high = 2, low = 3, close = 4;
};

int column_named(const Row& header, std::string_view name) {
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (lower(header[i].text) == name) return static_cast<int>(i);
    }
    return -1;
}

std::optional<Date> digits_date(std::string_view text) {
    if (text.size() < 8 || !std::all_of(text.begin(), text.begin() + 8, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    if (text.size() > 8 && text[8] != ' ') return std::nullopt;
    return parse_date(fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)));
}

std::optional<Date> date_of_text(std::string_view text) {
    if (text.size() == 10 && text[2] == '/' && text[5] == '/')
        return parse_date(fmt::format("{}-{}-{}", text.substr(6, 4), text.substr(0, 2), text.substr(3, 2)));
    if (const auto date = digits_date(text)) return date;
    return parse_date(text.substr(0, 10));
}

bool is_lean(const Row& first) { return first.size() == 6 && digits_date(first[0].text).has_value(); }

Columns columns_of(const Row& header) {
    Columns c;
    c.date = column_named(header, "date");
    if (c.date < 0) c.date = column_named(header, "price");  // Yahoo's corner cell
    c.open = column_named(header, "open");
    c.high = column_named(header, "high");
    c.low = column_named(header, "low");
    c.close = column_named(header, "close");
    if (c.date < 0 || c.close < 0) {
        header[0].fail("the header needs the columns date and close (open, high and low if there are any)");
    }
    return c;
}

// A price; NaN where there is none.
double price_at(const Row& line, int column) {
    if (column < 0 || static_cast<std::size_t>(column) >= line.size()) return kNone;
    const auto value = number_in(line[static_cast<std::size_t>(column)]);
    return value && *value > 0.0 ? *value : kNone;
}

DailyBar bar_of(const Row& line, const Columns& c) {
    const std::size_t widest = static_cast<std::size_t>(std::max(c.date, c.close));
    if (line.size() <= widest) line[0].fail(fmt::format("has {} fields, but {} are needed", line.size(), widest + 1));
    const Field& date_field = line[static_cast<std::size_t>(c.date)];
    const auto date = date_of_text(date_field.text);
    if (!date) date_field.fail(date_field.quoted() + " is not a date such as 2025-06-17 or 06/17/2025");
    const DailyBar bar{*date, price_at(line, c.open), price_at(line, c.high), price_at(line, c.low),
                       price_at(line, c.close)};
    if (std::isnan(bar.close)) {
        const Field& close = line[static_cast<std::size_t>(c.close)];
        close.fail(close.quoted() + " is not a closing value: a number above 0 is needed");
    }
    return bar;
}

// Yahoo's second and third header line: a ticker, and `Date` followed by nothing.
bool is_header_tail(const Row& line) {
    const std::string first = lower(line[0].text);
    return first == "ticker" || first == "date";
}

void check_order(const std::vector<Row>& lines, std::size_t first, const std::vector<DailyBar>& bars) {
    const bool ascending = bars.size() < 2 || bars.front().date < bars.back().date;
    for (std::size_t i = 1; i < bars.size(); ++i) {
        const bool follows = ascending ? bars[i - 1].date < bars[i].date : bars[i].date < bars[i - 1].date;
        if (!follows)
            lines[first + i][0].fail(to_string(bars[i].date) + " after " + to_string(bars[i - 1].date) +
                                     ": each day once, in order of time");
    }
}

bool repeats(double open, double close_before) { return std::abs(open - close_before) < 1e-9 * close_before; }

int year_of(Date date) { return static_cast<int>(std::chrono::year_month_day(date).year()); }

// Years in which more than 1.5 % of the opens repeat the close before.
std::vector<int> stale_years(const std::vector<DailyBar>& bars) {
    std::map<int, std::array<int, 2>> counts;  // opens, repeats
    for (std::size_t i = 1; i < bars.size(); ++i) {
        if (std::isnan(bars[i].open)) continue;
        auto& [opens, repeated] = counts[year_of(bars[i].date)];
        ++opens;
        repeated += repeats(bars[i].open, bars[i - 1].close) ? 1 : 0;
    }
    std::vector<int> years;
    for (const auto& [year, count] : counts) {
        if (count[1] > kStaleShare * count[0]) years.push_back(year);
    }
    return years;
}

bool is_odd_open(const DailyBar& bar, double close_before) {
    const double gap = std::log(bar.open / close_before), move = std::log(bar.close / close_before);
    return std::abs(gap) > kOddGap && std::abs(move) < 0.25 * std::abs(gap);
}

// How often something was set aside, and when first.
struct Count {
    int days = 0;
    Date first{};
    void add(Date date) {
        if (days++ == 0) first = date;
    }
    void report(std::vector<std::string>& remarks, std::string_view what) const {
        if (days > 0) remarks.push_back(fmt::format("{} {} set aside, the first of {}", days, what, to_string(first)));
    }
};

void drop_odd_ranges(std::vector<DailyBar>& bars, std::string_view name, std::vector<std::string>& remarks) {
    Count count;
    for (DailyBar& bar : bars) {
        const double slack = 1e-6 * bar.close;
        const bool close_inside = !(bar.close > bar.high + slack) && !(bar.close < bar.low - slack);
        const bool open_inside = !(bar.open > bar.high + slack) && !(bar.open < bar.low - slack);
        if (close_inside && open_inside) continue;
        bar.high = bar.low = kNone;
        count.add(bar.date);
    }
    count.report(remarks, fmt::format("{} highs and lows that do not hold open or close", name));
}

void drop_odd_vix(DailyHistory& history) {
    Count highs, opens;
    for (std::size_t i = 1; i < history.sessions(); ++i) {
        DailyBar& bar = history.vix[i];
        const double before = history.vix[i - 1].close;
        if (repeats(bar.open, before)) {
            bar.open = kNone;
            opens.add(bar.date);
        }
        const double largest = std::max({std::isnan(bar.open) ? 0.0 : bar.open, bar.close, before});
        const double move = std::log(history.spx[i].close / history.spx[i - 1].close);
        if (bar.high > 2.0 * largest && std::abs(move) < kQuietMove) {
            bar.high = kNone;
            highs.add(bar.date);
        }
    }
    opens.report(history.remarks, "VIX opens that repeat the close before");
    highs.report(history.remarks, "VIX highs above twice what the day and SPX show");
}

bool follows_row_before(const DailyHistory& history, std::size_t row) {
    return follows_at_once(history.spx[row].date, history.spx[row - 1].date);
}

bool has_vix_at_both_ends(const DailyHistory& history, std::size_t row) {
    return !std::isnan(history.vix[row].close) && !std::isnan(history.vix[row - 1].close);
}

void remark_holes(DailyHistory& history) {
    Count count;
    for (std::size_t row = 1; row < history.sessions(); ++row) {
        if (has_vix_at_both_ends(history, row) && !follows_row_before(history, row)) count.add(history.spx[row].date);
    }
    count.report(history.remarks, "sessions that follow a missing one");
}

}  // namespace

DailySeries read_daily_series(const std::filesystem::path& file) {
    const std::string text = read_text(file, kMostTableBytes);
    const std::vector<Row> lines = read_rows(text, file.string());
    if (lines.empty()) throw InputError({file.string()}, "is empty; daily prices with date and close are needed");
    std::size_t first = 0;
    Columns columns;
    if (!is_lean(lines[0])) {
        columns = columns_of(lines[0]);
        for (first = 1; first < lines.size() && is_header_tail(lines[first]);) ++first;
    }
    DailySeries series{file.string(), {}};
    for (std::size_t i = first; i < lines.size(); ++i) series.bars.push_back(bar_of(lines[i], columns));
    check_order(lines, first, series.bars);
    if (series.bars.size() > 1 && series.bars.front().date > series.bars.back().date) std::ranges::reverse(series.bars);
    return series;
}

std::vector<DailyBar> clean_opens(const std::vector<DailyBar>& bars, std::vector<std::string>& remarks) {
    std::vector<DailyBar> clean = bars;
    const std::vector<int> stale = stale_years(bars);
    Count repeated, odd;
    for (std::size_t i = 0; i < clean.size(); ++i) {
        DailyBar& bar = clean[i];
        if (std::isnan(bar.open)) continue;
        if (std::ranges::find(stale, year_of(bar.date)) != stale.end()) {
            bar.open = kNone;
            repeated.add(bar.date);
        } else if (i > 0 && is_odd_open(bar, bars[i - 1].close)) {
            bar.open = kNone;
            odd.add(bar.date);
        }
    }
    repeated.report(remarks, "opens of years in which many repeat the close before");
    odd.report(remarks, "opens far from both closes");
    return clean;
}

namespace {

// A VIX that never was is SPX, or another index.
void refuse_swapped(const DailySeries& spx, const DailySeries& vix) {
    const double least = spx.bars.empty() ? 0.0 : std::ranges::min_element(spx.bars, {}, &DailyBar::close)->close;
    const double most = vix.bars.empty() ? 0.0 : std::ranges::max_element(vix.bars, {}, &DailyBar::close)->close;
    if (most > kHighestVix)
        throw InputError({vix.file}, fmt::format("is no history of VIX: it closes as high as {:g}", most) +
                                         (least < kHighestVix ? "; are SPX and VIX exchanged?" : ""));
}

// Other vol indices move nearly as VIX does: their names alone tell them.
void refuse_other_index(const DailySeries& vix) {
    std::string name = lower(std::filesystem::path(vix.file).filename().string());
    for (const std::string_view other :
         {"vix3m", "vix6m", "vix9d", "vix1d", "vix1y", "vvix", "vxv", "vxn", "rvx", "vxd"}) {
        if (name.find(other) != std::string::npos)
            throw InputError({vix.file}, fmt::format("is no history of VIX by its name, which says {}", other));
    }
}

// A price with a digit too many moves further than any session did.
void refuse_leaps(const DailySeries& series, std::string_view name, double most) {
    for (std::size_t i = 1; i < series.bars.size(); ++i) {
        const DailyBar &before = series.bars[i - 1], &bar = series.bars[i];
        if (bar.date - before.date > kNextRow || !(std::abs(std::log(bar.close / before.close)) > most)) continue;
        throw InputError(
            {series.file},
            fmt::format("{} closes at {:g} on {} and at {:g} on {}, further apart than in any session that "
                        "there was: one of them is wrong",
                        name, before.close, to_string(before.date), bar.close, to_string(bar.date)));
    }
}

}  // namespace

DailyHistory join_daily(const DailySeries& spx, const DailySeries& vix) {
    refuse_swapped(spx, vix);
    refuse_other_index(vix);
    refuse_leaps(spx, "SPX", kMostSpxMove);
    refuse_leaps(vix, "VIX", kMostVixMove);
    DailyHistory history;
    history.spx = clean_opens(spx.bars, history.remarks);
    drop_odd_ranges(history.spx, "SPX", history.remarks);
    std::map<Date, DailyBar> by_date;
    for (const DailyBar& bar : vix.bars) by_date[bar.date] = bar;
    Count missing, holidays;
    for (const DailyBar& bar : spx.bars) {
        const auto found = by_date.find(bar.date);
        if (found == by_date.end()) missing.add(bar.date);
        history.vix.push_back(found == by_date.end() ? DailyBar{bar.date, kNone, kNone, kNone, kNone} : found->second);
        if (found != by_date.end()) by_date.erase(found);
    }
    for (const auto& [date, bar] : by_date) {
        const bool inside = !spx.bars.empty() && date > spx.bars.front().date && date < spx.bars.back().date;
        if (inside) holidays.add(date);
    }
    missing.report(history.remarks, "SPX sessions without VIX");
    holidays.report(history.remarks, "VIX rows of days that are no SPX sessions");
    drop_odd_ranges(history.vix, "VIX", history.remarks);
    drop_odd_vix(history);
    remark_holes(history);
    return history;
}

bool is_whole_session(const DailyHistory& history, std::size_t row) {
    return row > 0 && has_vix_at_both_ends(history, row) && follows_row_before(history, row);
}

double squared_returns(const DailyHistory& history, std::size_t first, std::size_t last) {
    if (first < 1 || first > last) return kNone;
    double sum = 0.0;
    for (std::size_t row = first; row < last; ++row) {
        if (!follows_row_before(history, row)) return kNone;
        sum += std::pow(std::log(history.spx[row].close / history.spx[row - 1].close), 2);
    }
    return sum;
}

double realised_vol(const DailyHistory& history, std::size_t row) {
    if (row < kRealisedSessions) return kNone;
    const double sum = squared_returns(history, row + 1 - kRealisedSessions, row + 1);
    return sum > 0.0 ? std::sqrt(sum / kRealisedSessions) : kNone;
}

}  // namespace volstorm

#include "volstorm/report/days_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "format.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr std::size_t kColumns = 100;  // of the terminal
constexpr std::size_t kLongestName = 9;

using Cells = std::vector<std::string>;

std::string mark(const NamedDay& day) { return day.is_proxy ? "*" : " "; }

bool has_proxy(std::span<const DayResult> results) {
    for (const DayResult& r : results)
        if (r.day.is_proxy) return true;
    return false;
}

std::string points(double value) { return std::isnan(value) ? "-" : fmt::format("{:.2f}", value); }

std::string cents(double value) { return fmt::format("{:.2f}", value); }

// What CSV and Markdown show of a day, as text.
std::vector<std::string> fields_of(const DayResult& r) {
    std::vector<std::string> fields{fmt::format("{:.6f}", r.spx_return), points(r.vix_end), points(r.vix_max),
                                    cents(r.condor)};
    for (const double layer : r.layers) fields.push_back(cents(layer));
    for (const double value : {r.costs, r.total, r.total_at_low, r.total_at_high}) fields.push_back(cents(value));
    return fields;
}

std::vector<std::string> heads_of(const std::vector<std::string>& layers) {
    std::vector<std::string> heads{"date", "story", "spx_return", "vix_end", "vix_max", "condor"};
    heads.insert(heads.end(), layers.begin(), layers.end());
    for (const char* head : {"costs", "total", "total_at_low", "total_at_high"}) heads.emplace_back(head);
    return heads;
}

std::string short_name(const std::string& name) {
    return name.size() <= kLongestName ? name : name.substr(0, kLongestName - 2) + "..";
}

// Head and rows of the table on the terminal, with a column for each layer or one for all.
std::vector<Cells> cells_of(std::span<const DayResult> results, const std::vector<std::string>& layers, bool each) {
    Cells head{"day", "SPX %", "VIX", "most", "condor"};
    for (const std::string& name : layers)
        if (each) head.push_back(short_name(name));
    if (!each) head.emplace_back("layers");
    for (const char* name : {"costs", "total", "at low", "at high"}) head.emplace_back(name);
    std::vector<Cells> rows{head};
    for (const DayResult& r : results) {
        Cells row{to_string(r.day.date) + mark(r.day), fmt::format("{:.2f}", 100.0 * r.spx_return), points(r.vix_end),
                  points(r.vix_max), dollars(r.condor)};
        for (const double layer : r.layers)
            if (each) row.push_back(dollars(layer));
        if (!each) row.push_back(dollars(std::accumulate(r.layers.begin(), r.layers.end(), 0.0)));
        for (const double value : {r.costs, r.total, r.total_at_low, r.total_at_high}) row.push_back(dollars(value));
        rows.push_back(std::move(row));
    }
    return rows;
}

// The cells in columns, right-aligned but for the first.
std::string aligned(const std::vector<Cells>& rows) {
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const Cells& row : rows) {
        for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], row[k].size());
    }
    std::string text;
    for (const Cells& row : rows) {
        text += fmt::format("  {:<{}}", row[0], widths[0]);
        for (std::size_t k = 1; k < row.size(); ++k) text += fmt::format(" {:>{}}", row[k], widths[k]);
        text += '\n';
    }
    return text;
}

}  // namespace

std::string days_text(std::span<const DayResult> results, const std::vector<std::string>& layers) {
    std::string table = aligned(cells_of(results, layers, true));
    if (table.find('\n') > kColumns) table = aligned(cells_of(results, layers, false));
    std::string text = "Named days on this book, the worst first: P&L at the settlement, dollars\n" + table;
    text += "  at low, at high: were all closed there, at the model's prices less half-spreads and fees\n";
    if (has_proxy(results)) text += "  *: VIX moves as the VXO did, for there was no VIX\n";
    return text;
}

std::string days_csv(std::span<const DayResult> results, const std::vector<std::string>& layers) {
    std::string text;
    for (const std::string& head : heads_of(layers)) text += (text.empty() ? "" : ",") + head;
    text += '\n';
    for (const DayResult& r : results) {
        text += fmt::format("{},\"{}\",{}\n", to_string(r.day.date), r.day.story, fmt::join(fields_of(r), ","));
    }
    return text;
}

std::string days_markdown(std::span<const DayResult> results, const std::vector<std::string>& layers) {
    const std::vector<std::string> heads = heads_of(layers);
    std::string text = fmt::format("| {} |\n|", fmt::join(heads, " | "));
    for (std::size_t i = 0; i < heads.size(); ++i) text += "---|";
    text += '\n';
    for (const DayResult& r : results) {
        text += fmt::format("| {} | {} | {} |\n", to_string(r.day.date), r.day.story, fmt::join(fields_of(r), " | "));
    }
    return text;
}

std::string day_list_text(std::span<const NamedDay> days) {
    std::string text = "named days (model.named_days): SPX over the close before, %; VIX, points\n";
    text += fmt::format("  {:<11}{:>6}{:>6}{:>5}{:>7}{:>6}{:>6}{:>6}{:>7}\n", "day", "open", "low", "high", "close",
                        "prev", "open", "high", "close");
    for (const NamedDay& d : days) {
        text += fmt::format("  {}{}{:>6}{:>6.1f}{:>5.1f}{:>+7.2f}{:>6}{:>6}{:>6}{:>7}  {}\n", to_string(d.date),
                            mark(d), points(100.0 * d.open), 100.0 * d.low, 100.0 * d.high, 100.0 * d.close,
                            points(d.vix_before), points(d.vix_open), points(d.vix_high), points(d.vix_close), d.story);
    }
    return without_end_blanks(text + "  *: low and high are not known, VIX is the VXO\n");
}

}  // namespace volstorm

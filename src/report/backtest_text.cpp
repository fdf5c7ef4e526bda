#include "volstorm/report/backtest_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "format.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr std::size_t kFew = 250;  // sessions, up to which a rejection is not held against the model
constexpr int kMeaningWidth = 62;
constexpr std::array<std::string_view, 3> kSubjects{"spx", "vix", "book"};

std::string title_of(std::string_view subject, const BookRule& rule) {
    if (subject == "spx") return "SPX to the next close";
    if (subject == "vix") return "VIX to the next close";
    return fmt::format("Condor to the next close: delta {:g}, wings {:g} % of SPX, at the model's credit less costs",
                       rule.short_delta, rule.wing_percent);
}

std::string p_text(double p) {
    if (std::isnan(p)) return "-";
    return p < 0.00005 ? "<0.0001" : fmt::format("{:.4f}", p);
}

std::string_view verdict(const BacktestRow& row) {
    if (std::isnan(row.p_value)) return "";
    return row.rejected() ? "REJECTED" : "holds";
}

const BacktestRow& row_at(const BacktestTable& table, const BacktestRow& like, Regime regime) {
    return *std::ranges::find_if(table.rows, [&](const BacktestRow& row) {
        return row.subject == like.subject && row.id == like.id && row.regime == regime;
    });
}

std::size_t sessions_of(const BacktestTable& table, Regime regime) {
    const auto found = std::ranges::find(table.rows, regime, &BacktestRow::regime);
    return found == table.rows.end() ? 0 : found->sessions;
}

std::string full_text(const BacktestReport& report) {
    std::string text;
    for (const std::string_view subject : kSubjects) {
        text += fmt::format("\n{}\n{:<{}}{:>9}{:>9}{:>8}  {}\n", title_of(subject, report.rule), "", kMeaningWidth,
                            "expected", "observed", "p", "at 1 %");
        for (const BacktestRow& row : report.table.rows) {
            if (row.regime != Regime::all || row.subject != subject) continue;
            text += fmt::format("{:<{}}{:>9}{:>9}{:>8}  {}\n", "  " + row.meaning, kMeaningWidth, figure(row.expected),
                                figure(row.observed), p_text(row.p_value), verdict(row));
        }
    }
    return text;
}

std::string regimes_text(const BacktestTable& table) {
    std::string text = fmt::format("\n{:<55}", "p-values by VIX before (x: rejected at 1 %)");
    for (const Regime regime : kRegimes) text += fmt::format("{:>8} ", name_of(regime));
    text += fmt::format("\n{:<55}", "  sessions");
    for (const Regime regime : kRegimes) text += fmt::format("{:>8} ", sessions_of(table, regime));
    for (const BacktestRow& row : table.rows) {
        if (row.regime != Regime::all || std::isnan(row.p_value)) continue;
        text += fmt::format("\n  {:<5}{:<48}", row.subject, row.meaning.substr(0, row.meaning.rfind(',')));
        for (const Regime regime : kRegimes) {
            const BacktestRow& of_regime = row_at(table, row, regime);
            text += fmt::format("{:>8}{}", p_text(of_regime.p_value), of_regime.rejected() ? 'x' : ' ');
        }
    }
    return text + '\n';
}

std::string tenths_text(const BacktestTable& table) {
    std::string text = "\nSessions in each tenth of their forecast laws, lowest first\n";
    for (const auto& [subject, regime, counts] : table.histograms) {
        const std::size_t sessions = sessions_of(table, regime);
        if (sessions == 0) continue;
        text += fmt::format("  {:<5}{:<6}", subject, name_of(regime));
        for (const std::uint64_t count : counts) text += fmt::format("{:>6}", count);
        text += fmt::format("   {:.1f} expected\n", static_cast<double>(sessions) / static_cast<double>(counts.size()));
    }
    return text;
}

// A reason of several parts, those that do not fit on the line on lines of their own.
std::string wrapped(const std::string& reason, std::size_t indent) {
    constexpr std::size_t kColumns = 100;
    std::string text;
    std::size_t column = indent;
    for (std::size_t first = 0; first < reason.size();) {
        const std::size_t semicolon = reason.find("; ", first);
        const std::size_t last = semicolon == std::string::npos ? reason.size() : semicolon + 2;
        if (column > indent && column + (last - first) > kColumns) {
            text.pop_back();
            text += '\n' + std::string(indent, ' ');
            column = indent;
        }
        text += reason.substr(first, last - first);
        column += last - first;
        first = last;
    }
    return text;
}

std::string rejected_text(const BacktestTable& table) {
    std::string text;
    for (const BacktestRow& row : table.rows) {
        if (!row.rejected()) continue;
        text +=
            fmt::format("  {:<6}{:<5}{:<19}{}\n", name_of(row.regime), row.subject, row.id, wrapped(row.reason, 32));
    }
    return text.empty() ? "\nNothing is rejected at 1 %\n" : "\nRejected at 1 %, and what the sessions show\n" + text;
}

// How many tests there are in regimes of more than kFew sessions, or in the others, and how many of them reject.
std::string count_text(const BacktestTable& table, std::string_view subject, bool small) {
    int known = 0, rejected = 0;
    for (const BacktestRow& row : table.rows) {
        if (row.subject != subject || (row.sessions <= kFew) != small || std::isnan(row.p_value)) continue;
        ++known;
        rejected += row.rejected() ? 1 : 0;
    }
    if (known == 0) return {};
    return fmt::format("  {:<5}{} of {} tests rejected; chance alone would reject {:.1f}\n", subject, rejected, known,
                       kRejected * known);
}

std::string csv_number(double value) { return std::isnan(value) ? "" : fmt::format("{:.6g}", value); }

std::string csv_row(const BacktestRow& row) {
    const std::size_t first = row.meaning.find_first_not_of(' ');
    return fmt::format("{},{},{},\"{}\",{},{},{},{},{},{},\"{}\"\n", name_of(row.regime), row.subject, row.id,
                       row.meaning.substr(first), row.sessions, csv_number(row.expected), csv_number(row.observed),
                       csv_number(row.statistic), csv_number(row.p_value),
                       std::isnan(row.p_value) ? ""
                       : row.rejected()        ? "yes"
                                               : "no",
                       row.reason);
}

std::string markdown_row(const BacktestRow& row) {
    const std::size_t first = row.meaning.find_first_not_of(' ');
    const std::string p = row.rejected() ? fmt::format("**{}**", p_text(row.p_value)) : p_text(row.p_value);
    return fmt::format("| {} | {} | {} | {} | {} | {} |\n", row.subject, row.meaning.substr(first),
                       figure(row.expected), figure(row.observed), p, row.reason);
}

}  // namespace

std::string backtest_text(const BacktestReport& report) {
    std::string text = fmt::format("Forecasts of {} sessions, {}, by the model\n{}\n",
                                   sessions_of(report.table, Regime::all), report.period, printable(report.model));
    text += "Each knows the VIX close before and the model, and nothing later. A small p speaks against it.\n";
    text += full_text(report) + regimes_text(report.table) + tenths_text(report.table) + rejected_text(report.table);
    for (const bool small : {false, true}) {
        std::string counts;
        for (const std::string_view subject : kSubjects) counts += count_text(report.table, subject, small);
        if (counts.empty()) continue;
        text += fmt::format("\nRegimes of {} {} sessions\n", small ? "at most" : "more than", kFew) + counts;
    }
    text +=
        "\nA model that was fitted on these sessions is judged too kindly. Days at the condor's greatest loss\n"
        "count as beyond VaR by its share; in sums of ES only what lies above VaR counts, and above the\n"
        "greatest loss nothing can.\n";
    return without_end_blanks(text);
}

std::string backtest_csv(const BacktestReport& report) {
    std::string text = "regime,subject,test,meaning,sessions,expected,observed,statistic,p_value,rejected,reason\n";
    for (const BacktestRow& row : report.table.rows) text += csv_row(row);
    for (const auto& [subject, regime, counts] : report.table.histograms) {
        const std::size_t sessions = sessions_of(report.table, regime);
        for (std::size_t i = 0; i < counts.size(); ++i) {
            text += fmt::format("{},{},tenth_{},\"sessions in this tenth of their law\",{},{:.6g},{},,,,\"\"\n",
                                name_of(regime), subject, i + 1, sessions,
                                static_cast<double>(sessions) / static_cast<double>(counts.size()), counts[i]);
        }
    }
    return text;
}

std::string backtest_markdown(const BacktestReport& report) {
    std::string text;
    for (const Regime regime : kRegimes) {
        text += fmt::format("**VIX {}**: {} sessions, {}\n\n", name_of(regime), sessions_of(report.table, regime),
                            report.period);
        text += "| of | test | expected | observed | p | why |\n|---|---|---|---|---|---|\n";
        for (const BacktestRow& row : report.table.rows) {
            if (row.regime == regime) text += markdown_row(row);
        }
        text += '\n';
    }
    return text;
}

}  // namespace volstorm

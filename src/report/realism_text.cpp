#include "volstorm/report/realism_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "format.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr int kNameWidth = 58;

std::string interval_of(const MarketFigure& bar) { return fmt::format("{} to {}", figure(bar.low), figure(bar.high)); }

// The ids of a table, each once, in order.
std::vector<std::string> ids_of(const RealismTable& table) {
    std::vector<std::string> ids;
    for (const RealismRow& row : table.rows) {
        if (std::ranges::find(ids, row.id) == ids.end()) ids.push_back(row.id);
    }
    return ids;
}

const RealismRow* row_of(const RealismTable& table, const std::string& id, Regime regime) {
    const auto found =
        std::ranges::find_if(table.rows, [&](const RealismRow& row) { return row.id == id && row.regime == regime; });
    return found == table.rows.end() ? nullptr : &*found;
}

const std::string& meaning_of(const RealismTable& table, const std::string& id) {
    return std::ranges::find(table.rows, id, &RealismRow::id)->meaning;
}

std::string count_text(const RealismTable::Count& count) {
    return fmt::format("{} of {} inside ({:.0f} %)", count.inside, count.rows, 100.0 * count.share());
}

std::string table_text(const RealismTable& table) {
    std::string text = fmt::format("{:<{}}", "", kNameWidth);
    for (const Regime regime : kRegimes) text += fmt::format("{:>7} ", name_of(regime));
    for (const std::string& id : ids_of(table)) {
        text += fmt::format("\n{:<{}}", meaning_of(table, id), kNameWidth);
        for (const Regime regime : kRegimes) {
            const RealismRow* row = row_of(table, id, regime);
            text += row == nullptr ? fmt::format("{:>8}", "")
                                   : fmt::format("{:>7}{}", figure(row->model), row->inside() ? ' ' : 'x');
        }
    }
    text += fmt::format("\n{:<{}}", "rows inside the market's 90 % interval", kNameWidth);
    for (const Regime regime : kRegimes) {
        const RealismTable::Count count = table.count(regime);
        text += fmt::format("{:>8}", fmt::format("{}/{} ", count.inside, count.rows));
    }
    return text + '\n';
}

std::string outside_text(const RealismTable& table) {
    std::string text;
    for (const RealismRow& row : table.rows) {
        if (row.inside()) continue;
        text += fmt::format("  {:<6}{:<60}{:>8}  {}\n", name_of(row.regime), row.meaning, figure(row.model),
                            interval_of(row.market));
    }
    return text.empty() ? "" : "\nOutside (VIX before, figure, model, market's interval)\n" + text;
}

std::string premia_text(const std::vector<VixPremium>& premia) {
    std::string text = "\nWhat long VIX earns in one session, % of its price (must not be above 0)\n";
    std::string last;
    std::vector<double> levels;
    for (const VixPremium& p : premia) {
        if (std::ranges::find(levels, p.vix) == levels.end()) levels.push_back(p.vix);
    }
    text += fmt::format("  {:<26}", "VIX");
    for (const double vix : levels) text += fmt::format("{:>6}", vix);
    for (const VixPremium& first : premia) {
        if (first.vix != levels.front()) break;
        text += fmt::format("\n  {:<26}", first.product);
        for (const VixPremium& p : premia) {
            if (p.product == first.product) text += fmt::format("{:>6.2f}", p.gain);
        }
    }
    return text + '\n';
}

std::string cell(const RealismRow* row) {
    if (row == nullptr) return "";
    const std::string value = row->inside() ? figure(row->model) : fmt::format("**{}**", figure(row->model));
    return fmt::format("{} ({})", value, interval_of(row->market));
}

std::string markdown_of(const RealismTable& table) {
    std::string text = fmt::format("**{}**: {}\n\n| figure |", table.period, count_text(table.count()));
    for (const Regime regime : kRegimes) text += fmt::format(" {} |", name_of(regime));
    text += "\n|---|---|---|---|---|---|\n";
    for (const std::string& id : ids_of(table)) {
        text += fmt::format("| {} |", meaning_of(table, id));
        for (const Regime regime : kRegimes) text += fmt::format(" {} |", cell(row_of(table, id, regime)));
        text += '\n';
    }
    text += "| inside |";
    for (const Regime regime : kRegimes) {
        const RealismTable::Count count = table.count(regime);
        text += fmt::format(" {} of {} |", count.inside, count.rows);
    }
    return text + "\n\n";
}

}  // namespace

std::string realism_text(const RealismReport& report, const std::string& period) {
    std::string text =
        fmt::format("The one-day law of a model against the market; x: outside, as one in ten is by chance\n{}\n\n",
                    printable(report.model));
    for (const RealismTable& table : report.tables) {
        if (table.period == period) text += table_text(table) + outside_text(table);
    }
    text += premia_text(report.premia) + '\n';
    for (const RealismTable& table : report.tables)
        text += fmt::format("{}{}  {}\n", table.period, table.period == period ? " (shown)" : "        ",
                            count_text(table.count()));
    return without_end_blanks(text);
}

std::string realism_csv(const RealismReport& report) {
    std::string text = "period,regime,statistic,meaning,market,low,high,model,inside\n";
    for (const RealismTable& table : report.tables) {
        for (const RealismRow& row : table.rows) {
            text += fmt::format("{},{},{},\"{}\",{:.6g},{:.6g},{:.6g},{:.6g},{}\n", table.period, name_of(row.regime),
                                row.id, row.meaning, row.market.value, row.market.low, row.market.high, row.model,
                                row.inside() ? "yes" : "no");
        }
    }
    return text;
}

std::string realism_markdown(const RealismReport& report) {
    std::string text;
    for (const RealismTable& table : report.tables) text += markdown_of(table);
    return text;
}

}  // namespace volstorm

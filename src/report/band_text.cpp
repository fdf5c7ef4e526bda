#include "volstorm/report/band_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "band_rows.h"
#include "band_table.h"
#include "format.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr std::size_t kClaimsAbreast = 3;

using Figure = std::function<Estimate(const BandWorld&)>;

std::vector<std::string> names_of(std::span<const BandWorld> worlds) {
    std::vector<std::string> names;
    for (const BandWorld& world : worlds) names.push_back(world.name);
    return names;
}

BandCell dollar_cell(const Estimate& e) { return {dollars(e.value), interval(e)}; }

BandCell share_cell(const Estimate& e) {
    if (std::isnan(e.value)) return {"-", ""};
    return {fmt::format("{:.2f} %", 100.0 * e.value), fmt::format("[{:.2f}, {:.2f}]", 100.0 * e.low, 100.0 * e.high)};
}

BandColumn column(std::span<const BandWorld> worlds, const std::string& head, const Figure& figure,
                  BandCell (*cell)(const Estimate&)) {
    BandColumn column{head, {}, {}, {}};
    std::vector<double> values;
    for (const BandWorld& world : worlds) {
        const Estimate estimate = figure(world);
        values.push_back(estimate.value);
        column.cells.push_back(cell(estimate));
    }
    const Estimate range = range_of(values), low{range.low, {}, range.low, range.low},
                   high{range.high, {}, range.high, range.high};
    column.lowest = cell(low).value, column.highest = cell(high).value;
    return column;
}

// The unhedged book and the whole one, and what lies between them where that is given.
std::string block(std::span<const BandWorld> worlds, const std::string& title, Estimate (*figure)(const StrategyRisk&),
                  BandCell (*cell)(const Estimate&), const Figure& effect) {
    const auto of_book = [&](const std::string& head, const StrategyRisk& (BandWorld::*book)() const) {
        return column(
            worlds, head, [&](const BandWorld& w) { return figure((w.*book)()); }, cell);
    };
    std::vector<BandColumn> columns{of_book("unhedged", &BandWorld::unhedged)};
    if (worlds.front().has_hedge()) {
        columns.push_back(of_book("book", &BandWorld::book));
        if (effect) columns.push_back(column(worlds, "hedge's effect", effect, cell));
    }
    return "\n" + title + "\n" + band_table(names_of(worlds), std::move(columns));
}

template <std::size_t k>
std::string shortfall_block(std::span<const BandWorld> worlds) {
    constexpr double level = kBandLevels[k];
    std::string remarks;
    const auto add = [&](const char* remark) { remarks += (remarks.empty() ? " (" : "; ") + std::string(remark); };
    if (std::ranges::all_of(worlds, [](const BandWorld& w) { return tail_at(w.unhedged().whole(), level).atom; }))
        add("unhedged: its largest loss");
    if (worlds.front().has_hedge()) add("effect below 0: a smaller tail");
    if (!remarks.empty()) remarks += ")";
    return block(
        worlds, fmt::format("ES {:g}, dollars of loss{}", 100.0 * level, remarks),
        [](const StrategyRisk& s) { return tail_at(s.whole(), level).expected_shortfall; }, dollar_cell,
        [](const BandWorld& w) { return shortfall_change(w, level); });
}

std::string figure_blocks(std::span<const BandWorld> worlds) {
    return block(
               worlds, "Mean P&L after costs, dollars", [](const StrategyRisk& s) { return s.whole().mean; },
               dollar_cell, [](const BandWorld& w) { return w.book().figures.against_first.mean; }) +
           block(worlds, "P(loss)", [](const StrategyRisk& s) { return s.whole().p_loss; }, share_cell, {}) +
           shortfall_block<0>(worlds) + shortfall_block<1>(worlds);
}

std::string claim_blocks(std::span<const BandWorld> worlds) {
    const std::vector<ClaimRisk>& claims = worlds.front().risk.claims;
    if (claims.empty()) return {};
    std::string text = "\nClaims: share of the given paths on which they hold\n";
    for (std::size_t k = 0; k < claims.size(); ++k)
        text += fmt::format("  {}  {} (needs {:g} %)\n", k + 1, printable(claims[k].text), 100.0 * claims[k].required);
    for (std::size_t from = 0; from < claims.size(); from += kClaimsAbreast) {
        std::vector<BandColumn> columns;
        for (std::size_t k = from; k < std::min(from + kClaimsAbreast, claims.size()); ++k) {
            columns.push_back(column(
                worlds, fmt::format("claim {}", k + 1),
                [k](const BandWorld& w) { return w.risk.claims[k].result.share; }, share_cell));
        }
        text += band_table(names_of(worlds), std::move(columns));
    }
    return text;
}

std::string conclusion_lines(std::span<const BandWorld> worlds) {
    std::string text = "\nWhich conclusions survive in every world, by 95 % intervals\n";
    for (const Conclusion& c : conclusions_of(worlds)) {
        text += fmt::format("  {:<17}  {}\n", survival_name(c), printable(c.text));
        if (const std::string dissent = dissent_text(c, worlds); !dissent.empty())
            text += fmt::format("  {:<17}    {}\n", "", dissent);
    }
    return text;
}

std::string world_lines(const BandReport& report) {
    std::string text;
    for (const BandWorld& world : report.worlds) {
        text += fmt::format("  {:<9}  {}\n", world.name, world.meaning);
        for (const std::string& note : world.notes) text += "    " + note + "\n";
    }
    for (const auto& [name, why] : report.left_out)
        text += fmt::format("  {:<9}  left out: {}\n", name, printable(why));
    return text;
}

std::string interval_lines(std::span<const BandWorld> worlds) {
    std::string text =
        "\nIntervals are of the sampling within a world; lowest to highest is what the choice of a world does.\n";
    for (const BandWorld& world : worlds) {
        if (std::isnan(world.risk.effective_sessions)) continue;
        text += session_intervals("Those of " + world.name, world.risk.effective_sessions);
    }
    return text;
}

}  // namespace

std::string band_text(const BandReport& report) {
    const Sampling& sampling = report.sampling;
    std::string drawn;
    if (sampling.method != SamplingMethod::plain)
        drawn = strata_text(sampling) + "\nSessions of history are always drawn plainly\n";
    return fmt::format("The same book in {} world{}: {} paths each{}, seed {}\n", report.worlds.size(),
                       report.worlds.size() == 1 ? "" : "s", grouped(static_cast<std::int64_t>(sampling.paths)),
                       asked_text(sampling.paths, sampling.asked), sampling.seed) +
           drawn + world_lines(report) + conclusion_lines(report.worlds) + figure_blocks(report.worlds) +
           claim_blocks(report.worlds) + interval_lines(report.worlds);
}

}  // namespace volstorm

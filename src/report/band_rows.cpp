#include "band_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace volstorm {
namespace {

constexpr std::size_t kNamed = 2;  // so many worlds of the most frequent verdict are named, more are counted

void add_book(const std::string& world, const std::string& subject, const StrategyRisk& book,
              std::vector<BandRow>& rows) {
    const Summary& all = book.whole();
    const auto add = [&](const std::string& figure, const Estimate& estimate) {
        rows.push_back({world, subject, figure, estimate});
    };
    add("mean", all.mean);
    add("p_loss", all.p_loss);
    for (const double level : kBandLevels) {
        add(fmt::format("var_{:g}", 100.0 * level), tail_at(all, level).value_at_risk);
        add(fmt::format("es_{:g}", 100.0 * level), tail_at(all, level).expected_shortfall);
    }
}

void add_effect(const BandWorld& world, std::vector<BandRow>& rows) {
    const auto add = [&](const std::string& figure, const Estimate& estimate) {
        rows.push_back({world.name, "effect", figure, estimate});
    };
    add("mean", world.book().figures.against_first.mean);
    for (const double level : kBandLevels) add(fmt::format("es_{:g}", 100.0 * level), shortfall_change(world, level));
    add("es_97.5_spx_down", down_shortfall_change(world));
}

std::string names_with(Verdict verdict, const Conclusion& conclusion, std::span<const BandWorld> worlds) {
    std::string names;
    for (std::size_t k = 0; k < worlds.size(); ++k) {
        if (conclusion.verdicts[k] == verdict) names += (names.empty() ? "" : ", ") + worlds[k].name;
    }
    return names;
}

}  // namespace

std::vector<BandRow> rows_of(const BandWorld& world) {
    std::vector<BandRow> rows;
    add_book(world.name, "unhedged", world.unhedged(), rows);
    if (world.has_hedge()) {
        add_book(world.name, "book", world.book(), rows);
        add_effect(world, rows);
    }
    for (const ClaimRisk& claim : world.risk.claims) {
        Estimate given;
        given.value = claim.result.given_share;
        rows.push_back(
            {world.name, "claim", claim.text, claim.result.share, std::string(to_string(claim.result.verdict))});
        rows.push_back({world.name, "claim given", claim.text, given});
    }
    return rows;
}

std::vector<BandRow> range_rows(std::span<const BandWorld> worlds) {
    std::vector<BandRow> ranges = rows_of(worlds.front());
    std::vector<std::vector<double>> values(ranges.size());
    for (const BandWorld& world : worlds) {
        const std::vector<BandRow> rows = rows_of(world);
        for (std::size_t k = 0; k < rows.size(); ++k) values[k].push_back(rows[k].estimate.value);
    }
    for (std::size_t k = 0; k < ranges.size(); ++k) {
        ranges[k].world = "range", ranges[k].verdict = {};
        ranges[k].estimate = range_of(values[k]);
    }
    return ranges;
}

Estimate range_of(std::span<const double> values) {
    Estimate range;
    for (const double value : values) {
        if (std::isnan(value)) continue;
        range.low = std::isnan(range.low) ? value : std::min(range.low, value);
        range.high = std::isnan(range.high) ? value : std::max(range.high, value);
    }
    return range;
}

std::string survival_name(const Conclusion& conclusion) {
    switch (survival_of(conclusion)) {
        case Survival::holds_in_all:
            return "yes in all";
        case Survival::fails_in_all:
            return "no in all";
        case Survival::undecided_in_all:
            return "undecided in all";
        case Survival::holds_where_decided:
            return "yes where decided";
        case Survival::fails_where_decided:
            return "no where decided";
        case Survival::depends:
            break;
    }
    return "depends";
}

std::string dissent_text(const Conclusion& conclusion, std::span<const BandWorld> worlds) {
    if (std::ranges::adjacent_find(conclusion.verdicts, std::ranges::not_equal_to{}) == conclusion.verdicts.end())
        return {};
    std::array parts{std::pair{Verdict::not_supported, "no"}, std::pair{Verdict::undecided, "undecided"},
                     std::pair{Verdict::supported, "yes"}};
    std::ranges::stable_sort(parts, {}, [&](const auto& part) { return conclusion.count(part.first); });
    std::string text;
    for (const auto& [verdict, word] : parts) {
        const std::size_t count = conclusion.count(verdict);
        if (count == 0) continue;
        if (!text.empty()) text += "; ";
        text += verdict == parts.back().first && count > kNamed
                    ? fmt::format("{} in the other {}", word, count)
                    : fmt::format("{} in {}", word, names_with(verdict, conclusion, worlds));
    }
    return text;
}

}  // namespace volstorm

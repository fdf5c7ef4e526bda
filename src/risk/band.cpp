#include "volstorm/risk/band.h"

#include <algorithm>
#include <functional>

namespace volstorm {
namespace {

Conclusion conclude(std::string text, std::span<const BandWorld> worlds,
                    const std::function<Verdict(const BandWorld&)>& judge) {
    Conclusion conclusion{std::move(text), {}};
    for (const BandWorld& world : worlds) conclusion.verdicts.push_back(judge(world));
    return conclusion;
}

}  // namespace

const Tail& tail_at(const Summary& summary, double level) {
    return *std::ranges::find(summary.tails, level, &Tail::level);
}

const Estimate& shortfall_change(const BandWorld& world, double level) {
    const auto& changes = world.book().figures.against_first.expected_shortfall;
    return (*std::ranges::find(changes, level, &ShortfallDifference::level)).value;
}

Estimate down_shortfall_change(const BandWorld& world) {
    const auto& bare = world.unhedged().figures.summary[kSpxDown];
    const auto& whole = world.book().figures.summary[kSpxDown];
    if (!bare || !whole) return {};
    const Estimate &a = tail_at(*bare, 0.975).expected_shortfall, &b = tail_at(*whole, 0.975).expected_shortfall;
    return {b.value - a.value, kUnknown, b.low - a.high, b.high - a.low};
}

Verdict above_zero(const Estimate& estimate) {
    if (estimate.low > 0.0) return Verdict::supported;
    return estimate.high < 0.0 ? Verdict::not_supported : Verdict::undecided;
}

Verdict below_zero(const Estimate& estimate) {
    if (estimate.high < 0.0) return Verdict::supported;
    return estimate.low > 0.0 ? Verdict::not_supported : Verdict::undecided;
}

std::size_t Conclusion::count(Verdict verdict) const {
    return static_cast<std::size_t>(std::ranges::count(verdicts, verdict));
}

Survival survival_of(const Conclusion& conclusion) {
    const std::size_t yes = conclusion.count(Verdict::supported), no = conclusion.count(Verdict::not_supported);
    const bool all = conclusion.count(Verdict::undecided) == 0;
    if (yes > 0 && no > 0) return Survival::depends;
    if (yes > 0) return all ? Survival::holds_in_all : Survival::holds_where_decided;
    if (no > 0) return all ? Survival::fails_in_all : Survival::fails_where_decided;
    return Survival::undecided_in_all;
}

std::vector<Conclusion> conclusions_of(std::span<const BandWorld> worlds) {
    std::vector<Conclusion> list;
    if (worlds.empty()) return list;
    const auto add = [&](std::string text, const std::function<Verdict(const BandWorld&)>& judge) {
        list.push_back(conclude(std::move(text), worlds, judge));
    };
    if (worlds.front().has_hedge()) {
        add("the hedge lowers ES 97.5", [](const BandWorld& w) { return below_zero(shortfall_change(w, 0.975)); });
        add("the hedge lowers ES 99", [](const BandWorld& w) { return below_zero(shortfall_change(w, 0.99)); });
        add("the hedge lowers ES 97.5 where SPX falls",
            [](const BandWorld& w) { return below_zero(down_shortfall_change(w)); });
        add("the hedge costs on average",
            [](const BandWorld& w) { return below_zero(w.book().figures.against_first.mean); });
    }
    add("the condor earns on average, after costs",
        [](const BandWorld& w) { return above_zero(w.unhedged().whole().mean); });
    for (std::size_t k = 0; k < worlds.front().risk.claims.size(); ++k) {
        add("claim: " + worlds.front().risk.claims[k].text,
            [k](const BandWorld& w) { return w.risk.claims[k].result.verdict; });
    }
    return list;
}

}  // namespace volstorm

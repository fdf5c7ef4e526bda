#include "volstorm/risk/book.h"

#include <algorithm>
#include <cmath>

#include "claim_columns.h"

namespace volstorm {
namespace {

StrategyRisk measure_strategy(const Experiment& e, const PathResults& results, std::size_t strategy) {
    const Column& pnl = results.column("pnl", strategy);
    const Column& breach = results.column("breach", 0);
    StrategyRisk risk;
    risk.name = e.strategy_names()[strategy];
    risk.whole = summarise(pnl);
    for (const Breach code : {Breach::none, Breach::down, Breach::up}) {
        risk.by_breach[static_cast<std::size_t>(code)] = summarise_breach(pnl, breach, code);
    }
    risk.sides = summarise_sides(pnl, results.column("spx_return", 0));
    if (strategy > 0) risk.against_unhedged = paired_difference(pnl, results.column("pnl", 0));
    return risk;
}

// Sums over all paths of what one layer did.
LayerRisk measure_layer(const Experiment& e, const PathResults& results, std::size_t layer) {
    struct {
        std::uint64_t opened = 0, closed_early = 0, empty = 0;
        double pnl = 0.0, pnl_square = 0.0, cost = 0.0, cost_square = 0.0;
    } sum;
    const auto last = static_cast<float>(e.timeline.size());
    std::vector<float> opened, closed, contracts, unit_pnl, unit_cost;
    const std::uint64_t n = results.paths();
    for (std::uint64_t first = 0; first < n; first += kColumnChunk) {
        const auto count = static_cast<std::size_t>(std::min(kColumnChunk, n - first));
        const auto take = [&](const char* name, std::vector<float>& out) {
            out.resize(count);
            results.column(name, layer).read(first, out);
        };
        take("opened", opened), take("closed", closed), take("contracts", contracts);
        take("unit_pnl", unit_pnl), take("unit_cost", unit_cost);
        for (std::size_t i = 0; i < count; ++i) {
            if (opened[i] < 0.0f) continue;
            ++sum.opened;
            if (closed[i] >= 0.0f && closed[i] < last) ++sum.closed_early;
            if (contracts[i] == 0.0f) ++sum.empty;
            const double pnl = static_cast<double>(contracts[i]) * unit_pnl[i];
            const double cost = static_cast<double>(contracts[i]) * unit_cost[i];
            sum.pnl += pnl, sum.pnl_square += pnl * pnl;
            sum.cost += cost, sum.cost_square += cost * cost;
        }
    }
    const auto mean = [&](double total, double square) {
        const auto count = static_cast<double>(n);
        const double average = total / count, variance = std::max(square / count - average * average, 0.0);
        return normal_estimate(average, std::sqrt(variance / count));
    };
    return {e.layers[layer].name,         share_estimate(sum.opened, n), share_estimate(sum.closed_early, n),
            share_estimate(sum.empty, n), mean(sum.pnl, sum.pnl_square), mean(sum.cost, sum.cost_square)};
}

}  // namespace

BookRisk measure(const Experiment& e, const PathResults& results) {
    BookRisk risk;
    for (std::size_t k = 0; k <= e.layers.size(); ++k) risk.strategies.push_back(measure_strategy(e, results, k));
    for (std::size_t k = 0; k < e.layers.size(); ++k) risk.layers.push_back(measure_layer(e, results, k));
    for (const ClaimSpec& claim : e.scenario.claims) risk.claims.push_back(test_claim(claim, e, results));
    if (e.scenario.realised) {
        const double spx_return = e.scenario.realised->spx / e.day.market.spx - 1.0, vix = e.scenario.realised->vix;
        risk.realised = RealisedRisk{spx_return, vix, standing(results.column("spx_return", 0), spx_return),
                                     standing(results.column("vix_end", 0), vix)};
    }
    risk.worst = worst_paths(results.column("pnl", e.layers.size()));
    return risk;
}

}  // namespace volstorm

#include "volstorm/engine/day_results.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "volstorm/engine/simulate.h"

namespace volstorm {
namespace {

DayResult settled(const Experiment& e, const NamedDay& day, const PathColumns& c, std::size_t i) {
    DayResult result;
    result.day = day;
    result.spx_return = c.spx_return[i], result.vix_end = c.vix_end[i], result.vix_max = c.vix_max[i];
    const std::size_t layers = c.pnl.size() - 1;
    // Its legs are large amounts of opposite sign, kept as floats.
    result.condor = static_cast<double>(c.pnl[0][i]) + condor_costs(e);
    for (std::size_t k = 0; k < layers; ++k) result.layers.push_back(c.pnl_leg[kCondorLegs + k][i]);
    result.costs = c.pnl_leg.back()[i];
    result.total = c.pnl.back()[i];
    return result;
}

// The total, were all closed at the end of this step.
double total_if_closed(const Experiment& e, std::size_t step, const PathPoint& point) {
    const double spx = e.day.market.spx * std::exp(static_cast<double>(point.x));
    const double condor = condor_pnl_if_closed(e, e.timeline[step].end, spx, {point.v, point.m});
    return std::accumulate(point.layer_pnl.begin(), point.layer_pnl.end(), condor);
}

}  // namespace

std::vector<DayResult> results_of(const Experiment& e, const std::vector<NamedDay>& days) {
    std::vector<DayOnTimeline> ways;
    ways.reserve(days.size());
    for (const NamedDay& day : days) ways.push_back(on_timeline(day, e));
    std::vector<double> at_low(days.size()), at_high(days.size());
    std::vector<DayResult> results;
    Simulator simulator(e);
    for (std::size_t first = 0; first < days.size(); first += kBlockPaths) {
        std::vector<std::uint64_t> paths(std::min(kBlockPaths, days.size() - first));
        std::iota(paths.begin(), paths.end(), first);
        PathColumns columns;
        simulator.trace(paths, columns, [&](std::size_t i, std::size_t number, const PathPoint& point) {
            if (number == ways[first + i].low + 1) at_low[first + i] = total_if_closed(e, number - 1, point);
            if (number == ways[first + i].high + 1) at_high[first + i] = total_if_closed(e, number - 1, point);
        });
        for (std::size_t i = 0; i < paths.size(); ++i) {
            results.push_back(settled(e, days[first + i], columns, i));
            results.back().total_at_low = at_low[first + i], results.back().total_at_high = at_high[first + i];
        }
    }
    std::ranges::sort(results, {}, [](const DayResult& r) { return std::pair(r.total, r.day.date); });
    return results;
}

}  // namespace volstorm

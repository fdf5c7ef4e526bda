#include "tail_paths.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "volstorm/core/civil_time.h"
#include "volstorm/engine/simulate.h"

namespace volstorm {
namespace {

constexpr std::size_t kTracedTogether = 128;  // pieces enough for several threads
constexpr h5::Size kChunkNumbers = 262'144;

/// What is kept of each path at each step: rows of [path][step], and of [layer][path][step].
struct Traces {
    Traces(const Experiment& experiment, std::size_t count)
        : e(experiment),
          paths(count),
          steps(e.timeline.size() + 1),
          spx(paths * steps),
          vix(spx),
          v(spx),
          m(spx),
          mid(e.layers.size() * spx.size()),
          contracts(mid),
          vix_at{e.day.vix_squared_at(e.day.market.time)} {
        for (const Step& step : e.timeline) vix_at.push_back(e.day.vix_squared_at(step.end));
    }

    void record(std::size_t path, std::size_t step, const PathPoint& point) {
        const std::size_t at = path * steps + step;
        const VarianceState state{std::max(point.v, 0.0f), std::max(point.m, 0.0f)};
        spx[at] = static_cast<float>(e.day.market.spx * std::exp(static_cast<double>(point.x)));
        vix[at] = static_cast<float>(vix_level(vix_at[step], state));
        v[at] = point.v, m[at] = point.m;
        for (std::size_t layer = 0; layer < e.layers.size(); ++layer) {
            mid[layer * paths * steps + at] = static_cast<float>(point.layer_mid[layer]);
            contracts[layer * paths * steps + at] = static_cast<float>(point.layer_contracts[layer]);
        }
    }

    const Experiment& e;
    std::size_t paths, steps;
    std::vector<float> spx, vix, v, m, mid, contracts;
    std::vector<LinearInState> vix_at;
};

Traces trace(const Experiment& e, std::span<const RankedPath> worst, Executor& executor) {
    Traces traces(e, worst.size());
    executor.for_each_ordered(
        (worst.size() + kTracedTogether - 1) / kTracedTogether,
        [&](std::size_t, std::size_t, std::size_t piece) {
            const std::size_t begin = piece * kTracedTogether;
            std::vector<std::uint64_t> paths;
            for (const RankedPath& path : worst.subspan(begin).first(std::min(kTracedTogether, worst.size() - begin))) {
                paths.push_back(path.path);
            }
            PathColumns columns;
            Simulator(e).trace(paths, columns, [&](std::size_t i, std::size_t step, const PathPoint& point) {
                traces.record(begin + i, step, point);
            });
        },
        [](std::size_t, std::size_t) {});
    return traces;
}

void write_ends(std::span<const RankedPath> worst, h5::File& file) {
    std::vector<std::int64_t> numbers;
    std::vector<float> pnl;
    for (const RankedPath& path : worst)
        numbers.push_back(static_cast<std::int64_t>(path.path)), pnl.push_back(path.pnl);
    file.coordinate("tail_path", numbers, "1", "number of the path, the worst total P&L first");
    file.dataset("/tail/pnl", h5::Layout{.type = h5::Type::float32,
                                         .dims = {"tail_path"},
                                         .units = "USD",
                                         .long_name = "P&L of the whole book, after costs"});
    file.write("/tail/pnl", pnl);
}

void write_steps(const Experiment& e, h5::File& file) {
    std::vector<std::string> times{to_string(e.day.market.time)};
    for (const Step& step : e.timeline) times.push_back(to_string(step.end));
    file.coordinate("step", times, "end of the step, New York; the first is the entry");
}

}  // namespace

void write_tail(const Experiment& e, std::span<const RankedPath> worst, bool whole, Executor& executor,
                h5::File& file) {
    write_ends(worst, file);
    if (!whole) return;
    write_steps(e, file);
    const Traces traces = trace(e, worst, executor);
    const h5::Size chunks = (traces.paths * traces.steps + kChunkNumbers - 1) / kChunkNumbers;
    const h5::Size rows = (traces.paths + chunks - 1) / chunks;  // of a chunk: all alike
    const auto column = [&](const char* name, bool by_layer, const char* units, const char* long_name,
                            const std::vector<float>& values) {
        const std::string path = std::string("/tail/") + name;
        h5::Layout layout{.type = h5::Type::float32,
                          .dims = {"tail_path", "step"},
                          .units = units,
                          .long_name = long_name,
                          .chunk = {rows, traces.steps}};
        if (by_layer) {
            layout.dims.insert(layout.dims.begin(), "layer");
            layout.chunk.insert(layout.chunk.begin(), 1);
        }
        file.dataset(path, layout);
        file.write(path, values);
    };
    column("spx", false, "index point", "SPX", traces.spx);
    column("vix", false, "VIX point", "VIX", traces.vix);
    column("variance", false, "1", "instantaneous variance v, per year", traces.v);
    column("variance_mean", false, "1", "mean level m of the variance, per year", traces.m);
    if (e.layers.empty()) return;
    column("layer_mid", true, "point", "mid price of the unit held, where it is marked", traces.mid);
    column("layer_contracts", true, "1", "contracts held", traces.contracts);
}

}  // namespace volstorm

#include "volstorm/risk/book_run.h"

#include <algorithm>

namespace volstorm {
namespace {

std::size_t paths_of_piece(const Experiment& e, std::uint64_t first) {
    return static_cast<std::size_t>(std::min<std::uint64_t>(kChunkPaths, e.scenario.sampling.paths - first));
}

class SimulatedPnl final : public PnlSource {
 public:
    explicit SimulatedPnl(const Experiment& experiment) : experiment_(experiment) {}
    std::uint64_t paths() const override { return experiment_.scenario.sampling.paths; }
    std::size_t draws() const override { return experiment_.generator->draws(); }
    PathWeights weights() const override { return path_weights(experiment_); }
    void read(std::size_t piece, PnlPiece& out) const override {
        const std::uint64_t first = piece * kChunkPaths;
        PathColumns columns;
        Simulator(experiment_).run(first, paths_of_piece(experiment_, first), columns);
        out.first = first;
        out.cell.resize(columns.count);
        for (std::size_t i = 0; i < columns.count; ++i) out.cell[i] = cell_of(columns.breach[i], columns.spx_return[i]);
        out.pnl = std::move(columns.pnl), out.drawn = std::move(columns.drawn);
        out.stratum = std::move(columns.stratum), out.replicate = std::move(columns.replicate);
    }

 private:
    const Experiment& experiment_;
};

}  // namespace

void simulate_book(const Experiment& e, Executor& executor, BookStatistics& statistics,
                   const std::function<void(const PathColumns&)>& use) {
    const std::uint64_t paths = e.scenario.sampling.paths;
    std::vector<std::unique_ptr<Simulator>> simulators(executor.threads());
    std::vector<PathColumns> columns(executor.slots());
    executor.for_each_ordered((paths + kChunkPaths - 1) / kChunkPaths,
                              [&](std::size_t worker, std::size_t slot, std::size_t piece) {
                                  if (!simulators[worker]) simulators[worker] = std::make_unique<Simulator>(e);
                                  const std::uint64_t first = piece * kChunkPaths;
                                  simulators[worker]->run(first, paths_of_piece(e, first), columns[slot]);
                                  statistics.count(worker, columns[slot]);
                              },
                              [&](std::size_t slot, std::size_t) {
                                  statistics.count_sessions(columns[slot]);
                                  use(columns[slot]);
                              });
}

std::unique_ptr<const PnlSource> simulated_pnl(const Experiment& experiment) {
    return std::make_unique<SimulatedPnl>(experiment);
}

// Beyond memory: a pass that counts, three in finish(), three more there for a sample in strata, four where sessions
// are drawn; and as many over a quarter of the paths, a sixteenth ... for the convergence.
double simulations_of(const Scenario& scenario, std::size_t draws) {
    if (keeps_pnl(scenario, draws)) return 1.0;
    const bool is_plain = scenario.sampling.method == SamplingMethod::plain;
    const double passes = 1.0 + 3.0 + (is_plain ? 0.0 : 3.0) + (draws > 0 ? 4.0 : 0.0);
    return passes * (1.0 + 1.0 / (kConvergenceStep - 1.0));
}

BookRisk run_book(const Experiment& e, Executor& executor, const std::function<void(std::uint64_t)>& progress) {
    BookStatistics statistics(e, executor.threads());
    simulate_book(e, executor, statistics, [&](const PathColumns& columns) {
        if (progress) progress(columns.first + columns.count);
    });
    return statistics.finish(*simulated_pnl(e), executor);
}

}  // namespace volstorm

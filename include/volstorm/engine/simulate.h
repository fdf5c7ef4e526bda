#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "volstorm/engine/experiment.h"
#include "volstorm/instrument/breach.h"

namespace volstorm {

inline constexpr std::size_t kChunkPaths = 65'536;  // paths that are simulated, written and summed as one piece

/// Half-spreads and fees of the condor at the entry, dollars; none where it is already held.
double condor_costs(const Experiment& experiment);
/// P&L of the condor, after costs, were it closed before its settlement at the model's prices: dollars. Its
/// half-spreads have widened with VIX; no leg is sold below zero.
double condor_pnl_if_closed(const Experiment& experiment, DateTime when, double spx, const VarianceState& state);
/// P&L of the condor that settles at `spx`, after costs: dollars.
double condor_pnl(const Experiment& experiment, double spx);

/// Results of paths, consecutive ones if nothing else is said, one column each: what stands under /paths in the result
/// file.
struct PathColumns {
    std::uint64_t first = 0;  // number of the first; 0 where they are not consecutive
    std::size_t count = 0;
    std::vector<std::vector<float>> pnl;      // by strategy, dollars
    std::vector<std::vector<float>> pnl_leg;  // by leg, dollars
    std::vector<float> spx_return, vix_end, vix_max;
    std::vector<std::uint8_t> breach;                                // a Breach
    std::vector<std::vector<std::uint8_t>> jumps;                    // by family, at most 255
    std::vector<std::uint8_t> stratum, replicate;                    // of a sample in strata; else empty
    std::vector<std::vector<std::int32_t>> opened, closed;           // by layer: step number, 0 the entry; -1 never
    std::vector<std::vector<float>> contracts, unit_pnl, unit_cost;  // by layer; dollars for one unit
    std::vector<std::vector<std::int32_t>> drawn;                    // by draw: the session of history, days since 1970
    std::uint64_t exact_marks = 0;                                   // marks that left the interpolation box

    void resize(const Experiment& experiment, std::size_t paths);
};

/// One path at the end of one step, for `replay` and the tail.
struct PathPoint {
    float x, v, m;
    std::span<const double> layer_mid, layer_contracts;  // by layer: NaN / 0 where it is not open
    std::span<const double> layer_strike;                // of the long leg that is or was held
    std::span<const std::size_t> layer_expiry;           // of it: index into the marks of the layer
    std::span<const double> layer_pnl;                   // dollars after costs, were it sold now; NaN without a mark
};

/// Simulates paths [first, first + count); `first` is a multiple of 512. The result of a path depends on the experiment
/// and its number alone.
class Simulator {
 public:
    explicit Simulator(const Experiment& experiment);
    ~Simulator();
    void run(std::uint64_t first, std::size_t count, PathColumns& columns);
    /// The same of these paths, in any order.
    void run(std::span<const std::uint64_t> paths, PathColumns& columns);
    using Trace = std::function<void(std::size_t i, std::size_t step, const PathPoint& point)>;
    /// Simulates these paths (any numbers, at most 512) and calls `trace` for each of them, by its place in `paths`, at
    /// the entry (step 0) and after each step. `columns` then holds them in that order.
    void trace(std::span<const std::uint64_t> paths, PathColumns& columns, const Trace& trace);

 private:
    struct Workspace;
    void run_blocks(PathColumns& columns, const std::function<void(std::size_t)>& start);
    void begin_batch(std::size_t paths);
    void run_block(std::size_t count, std::size_t batch, std::size_t at, PathColumns& columns, const Trace* trace);
    void report(std::size_t count, std::size_t step, std::size_t mark_time, bool has_marks, const Trace& trace);
    void store_block(std::size_t count, std::size_t batch, std::size_t at, PathColumns& columns);
    void store_layers(std::size_t count, std::size_t batch, PathColumns& columns);
    const Experiment& experiment_;
    std::unique_ptr<Workspace> work_;
};

}  // namespace volstorm

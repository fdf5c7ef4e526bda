// All figures of the P&L of several books on a million paths in memory: counts, exact order statistics, sums,
// intervals, groups, differences, the worst paths.
#include <cmath>

#include "report.h"
#include "volstorm/math/portable.h"
#include "volstorm/math/threefry.h"
#include "volstorm/risk/pnl_statistics.h"

namespace volstorm::bench {
namespace {

constexpr std::size_t kPaths = 1'000'000;

// Something like condors with hedges: mostly a small win, a capped loss, and a normal part for each further book.
PnlPiece sample(std::size_t books) {
    const RandomKey key(7, Stream::backtest);
    PnlPiece piece;
    piece.pnl.assign(books, std::vector<float>(kPaths));
    for (std::size_t i = 0; i < kPaths; ++i) {
        const Words w = key.words(i, 0);
        const float z = portable::normal_pair(w[0], w[1]).first, other = portable::normal_pair(w[2], w[3]).first;
        const std::uint8_t breach = z < -1.3f ? 1 : z > 1.3f ? 2 : 0;
        piece.cell.push_back(cell_of(breach, z));
        for (std::size_t k = 0; k < books; ++k) {
            const float condor = std::fmax(1500.0f - 5000.0f * std::fmax(std::fabs(z) - 1.0f, 0.0f), -20'000.0f);
            piece.pnl[k][i] = condor + 300.0f * static_cast<float>(k) * (0.2f * other - z);
        }
    }
    return piece;
}

void statistics(benchmark::State& state) {
    const auto books = static_cast<std::size_t>(state.range(0));
    const PnlPiece piece = sample(books);
    for (auto _ : state) benchmark::DoNotOptimize(pnl_figures(piece));
    per_item(state, "path", rounds(state) * kPaths);
    per_item(state, "path_and_book", rounds(state) * static_cast<double>(kPaths * books));
}
BENCHMARK(statistics)->ArgName("books")->Arg(1)->Arg(2)->Arg(4)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace
}  // namespace volstorm::bench

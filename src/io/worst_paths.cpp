#include "worst_paths.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "path_table.h"
#include "volstorm/engine/simulate.h"

namespace volstorm {

void write_worst(const Experiment& e, std::span<const RankedPath> worst, Executor& executor, h5::File& file) {
    constexpr std::size_t kTogether = 32 * kBlockPaths;  // pieces enough for several threads
    std::vector<std::int64_t> numbers;
    for (const RankedPath& path : worst) numbers.push_back(static_cast<std::int64_t>(path.path));
    file.coordinate("worst_path", numbers, "1", "number of the path, the worst total P&L first");
    PathTable table(e, file, "/worst", "worst_path");
    std::vector<PathColumns> columns(executor.slots());
    executor.for_each_ordered(
        (worst.size() + kTogether - 1) / kTogether,
        [&](std::size_t, std::size_t slot, std::size_t piece) {
            std::vector<std::uint64_t> paths;
            const std::size_t begin = piece * kTogether;
            for (const RankedPath& path : worst.subspan(begin, std::min(kTogether, worst.size() - begin)))
                paths.push_back(path.path);
            Simulator(e).run(paths, columns[slot]);
        },
        [&](std::size_t slot, std::size_t piece) { table.write(piece * kTogether, columns[slot]); });
}

}  // namespace volstorm

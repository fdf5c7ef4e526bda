// Writes a million paths of a condor with two layers to a result file in the folder for temporary files (TMPDIR): all
// of /paths, by ResultWriter::append, without figures and seal. Processor and real time are those of append; `sync_ms`
// is the real time of bringing the file to the disk afterwards.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "report.h"
#include "volstorm/engine/simulate.h"
#include "volstorm/io/result_file.h"

namespace volstorm::bench {
namespace {

constexpr std::uint64_t kPieces = 16, kPaths = kPieces * kChunkPaths;

std::unique_ptr<const Experiment> make_book() {
    const std::string paths[] = {"sampling.paths=" + std::to_string(kPaths)};
    return prepare(read_scenario(VOLSTORM_SCENARIOS "/2024-12-17-fomc-eve.toml", paths));
}

// Real seconds until the only file of the folder is on the disk.
double sync_seconds(const std::filesystem::path& folder) {
    const auto start = std::chrono::steady_clock::now();
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const int file = ::open(entry.path().c_str(), O_RDONLY);
        if (file < 0 || ::fsync(file) != 0) throw std::runtime_error("cannot sync " + entry.path().string());
        ::close(file);
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double bytes_in(const std::filesystem::path& folder) {
    double sum = 0.0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        sum += static_cast<double>(std::filesystem::file_size(entry.path()));
    }
    return sum;
}

void output(benchmark::State& state) {
    const auto experiment = make_book();
    PathColumns columns;
    Simulator(*experiment).run(0, kChunkPaths, columns);
    const auto folder = std::filesystem::temp_directory_path() / ("volstorm-bench-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    double synced = 0.0, bytes = 0.0;
    for (auto _ : state) {
        state.PauseTiming();
        auto writer = std::make_unique<ResultWriter>(folder / "bench.h5", *experiment, Provenance{});
        state.ResumeTiming();
        for (std::uint64_t piece = 0; piece < kPieces; ++piece) {
            columns.first = piece * kChunkPaths;
            writer->append(columns);
        }
        state.PauseTiming();
        bytes = bytes_in(folder);
        synced += sync_seconds(folder);
        writer.reset();
        state.ResumeTiming();
    }
    std::filesystem::remove_all(folder);
    per_item(state, "path", rounds(state) * static_cast<double>(kPaths));
    state.SetBytesProcessed(static_cast<std::int64_t>(rounds(state) * bytes));
    state.counters["bytes_per_path"] = bytes / static_cast<double>(kPaths);
    state.counters["sync_ms"] = 1e3 * synced / rounds(state);
}
BENCHMARK(output)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace volstorm::bench

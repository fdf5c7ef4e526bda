#include <fmt/format.h>
#include <sys/statvfs.h>

#include <chrono>
#include <filesystem>

#include "build_info.h"
#include "command.h"
#include "progress.h"
#include "volstorm/core/text.h"
#include "volstorm/engine/executor.h"
#include "volstorm/engine/simulate.h"
#include "volstorm/io/result_file.h"
#include "volstorm/report/terminal.h"

namespace volstorm {
namespace {

constexpr double kTypicalRate = 3e6;  // paths a second and thread: for the estimate of an absurd request only

std::filesystem::path output_of(const RunOptions& options) {
    if (!options.output.empty()) return options.output;
    return std::filesystem::path("results") / (std::filesystem::path(options.scenario.file).stem().string() + ".h5");
}

double bytes_per_path(const Experiment& e) {
    const auto layers = static_cast<double>(e.layers.size()), legs = static_cast<double>(kCondorLegs) + layers + 1.0;
    return 4.0 * (layers + 1.0 + legs + 3.0 + 5.0 * layers) + 1.0 + static_cast<double>(e.plan.jumps.size());
}

// Refuses, before any path, a run that the disk cannot hold.
void check_room(const Experiment& e, const std::filesystem::path& target, std::size_t threads) {
    const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
    const double bytes = 1.1 * bytes_per_path(e) * static_cast<double>(e.scenario.sampling.paths);
    struct statvfs disk {};
    if (statvfs(folder.c_str(), &disk) != 0 || disk.f_blocks == 0) return;  // no disk: writing will say so
    const double free = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
    if (bytes <= free) return;
    const double seconds =
        static_cast<double>(e.scenario.sampling.paths) / (kTypicalRate * static_cast<double>(threads));
    throw InputError(
        {e.scenario.path},
        fmt::format("sampling.paths is {}: the result would need {:.3g} GB of disk and about {:.2g} hours, and "
                    "{} has {:.3g} GB free; at most {:.2g} paths fit",
                    grouped(static_cast<std::int64_t>(e.scenario.sampling.paths)), 1e-9 * bytes, seconds / 3600.0,
                    folder.string(), 1e-9 * free, free / (1.1 * bytes_per_path(e))));
}

void simulate_all(const Experiment& e, Executor& executor, ResultWriter& writer, Progress& progress) {
    const std::uint64_t paths = e.scenario.sampling.paths;
    std::vector<std::unique_ptr<Simulator>> simulators(executor.threads());
    std::vector<PathColumns> columns(executor.slots());
    executor.for_each_ordered(
        (paths + kChunkPaths - 1) / kChunkPaths,
        [&](std::size_t worker, std::size_t slot, std::size_t piece) {
            if (!simulators[worker]) simulators[worker] = std::make_unique<Simulator>(e);
            const std::uint64_t first = piece * kChunkPaths;
            simulators[worker]->run(
                first, static_cast<std::size_t>(std::min<std::uint64_t>(kChunkPaths, paths - first)), columns[slot]);
        },
        [&](std::size_t slot, std::size_t) {
            writer.append(columns[slot]);
            progress.advance(columns[slot].first + columns[slot].count);
        });
}

Provenance provenance(const RunOptions& options, std::size_t threads) {
    const BuildInfo info = build_info();
    Provenance p;
    p.version = info.version, p.commit = info.commit, p.compiler = info.compiler, p.flags = info.flags;
    p.instruction_set = info.instruction_set, p.libraries = info.libraries, p.command = options.command;
    p.started = utc_now(), p.threads = static_cast<std::int64_t>(threads);
    return p;
}

}  // namespace

Exit run_command(const RunOptions& options) {
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    const Scenario scenario = read_scenario(options.scenario.file, options.scenario.overrides());
    check_claims(scenario);
    const std::filesystem::path target = output_of(options);
    const auto executor = make_tbb_executor(options.threads);
    const auto experiment = prepare(scenario);
    if (target.has_parent_path()) std::filesystem::create_directories(target.parent_path());
    check_room(*experiment, target, executor->threads());
    fmt::print("{}\n", entry_text(*experiment));
    const double prepared = seconds();
    ResultWriter writer(target, *experiment, provenance(options, executor->threads()));
    Progress progress(scenario.sampling.paths, options.quiet);
    simulate_all(*experiment, *executor, writer, progress);
    progress.end();
    const double simulated = seconds();
    const BookRisk risk = measure(*experiment, writer.results());
    fmt::print("{}", risk_text(*experiment, risk));
    const double measured = seconds();
    writer.finish(risk, *executor, utc_now());
    fmt::print("\nResult   {}\n", target.string());
    fmt::print("Again    volstorm run {} --paths {} --seed {}\n", scenario.path, scenario.sampling.paths,
               scenario.sampling.seed);
    if (!options.quiet) {
        fmt::print(stderr,
                   "{:.2f} s: {:.2f} preparing, {:.2f} simulating and writing ({:.2f} M paths/s), {:.2f} statistics, "
                   "{:.2f} worst paths, sync and check\n",
                   seconds(), prepared, simulated - prepared,
                   1e-6 * static_cast<double>(scenario.sampling.paths) / (simulated - prepared), measured - simulated,
                   seconds() - measured);
    }
    return Exit::ok;
}

}  // namespace volstorm

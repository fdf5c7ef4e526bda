#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "build_info.h"
#include "command.h"
#include "print.h"
#include "progress.h"
#include "target.h"
#include "threads.h"
#include "volstorm/core/text.h"
#include "volstorm/io/result_file.h"
#include "volstorm/report/terminal.h"
#include "volstorm/risk/book_run.h"

namespace volstorm {
namespace {

std::filesystem::path output_of(const RunOptions& options) {
    if (!options.output.empty()) return options.output;
    return std::filesystem::path("results") / (std::filesystem::path(options.scenario.file).stem().string() + ".h5");
}

/// The command that gives the same numbers again.
std::string again(const RunOptions& options, const Scenario& scenario) {
    std::string command = "volstorm run " + shell_word(scenario.path);
    for (const std::string& set : options.scenario.set) command += " --set " + shell_word(set);
    command += fmt::format(" --paths {} --seed {}", scenario.sampling.asked, scenario.sampling.seed);
    if (!options.output.empty()) command += " -o " + shell_word(options.output);
    return printable(command);
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
    const Scenario scenario = options.scenario.read();
    check_claims(scenario);
    const std::filesystem::path target = output_of(options);
    check_target(target, scenario);
    const auto executor = make_executor(options.threads);
    check_room(scenario, target, executor->threads());
    try_target(target);
    const auto experiment = prepare(scenario);
    make_folder_of(target);
    say("{}{}\n", entry_text(*experiment), budget_warnings(scenario));
    const double prepared = seconds();
    ResultWriter writer(target, *experiment, provenance(options, executor->threads()));
    Progress progress(scenario.sampling.paths, options.quiet);
    BookStatistics statistics(*experiment, executor->threads());
    simulate_book(*experiment, *executor, statistics, [&](const PathColumns& columns) {
        writer.append(columns);
        progress.advance(columns.first + columns.count);
    });
    progress.end();
    const double simulated = seconds();
    const BookRisk risk = statistics.finish(writer.end_paths(), *executor);
    say("{}", risk_text(*experiment, risk));
    const double measured = seconds();
    writer.write(risk, *executor);
    const double written = seconds();
    writer.finish(utc_now());
    say("\nResult   {}\n", target.string());
    say("Again    {}\n", again(options, scenario));
    if (!options.quiet) {
        note(
            "{:.2f} s: {:.2f} preparing, {:.2f} simulating and writing ({:.2f} M paths/s), {:.2f} statistics, "
            "{:.2f} worst paths and figures, {:.2f} check and sync to disk\n",
            seconds(), prepared, simulated - prepared,
            1e-6 * static_cast<double>(scenario.sampling.paths) / (simulated - prepared), measured - simulated,
            written - measured, seconds() - written);
    }
    return Exit::ok;
}

}  // namespace volstorm

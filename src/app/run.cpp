#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "build_info.h"
#include "command.h"
#include "print.h"
#include "progress.h"
#include "room.h"
#include "target.h"
#include "threads.h"
#include "until.h"
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

/// The command that gives the same numbers again: with the number of paths that it came to.
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

class Stopwatch {
 public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// A run that is over: its file has its name.
struct Finished {
    std::unique_ptr<const Experiment> experiment;
    BookRisk risk;
    std::string timing;
};

/// Simulates the scenario and writes the result; `entry`: also says what stands at the entry.
Finished simulate_to(const std::filesystem::path& target, const Scenario& scenario, const RunOptions& options,
                     Executor& executor, bool entry) {
    const Stopwatch watch;
    Finished run{prepare(scenario), {}, {}};
    make_folder_of(target);
    if (entry) say("{}{}\n", entry_text(*run.experiment), budget_warnings(scenario));
    const double prepared = watch.seconds();
    ResultWriter writer(target, *run.experiment, provenance(options, executor.threads()));
    Progress progress(scenario.sampling.paths, options.quiet);
    BookStatistics statistics(*run.experiment, executor.threads());
    simulate_book(*run.experiment, executor, statistics, [&](const PathColumns& columns) {
        writer.append(columns);
        progress.advance(columns.first + columns.count);
    });
    progress.end();
    const double simulated = watch.seconds();
    run.risk = statistics.finish(writer.end_paths(), executor);
    const double measured = watch.seconds();
    writer.write(run.risk, executor);
    const double written = watch.seconds();
    writer.finish(utc_now());
    run.timing = fmt::format(
        "{:.2f} s: {:.2f} preparing, {:.2f} simulating and writing ({:.2f} M paths/s), {:.2f} statistics, "
        "{:.2f} worst paths and figures, {:.2f} check and sync to disk\n",
        watch.seconds(), prepared, simulated - prepared,
        1e-6 * static_cast<double>(scenario.sampling.paths) / (simulated - prepared), measured - simulated,
        written - measured, watch.seconds() - written);
    return run;
}

}  // namespace

Exit run_command(const RunOptions& options) {
    Scenario scenario = options.scenario.read();
    check_claims(scenario);
    const std::filesystem::path target = output_of(options);
    check_target(target, scenario);
    const auto executor = make_executor(options.threads);
    const Until until(options, scenario, target, executor->threads());
    check_room(scenario, target, executor->threads());
    try_target(target);
    Finished run = simulate_to(target, scenario, options, *executor, true);
    Look look = until.look(scenario, run.risk);
    for (; look.next; look = until.look(scenario, run.risk)) {
        say("{}", look.text);
        scenario = std::move(*look.next);
        run = simulate_to(target, scenario, options, *executor, false);
    }
    say("{}{}{}", look.text, look.text.empty() ? "" : "\n", risk_text(*run.experiment, run.risk));
    say("\nResult   {}\n", target.string());
    say("Again    {}\n", again(options, scenario));
    if (!options.quiet) note("{}", run.timing);
    return look.reached ? Exit::ok : Exit::check_failed;
}

}  // namespace volstorm

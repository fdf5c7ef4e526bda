#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "command.h"
#include "volstorm/core/error.h"
#include "volstorm/core/text.h"

namespace {

using namespace volstorm;

void add_scenario(CLI::App& command, ScenarioOptions& options) {
    command.add_option("scenario", options.file, "scenario file (TOML)")->required();
    command.add_option("--set", options.set, "override one setting: --set condor.short_delta=0.10 (repeatable)")
        ->allow_extra_args(false);
}

void add_sampling(CLI::App& command, ScenarioOptions& options) {
    command.add_option("--paths", options.paths, "number of paths (sampling.paths)");
    command.add_option("--seed", options.seed, "seed (sampling.seed); 0 is a seed like any other");
}

std::string joined(int argc, char** argv) {
    std::string text = "volstorm";
    for (int i = 1; i < argc; ++i) text += std::string(" ") + argv[i];
    return text;
}

// CLI11 only says that a command is required: name the nearest one.
bool refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
    if (argc < 2 || argv[1][0] == '-') return false;
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    const std::string word = argv[1];
    if (std::find(names.begin(), names.end(), word) != names.end()) return false;
    const std::string nearest = nearest_word(word, names);
    std::fprintf(stderr, "volstorm: no command '%s'%s; see volstorm --help\n", printable(word).c_str(),
                 nearest.empty() ? "" : (" (did you mean " + nearest + "?)").c_str());
    return true;
}

int dispatch(int argc, char** argv) {
    CLI::App app("volstorm: what a day can do to a short SPX iron condor and to the VIX hedge layered over it",
                 "volstorm");
    app.require_subcommand(0, 1);
    bool version = false, version_json = false;
    app.add_flag("--version", version, "print the version");
    app.add_flag("--json", version_json, "with --version: as JSON");
    RunOptions run;
    run.command = joined(argc, argv);
    CLI::App& run_app = *app.add_subcommand("run", "simulate a scenario and write its loss distribution");
    add_scenario(run_app, run.scenario);
    add_sampling(run_app, run.scenario);
    run_app.add_option("-o,--output", run.output, "result file (default: results/SCENARIO.h5)");
    run_app.add_option("--threads", run.threads, "threads (default: all cores)")->check(CLI::Range(0, 4096));
    run_app.add_flag("-q,--quiet", run.quiet, "no progress");
    CheckOptions check;
    CLI::App& check_app = *app.add_subcommand("check", "read a scenario and say whether it can run");
    add_scenario(check_app, check.scenario);
    add_sampling(check_app, check.scenario);
    check_app.add_flag("--explain", check.explain, "print every setting and where it came from");
    PriceOptions price;
    CLI::App& price_app = *app.add_subcommand("price", "marks, implied vols and greeks at the entry");
    add_scenario(price_app, price.scenario);
    price_app.add_flag("--json", price.json, "as JSON, with 17 digits");
    ReplayOptions replay;
    CLI::App& replay_app = *app.add_subcommand("replay", "show one path of a result, bar by bar");
    replay_app.add_option("result", replay.file, "result file (HDF5)")->required();
    auto* path = replay_app.add_option("--path", replay.path, "path number, from 0");
    replay_app.add_option("--worst", replay.worst, "the K-th worst path, from 1 (default 1)")->excludes(path);
    InitOptions init;
    CLI::App& init_app = *app.add_subcommand("init", "write a starter scenario from quotes");
    init_app.add_option("--spx", init.spx, "SPX, index points")->required();
    init_app.add_option("--vix", init.vix, "VIX, points")->required();
    init_app.add_option("--time", init.time, "entry, New York: 2025-06-17T15:45:00")->required();
    init_app.add_option("--rate", init.rate, "interest rate a year (default 0.04)");
    init_app.add_option("--dividend-yield", init.dividend_yield, "dividend yield a year (default 0.013)");
    init_app.add_option("-o,--output", init.output, "file to write (default: standard output)");
    std::string what;
    CLI::App& list_app = *app.add_subcommand("list", "what there is: instruments, signals, rules, claims");
    list_app.add_option("what", what, "instruments, signals, rules or claims (default: all)");
    if (refuse_unknown_command(app, argc, argv)) return static_cast<int>(Exit::usage);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
    }
    const auto code = [](Exit exit) { return static_cast<int>(exit); };
    if (version) return code(version_command(version_json));
    if (run_app.parsed()) return code(run_command(run));
    if (check_app.parsed()) return code(check_command(check));
    if (price_app.parsed()) return code(price_command(price));
    if (replay_app.parsed()) return code(replay_command(replay));
    if (init_app.parsed()) return code(init_command(init));
    if (list_app.parsed()) return code(list_command(what));
    std::fputs(app.help().c_str(), stdout);
    return code(Exit::usage);
}

int fail(const std::exception& error, volstorm::Exit exit) {
    std::fprintf(stderr, "%s\n", printable(error.what()).c_str());
    return static_cast<int>(exit);
}

}  // namespace

int main(int argc, char** argv) {
#ifdef SIGXFSZ
    std::signal(SIGXFSZ, SIG_IGN);
#endif
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return dispatch(argc, argv);
    } catch (const volstorm::InputError& error) {
        return fail(error, Exit::usage);
    } catch (const volstorm::DamagedFile& error) {
        return fail(error, Exit::damaged);
    } catch (const volstorm::IoError& error) {
        return fail(error, Exit::io);
    } catch (const std::filesystem::filesystem_error& error) {
        return fail(error, Exit::io);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "volstorm: internal error: ");
        return fail(error, Exit::internal);
    }
}

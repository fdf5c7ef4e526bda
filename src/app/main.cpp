#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstring>
#include <exception>
#include <filesystem>
#include <limits>
#include <sstream>

#include "calibrate.h"
#include "command.h"
#include "interrupt.h"
#include "print.h"
#include "volstorm/core/csv.h"
#include "volstorm/core/error.h"
#include "volstorm/core/text.h"
#include "volstorm/engine/scenario.h"
#include "volstorm/market/calendar.h"

namespace {

using namespace volstorm;

constexpr std::uint64_t kLargestSeed = std::numeric_limits<std::int64_t>::max();  // as sampling.seed
constexpr std::array kPlannedCommands{"compare", "optimize", "report", "merge", "verify", "schema", "completion"};
constexpr std::array kPlannedOptions{"--resume", "--shard", "--fail-if", "--estimate", "--html"};

// Not CLI11's own reading of numbers: it takes -5 for 18446744073709551611 and refuses 1e6.
template <class Target>
CLI::Option* add_whole(CLI::App& command, const std::string& name, Target& target, std::uint64_t low,
                       std::uint64_t high, const std::string& help) {
    const auto read = [&target, name, low, high](const std::string& text) {
        target = whole_number(name, text, low, high);
    };
    return command.add_option_function<std::string>(name, read, help)->type_name("N");
}

void add_scenario(CLI::App& command, ScenarioOptions& options) {
    command.add_option("scenario", options.file, "scenario file (TOML)")->required();
    command
        .add_option("--set", options.set,
                    "override one setting: --set condor.short_delta=0.10, or take it away: --set condor.short_delta= "
                    "(repeatable)")
        ->allow_extra_args(false);
}

void add_sampling(CLI::App& command, ScenarioOptions& options) {
    add_whole(command, "--paths", options.paths, 1, kPathLimit, "number of paths (sampling.paths)");
    add_whole(command, "--seed", options.seed, 0, kLargestSeed, "seed (sampling.seed); 0 is a seed like any other");
}

void add_backtest(CLI::App& command, BacktestOptions& options) {
    command.add_option("model", options.model, "model file (default: the shipped one)");
    command.add_option("--spx", options.spx, "daily SPX (CSV: date, high, low, close)")->required();
    command.add_option("--vix", options.vix, "daily VIX (CSV: date, close)")->required();
    command.add_option("--from", options.from, "first session (default: " + options.from + ")");
    command.add_option("--to", options.to, "last session (default: the last of the history)");
    command.add_option("--set", options.set, "override a setting: --set model.equity_premium=0.06 (repeatable)")
        ->allow_extra_args(false);
    command.add_option("--short-delta", options.short_delta, "delta of the condor's short strikes (default: 0.15)")
        ->check(CLI::Range(0.01, 0.45));
    command.add_option("--wing-percent", options.wing_percent, "width of its wings, % of SPX (default: 0.5)")
        ->check(CLI::Range(0.01, 20.0));
    add_whole(command, "--seed", options.seed, 0, kLargestSeed, "seed of the simulated sessions (default 1)");
    command.add_option("--threads", options.threads, "threads (default: all cores)")->check(CLI::Range(0, 4096));
    command.add_option("-o,--output", options.output, "every row: .csv or .md (default: " + options.output + ")");
}

void add_band(CLI::App& command, BandOptions& options) {
    add_scenario(command, options.scenario);
    add_sampling(command, options.scenario);
    command.add_option("--history-spx", options.history_spx, "daily SPX for the world `bootstrap` (CSV)");
    command.add_option("--history-vix", options.history_vix, "daily VIX that belongs to it (CSV)");
    command.add_option("-o,--output", options.output, "every figure: .csv or .md (default: none)");
    command.add_option("--threads", options.threads, "threads (default: all cores)")->check(CLI::Range(0, 4096));
    command.add_flag("-q,--quiet", options.quiet, "no progress");
}

// CLI11 takes "nan" and "inf" as numbers; no option means them.
void refuse_nan(const CLI::App& app) {
    for (const CLI::App* command : app.get_subcommands()) {
        for (const CLI::Option* option : command->get_options()) {
            if (!option->get_type_name().starts_with("FLOAT") || option->empty()) continue;
            for (const std::string& text : option->results()) {
                const auto value = number_in({text, {}});
                if (!value || !std::isfinite(*value))
                    throw InputError({option->get_name() + " " + printable(text)}, "is not a number");
            }
        }
    }
}

std::string joined(int argc, char** argv) {
    std::string text = "volstorm";
    for (int i = 1; i < argc; ++i) text += " " + shell_word(argv[i]);
    return text;
}

/// ` (did you mean run?)`; empty where none is near.
std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
    const std::string nearest = nearest_word(word, known);
    return nearest.empty() ? "" : " (did you mean " + nearest + "?)";
}

/// `--paths` of `--paths=1000`.
std::string option_name(const std::string& word) { return word.substr(0, word.find('=')); }

// CLI11 only says that a command is required: name the nearest one.
bool refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
    if (argc < 2 || argv[1][0] == '-') return false;
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    const std::string word = argv[1];
    if (std::find(names.begin(), names.end(), word) != names.end()) return false;
    if (std::find(kPlannedCommands.begin(), kPlannedCommands.end(), word) != kPlannedCommands.end()) {
        note("volstorm: the command '{}' is not there yet; see volstorm --help\n", word);
        return true;
    }
    note("volstorm: no command '{}'{}; see volstorm --help\n", printable(word), suggestion(word, names));
    return true;
}

// An option that the command does not have, and the nearest one that it has.
std::string unknown_option(const CLI::App& app, int argc, char** argv) {
    const auto commands = app.get_subcommands();
    if (commands.empty()) return {};
    std::vector<std::string> known;
    for (const CLI::Option* option : commands[0]->get_options())
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    for (int i = 2; i < argc; ++i) {
        const std::string option = option_name(argv[i]);
        if (!option.starts_with("--") || option == "--" || std::string_view(argv[i - 1]) == "--set") continue;
        if (std::find(known.begin(), known.end(), option) != known.end()) continue;
        return fmt::format("volstorm: {0} has no option {1}{2}; see volstorm {0} --help\n", commands[0]->get_name(),
                           printable(option), suggestion(option, known));
    }
    return {};
}

// Why CLI11 does not take the command line.
std::string complaint_about(const CLI::App& app, const std::string& text, int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string option = option_name(argv[i]);
        if (std::find(kPlannedOptions.begin(), kPlannedOptions.end(), option) != kPlannedOptions.end())
            return "volstorm: the option " + option + " is not there yet; see volstorm --help\n";
    }
    const std::string unknown = unknown_option(app, argc, argv);
    return unknown.empty() ? text : unknown;
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
    run_app
        .add_option("-o,--output", run.output,
                    "result file (default: results/SCENARIO.h5); an older result there is replaced")
        ->check([](const std::string& file) { return file.empty() ? std::string("no file is named") : std::string(); });
    run_app.add_option("--threads", run.threads, "threads (default: all cores)")->check(CLI::Range(0, 4096));
    run_app
        .add_option("--until", run.until,
                    "run with twice the paths, or a multiple by 2, until the 95 % interval is as narrow as this: "
                    "\"es99.9 < 0.5 %\"")
        ->type_name("GOAL")
        ->check([](const std::string& goal) { return goal.empty() ? std::string("no goal is given") : std::string(); });
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
    ScreenOptions screen;
    CLI::App& screen_app = *app.add_subcommand("screen", "read option chains and look for what cannot be right");
    screen_app.add_option("file", screen.files, "option chains: quotedata of Cboe, SPX or VIX (CSV)")->required();
    screen_app.add_option("--time", screen.time,
                          "when the quotes stood, New York: 2023-10-04T09:00:00 (default: the date in the file)");
    screen_app.add_flag("--json", screen.json, "as JSON, with 17 digits");
    ReplayOptions replay;
    CLI::App& replay_app = *app.add_subcommand("replay", "show one path of a result, bar by bar");
    replay_app.add_option("result", replay.file, "result file (HDF5)")->required();
    auto* path = add_whole(replay_app, "--path", replay.path, 0, kPathLimit - 1, "path number, from 0");
    add_whole(replay_app, "--worst", replay.worst, 1, kPathLimit, "the K-th worst path, from 1 (default 1)")
        ->excludes(path);
    InitOptions init;
    CLI::App& init_app = *app.add_subcommand("init", "write a starter scenario from quotes");
    init_app.add_option("--spx", init.spx, "SPX, index points")->required();
    init_app.add_option("--vix", init.vix, "VIX, points")->required();
    init_app.add_option("--time", init.time, "entry, New York: 2025-06-17T15:45:00")->required();
    init_app.add_option("--rate", init.rate, "interest rate a year (default 0.04)");
    init_app.add_option("--dividend-yield", init.dividend_yield, "dividend yield a year (default 0.013)");
    init_app.add_option("-o,--output", init.output, "file to write (default: standard output)");
    RealismOptions realism;
    CLI::App& realism_app = *app.add_subcommand("realism", "set a model's one-day law beside the market's");
    realism_app.add_option("model", realism.model, "model file (default: the shipped one)");
    realism_app.add_option("--set", realism.set, "override a setting: --set model.mark=frozen (repeatable)")
        ->allow_extra_args(false);
    realism_app.add_option("--spx", realism.spx, "daily SPX to compare with (CSV: date, high, low, close)");
    realism_app.add_option("--vix", realism.vix, "daily VIX that belongs to it (CSV: date, close)");
    realism_app.add_option("--period", realism.period, "the period to show in full (default: the first)");
    add_whole(realism_app, "--seed", realism.seed, 0, kLargestSeed, "seed of the simulated sessions (default 1)");
    realism_app.add_option("--threads", realism.threads, "threads (default: all cores)")->check(CLI::Range(0, 4096));
    realism_app.add_option("-o,--output", realism.output, "every row: .csv or .md (default: " + realism.output + ")");
    realism_app.add_option("--write-bars", realism.bars, "only write what the history shows to this file");
    BacktestOptions backtest;
    CLI::App& backtest_app = *app.add_subcommand("backtest", "set a model's forecasts beside the sessions that came");
    add_backtest(backtest_app, backtest);
    CalibrateOptions calibrate;
    CLI::App& calibrate_app = *app.add_subcommand("calibrate", "fit a model's parameters to the market");
    add_calibrate_options(calibrate_app, calibrate);
    DaysOptions days;
    CLI::App& days_app = *app.add_subcommand("days", "what the named days of history would make of a book");
    add_scenario(days_app, days.scenario);
    days_app.add_option("-o,--output", days.output, "every figure: .csv or .md (default: none)");
    BandOptions band;
    CLI::App& band_app = *app.add_subcommand("band", "the same book in several worlds, side by side");
    add_band(band_app, band);
    std::string what;
    CLI::App& list_app =
        *app.add_subcommand("list", "what there is: instruments, signals, rules, claims, generators, days");
    list_app.add_option("what", what, "instruments, signals, rules, claims, generators or days (default: all)");
    if (refuse_unknown_command(app, argc, argv)) return static_cast<int>(Exit::usage);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::ostringstream out, complaint;
        const int code = app.exit(error, out, complaint);
        put_out(out.str());
        if (code != 0) put_note(complaint_about(app, complaint.str(), argc, argv));
        return code == 0 ? 0 : static_cast<int>(Exit::usage);
    }
    refuse_nan(app);
    const auto code = [](Exit exit) { return static_cast<int>(exit); };
    if (version) return code(version_command(version_json));
    if (run_app.parsed()) return code(run_command(run));
    if (check_app.parsed()) return code(check_command(check));
    if (price_app.parsed()) return code(price_command(price));
    if (screen_app.parsed()) return code(screen_command(screen));
    if (replay_app.parsed()) return code(replay_command(replay));
    if (init_app.parsed()) return code(init_command(init));
    if (realism_app.parsed()) return code(realism_command(realism));
    if (backtest_app.parsed()) return code(backtest_command(backtest));
    if (calibrate_app.parsed()) return code(calibrate_command(calibrate));
    if (days_app.parsed()) return code(days_command(days));
    if (band_app.parsed()) return code(band_command(band));
    if (list_app.parsed()) return code(list_command(what));
    put_out(app.help());
    return code(Exit::usage);
}

int fail(const std::string& message, Exit exit) {
    note("{}\n", printable(message));
    return static_cast<int>(exit);
}

int guarded(int argc, char** argv) {
    try {
        return dispatch(argc, argv);
    } catch (const InputError& error) {
        return fail(error.what(), Exit::usage);
    } catch (const DamagedFile& error) {
        return fail(error.what(), Exit::damaged);
    } catch (const IoError& error) {
        return fail(error.what(), Exit::io);
    } catch (const OutsideCalendar& error) {
        return fail(std::string("volstorm: ") + error.what(), Exit::usage);
    } catch (const std::filesystem::filesystem_error& error) {
        return fail(error.what(), Exit::io);
    } catch (const std::exception& error) {
        return fail(std::string("volstorm: internal error: ") + error.what(), Exit::internal);
    }
}

}  // namespace

int main(int argc, char** argv) {
    hold_standard_streams();
#ifdef SIGXFSZ
    std::signal(SIGXFSZ, SIG_IGN);
#endif
    std::signal(SIGPIPE, SIG_IGN);
    clean_up_on_signals();
    const int code = guarded(argc, argv);
    const int refused = output_error();
    if (refused == 0) return code;
    note("volstorm: cannot write to standard output: {}\n", std::strerror(refused));
    return code == 0 ? static_cast<int>(Exit::io) : code;
}

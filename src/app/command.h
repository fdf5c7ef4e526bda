#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace volstorm {

struct Scenario;

/// Exit codes of the program: part of its contract.
enum class Exit : int { ok = 0, internal = 1, usage = 2, check_failed = 3, damaged = 4, io = 5 };

/// What the command line says of a scenario.
struct ScenarioOptions {
    std::string file;
    std::vector<std::string> set;        // --set key=value
    std::optional<std::uint64_t> paths;  // --paths
    std::optional<std::uint64_t> seed;   // --seed
    Scenario read() const;               // InputError where the file or an option is wrong
};

/// The whole number that an option gives, 1000000 or 1e6; InputError with the option as typed and the range.
std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t low, std::uint64_t high);

/// The word as a shell takes it: in quotes where it needs them.
std::string shell_word(const std::string& word);

/// Refuses `--set sampling.method`, where `reason` says why it would change nothing.
void refuse_method(const ScenarioOptions& options, const std::string& reason);

/// What is legal and hardly meant, a line each: budgets above the whole of their base.
std::string budget_warnings(const Scenario& scenario);

/// The text as a TOML string, in quotes.
std::string toml_string(const std::string& text);

struct RunOptions {
    ScenarioOptions scenario;
    std::string output;       // -o; default: results/NAME.h5
    std::string until;        // how narrow an interval should be; empty: the paths of the scenario, once
    std::size_t threads = 0;  // 0: all
    bool quiet = false;       // no progress
    std::string command;      // the command line, for the file
};
Exit run_command(const RunOptions& options);

struct CheckOptions {
    ScenarioOptions scenario;
    bool explain = false;
};
Exit check_command(const CheckOptions& options);

struct PriceOptions {
    ScenarioOptions scenario;
    bool json = false;
};
Exit price_command(const PriceOptions& options);

struct ScreenOptions {
    std::vector<std::string> files;  // option chains
    std::string time;                // 2023-10-04T09:00:00; empty: each file's own
    bool json = false;
};
Exit screen_command(const ScreenOptions& options);

struct ReplayOptions {
    std::string file;                   // a result
    std::optional<std::uint64_t> path;  // --path N
    std::optional<std::size_t> worst;   // --worst K, from 1
};
Exit replay_command(const ReplayOptions& options);

struct InitOptions {
    std::string output;  // empty: standard output
    std::string time;    // 2025-06-17T15:45:00
    double spx = 0.0, vix = 0.0, rate = 0.04, dividend_yield = 0.013;
};
Exit init_command(const InitOptions& options);

struct RealismOptions {
    std::string model;                           // empty: the shipped one
    std::vector<std::string> set;                // --set model.key=value
    std::string spx, vix;                        // daily files; empty: the shipped history
    std::string period;                          // shown in full; empty: the first
    std::string bars;                            // --write-bars
    std::string output = "results/realism.csv";  // .csv or .md
    std::size_t paths = 4096;                    // from each of 64 VIX closes a regime
    std::uint64_t seed = 1;
    std::size_t threads = 0;
};
Exit realism_command(const RealismOptions& options);

struct BacktestOptions {
    std::string model;             // empty: the shipped one
    std::vector<std::string> set;  // --set model.key=value
    std::string spx, vix;          // daily files
    std::string from = "2020-01-01", to;
    double short_delta = 0.15, wing_percent = 0.5;
    std::string output = "results/backtest.csv";  // .csv or .md
    std::uint64_t seed = 1;
    std::size_t threads = 0;
};
Exit backtest_command(const BacktestOptions& options);

struct DaysOptions {
    ScenarioOptions scenario;
    std::string output;  // .csv or .md; empty: none
};
Exit days_command(const DaysOptions& options);

struct BandOptions {
    ScenarioOptions scenario;
    std::string history_spx, history_vix;  // daily files for the world `bootstrap`
    std::string output;                    // .csv or .md; empty: none
    std::size_t threads = 0;               // 0: all
    bool quiet = false;                    // no progress
};
Exit band_command(const BandOptions& options);

Exit list_command(const std::string& what);
Exit version_command(bool json);

}  // namespace volstorm

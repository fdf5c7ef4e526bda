#include "calibrate_physical.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "analog_weights.h"
#include "build_info.h"
#include "fit_lines.h"
#include "model_file.h"
#include "period.h"
#include "print.h"
#include "target.h"
#include "threads.h"
#include "volstorm/core/text.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/model/writer.h"
#include "volstorm/report/physical_fit_text.h"

namespace volstorm {
namespace {

constexpr std::size_t kFewestSessions = 250;
constexpr std::size_t kBlock = 512;       // paths are simulated in blocks
constexpr std::size_t kMostPaths = 8192;  // 200 MB a thread

void check_places(const CalibratePhysicalOptions& options, const std::string& output) {
    if (options.spx.empty() || options.vix.empty())
        throw InputError({"calibrate --physical"}, "needs a history: --spx FILE and --vix FILE");
    if (options.paths % kBlock != 0)
        throw InputError({fmt::format("--paths {}", options.paths)}, "must be a multiple of 512");
    check_weights(options);
    check_new_file(output);
    if (options.diagnostics.empty()) return;
    check_new_file(options.diagnostics);
    if (std::filesystem::weakly_canonical(options.diagnostics) == std::filesystem::weakly_canonical(output))
        throw InputError({"--diagnostics " + printable(options.diagnostics)}, "is the model file itself");
}

// What the head of the model file says of its origin.
std::vector<std::string> head_of(const CalibratePhysicalOptions& options, const PhysicalFitReport& report) {
    const BuildInfo build = build_info();
    const RealismTable::Count before = report.fit.before.count(), after = report.fit.after.count();
    std::vector<std::string> lines{
        fmt::format("Physical parameters fitted by volstorm {} ({}) from the model {}", build.version, build.commit,
                    options.model),
        fmt::format("to {} sessions of {} and {}, {}; seed {}, {} paths a close", report.sessions, options.spx,
                    options.vix, report.period, report.seed, options.paths),
        fmt::format("Rows inside the market's 90 % intervals: {} of {} before, {} of {} after", before.inside,
                    before.rows, after.inside, after.rows)};
    if (!report.analog) return lines;
    std::string asked;
    for (const auto& [variable, quoted, z] : report.analog->state)
        asked += fmt::format("{}{} {:.4g}", asked.empty() ? "" : ", ", name_of(variable), quoted);
    lines.push_back(fmt::format("Sessions weighted by nearness to {}: bandwidth {:.4g}, {:.1f} effective sessions",
                                asked, report.analog->bandwidth, report.analog->effective));
    return lines;
}

Bootstrap market_of(const CalibratePhysicalOptions& options, const DailyHistory& history, std::uint64_t seed,
                    PhysicalFitReport& report) {
    const Period period = period_of(options.from, options.to, history);
    const std::vector<std::size_t> places = session_places(history, period.from, period.to);
    if (places.size() < kFewestSessions)
        throw InputError({"--from"}, fmt::format("leaves {} sessions of the history ({}); {} are needed", places.size(),
                                                 period.text(), kFewestSessions));
    const OneDaySample sessions = sessions_of(history, period.from, period.to);
    std::vector<double> weights;
    if (!options.weights.empty()) {
        WeightedSessions weighted = weighted_sessions_of(options, history, period, places, sessions, seed);
        weights = std::move(weighted.weights);
        report.analog = std::move(weighted.report);
    }
    Bootstrap market = bootstrap_of(sessions, weights, period.text());
    drop_scarce_regimes(market);
    report.period = period.text();
    report.sessions = sessions.size();
    report.effective = market.effective;
    return market;
}

}  // namespace

void add_physical_options(CLI::App& command, CalibratePhysicalOptions& options) {
    command.add_option("--physical", options.model, "model file whose physical parameters are fitted to a history");
    command.add_option("--spx", options.spx, "daily SPX (CSV: date, high, low, close)");
    command.add_option("--vix", options.vix, "daily VIX (CSV: date, close)");
    command.add_option("--from", options.from, "first session (default: the first of the history)");
    command.add_option("--to", options.to, "last session (default: the last of the history)");
    command
        .add_option("--weights", options.weights,
                    "weight sessions by how near the state before them comes to the last one, or to --at-...: any of "
                    "vix, realised_vol, term_slope, reer")
        ->delimiter(',');
    command.add_option("--term", options.term, "daily VIX3M for term_slope (CSV: date, close)");
    command.add_option("--reer", options.reer, "monthly real effective exchange rate for reer (CSV: date, value)");
    command.add_option("--at-vix", options.at[0], "VIX of the state asked for, points")->check(CLI::Range(5.0, 200.0));
    command.add_option("--at-vol", options.at[1], "its vol of the last 21 sessions, % a year")
        ->check(CLI::Range(1.0, 200.0));
    command.add_option("--at-slope", options.at[2], "its VIX3M over VIX")->check(CLI::Range(0.3, 3.0));
    command.add_option("--at-reer", options.at[3], "its real effective exchange rate")->check(CLI::Range(10.0, 1000.0));
    const auto whole = [&](const char* name, std::size_t& target, std::uint64_t low, std::uint64_t high,
                           const std::string& help) {
        const auto read = [&target, name, low, high](const std::string& text) {
            target = whole_number(name, text, low, high);
        };
        command.add_option_function<std::string>(name, read, help)->type_name("N");
    };
    whole("--paths", options.paths, kBlock, kMostPaths,
          "sessions from each of 64 VIX closes a regime: 512 to 8192 (default 1024)");
    whole("--evaluations", options.evaluations, 1, 1'000'000,
          "sets of parameters after which no further step is begun (default 500)");
    command.add_option("--diagnostics", options.diagnostics, "every row and parameter as JSON");
}

Exit calibrate_physical(const CalibratePhysicalOptions& options, const std::string& output, std::uint64_t seed,
                        std::size_t threads) {
    check_places(options, output);
    const ModelInput model = read_model_file(options.model, {}, "volstorm calibrate");
    const DailyHistory history = join_daily(read_daily_series(options.spx), read_daily_series(options.vix));
    PhysicalFitReport report;
    report.model = options.model;
    report.seed = seed;
    report.remarks = history.remarks;
    const Bootstrap market = market_of(options, history, seed, report);
    const auto executor = make_executor(threads);
    FitLines lines;
    report.fit = fit_physical(model, market,
                              {.paths = options.paths,
                               .judge_paths = 4 * options.paths,
                               .evaluations = options.evaluations,
                               .seed = seed,
                               .progress = std::ref(lines)},
                              *executor);
    say("{}", physical_fit_text(report));
    make_folder_of(output);
    write_atomically(output,
                     model_text(report.fit.model, "Physical parameters of " + report.period, head_of(options, report)));
    if (!options.diagnostics.empty()) {
        make_folder_of(options.diagnostics);
        write_atomically(options.diagnostics, physical_fit_json(report));
    }
    say("\nwrote {}\n", printable(output));
    return Exit::ok;
}

}  // namespace volstorm

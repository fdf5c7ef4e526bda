#include "calibrate_quotes.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>

#include "build_info.h"
#include "fit_lines.h"
#include "model_file.h"
#include "print.h"
#include "quote_time.h"
#include "target.h"
#include "threads.h"
#include "volstorm/core/csv.h"
#include "volstorm/core/text.h"
#include "volstorm/engine/scenario.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/market/calendar.h"
#include "volstorm/model/writer.h"
#include "volstorm/pricing/spx_option.h"
#include "volstorm/report/quote_fit_text.h"

namespace volstorm {
namespace {

constexpr std::size_t kDefaultPrices = 4'000'000;  // half a minute on two cores

void check_extension(const std::string& option, const std::string& file, const std::string& extension) {
    if (!file.empty() && std::filesystem::path(file).extension() != extension)
        throw InputError({option + " " + printable(file)}, "must end in " + extension);
}

// Places that can be written, before anything is fitted, and none of them twice.
void check_places(const CalibrateQuotesOptions& options, const std::string& output) {
    if (options.spx.empty() || options.vix.empty())
        throw InputError({"calibrate"}, "needs quotes of both: --spx-quotes FILE and --vix-quotes FILE");
    check_extension("--table", options.table, ".csv");
    check_extension("--plot", options.plot, ".svg");
    check_extension("--output", output, ".toml");
    for (const std::string* file : {&output, &options.table, &options.plot}) {
        if (!file->empty()) check_new_file(*file);
    }
}

std::vector<Date> dates_of(const std::string& option, const std::vector<std::string>& texts) {
    std::vector<Date> dates;
    for (const std::string& text : texts) {
        const auto time = parse_date_time(text + "T00:00:00");
        if (!time) throw InputError({option + " " + printable(text)}, "is not a date such as 2023-10-18");
        dates.push_back(date_of(*time));
    }
    return dates;
}

std::vector<std::pair<Date, double>> futures_of(const std::vector<std::string>& texts) {
    std::vector<std::pair<Date, double>> futures;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        const auto time =
            equals == std::string::npos ? std::nullopt : parse_date_time(text.substr(0, equals) + "T00:00:00");
        const auto points = time ? number_in({std::string_view(text).substr(equals + 1), {}}) : std::nullopt;
        if (!points)
            throw InputError({"--vix-futures " + printable(text)},
                             "is no settlement and price such as 2023-10-18=20.05");
        futures.emplace_back(date_of(*time), *points);
    }
    return futures;
}

// When the quotes stood: as given, else as the files say; both must say the same.
DateTime time_of(const CalibrateQuotesOptions& options, const QuoteSource& spx, const QuoteSource& vix) {
    if (const auto given = quote_time(options.time)) return standing_at(*given);
    std::optional<DateTime> time;
    for (const QuoteSource* source : {&spx, &vix}) {
        const auto* chain = std::get_if<OptionChain>(source);
        if (chain == nullptr || !chain->quote_time) continue;
        if (time && std::chrono::abs(*time - *chain->quote_time) > std::chrono::minutes(30))
            throw InputError({chain->file},
                             fmt::format("holds quotes of {}, the other file of {}; say which with --time",
                                         to_string(*chain->quote_time), to_string(*time)));
        time = *chain->quote_time;
    }
    if (time) return *time;
    throw InputError({"calibrate"}, "the files do not say when the quotes stood: give --time 2023-10-04T09:00:00");
}

double vix_of(const CalibrateQuotesOptions& options, const QuoteSource& vix, const Scenario& scenario) {
    if (options.vix_level > 0.0) return options.vix_level;
    const auto* chain = std::get_if<OptionChain>(&vix);
    if (chain != nullptr && chain->last) return *chain->last;
    if (scenario.market.vix) return *scenario.market.vix;
    throw InputError({"calibrate"}, "VIX itself is in neither the quotes nor the scenario: give --vix-level");
}

// Vol of SPX over the next session, a year, without events.
double session_vol(const Parameters& p, const VarianceState& state) {
    const double years = 1.0 / kSessionsPerYear;
    return std::sqrt(spx_variation(p, years, {})(state) / years);
}

std::vector<std::string> head_of(const QuoteFitReport& report) {
    const BuildInfo build = build_info();
    std::vector<std::string> lines{
        fmt::format("Pricing parameters fitted by volstorm {} ({}) from the model of {}", build.version, build.commit,
                    report.model),
        fmt::format("to {} quotes of {} New York, VIX {:.2f}; physical jumps are those of that model",
                    report.quotes.quotes(), to_string(report.quotes.time), report.quotes.vix)};
    for (const std::string& file : report.files) lines.push_back(printable(file));
    lines.push_back(fmt::format("The state then: variance = {:.6g}, variance_mean = {:.6g}", report.fit.world.state.v,
                                report.fit.world.state.m));
    for (const Event& event : report.fit.world.events)
        lines.push_back(fmt::format("{} {}: spx_move_sd = {:.4g}", printable(event.name), to_string(event.time),
                                    event.spx_move_sd));
    return lines;
}

// What was written is read again: a model that no scenario could use is taken away.
void check_model(const std::string& file) {
    try {
        read_model_file(file, {}, "volstorm calibrate");
    } catch (const InputError&) {
        std::filesystem::remove(file);
        throw;
    }
}

void write_all(const CalibrateQuotesOptions& options, const std::string& output, const ModelInput& start,
               const QuoteFitReport& report) {
    const auto write = [](const std::string& file, const std::string& text) {
        if (file.empty()) return;
        make_folder_of(file);
        write_atomically(file, text);
        say("wrote {}\n", printable(file));
    };
    say("\n");
    write(output, model_text(calibrated_model(start, report.fit),
                             "Fitted to quotes of " + to_string(report.quotes.time), head_of(report)));
    check_model(output);
    write(options.table, quote_fit_csv(report));
    write(options.plot, quote_fit_svg(report));
}

}  // namespace

void add_quote_options(CLI::App& command, CalibrateQuotesOptions& options) {
    command.add_option("scenario", options.scenario, "scenario: its model is the start, its events are those ahead");
    command
        .add_option("--set", options.set, "replace a value of the scenario, as in --set event.NFP.spx_move_sd=0.008")
        ->type_name("KEY=VALUE");
    command.add_option("--spx-quotes", options.spx, "SPX options: Cboe quotedata CSV, or a table of vols");
    command.add_option("--vix-quotes", options.vix, "VIX options, likewise");
    command.add_option("--time", options.time, "when the quotes stood (default: what the files say)");
    command.add_option("--vix-level", options.vix_level, "VIX then (default: the file's last value, or market.vix)")
        ->check(CLI::Range(5.0, 200.0));
    command.add_option("--spx-dates", options.spx_dates, "expiries to fit (default: up to 6 within 35 days)")
        ->delimiter(',');
    command.add_option("--vix-dates", options.vix_dates, "expiries to fit (default: up to 4 within 90 days)")
        ->delimiter(',');
    command
        .add_option("--vix-futures", options.vix_futures,
                    "prices of VIX futures, as in 2023-10-18=20.05,2023-11-15=20.3 (default: by parity of VIX options)")
        ->delimiter(',')
        ->type_name("DATE=POINTS");
    command.add_option("--reach", options.reach, "strikes within so many at-the-money deviations (default 3)")
        ->check(CLI::Range(0.5, 10.0));
    command
        .add_option(
            "--spx-error", options.spx_error,
            "vol points that half-spreads of SPX count as at least; less: narrow quotes weigh more (default 0.6)")
        ->check(CLI::Range(0.01, 10.0));
    command.add_option("--free", options.free, "fit these numbers alone, such as variance,crash.intensity")
        ->delimiter(',');
    command.add_option("--starts", options.starts, "starts of the search (default 8)")->check(CLI::Range(1, 100));
    command
        .add_option("--most-evaluations", options.evaluations,
                    "sets of parameters to price at most (default: of four million prices)")
        ->check(CLI::Range(100, 10'000'000));
    command.add_flag("--profiles", options.profiles,
                     "look along each parameter: how far the cost rises (takes longer)");
    command.add_option("--table", options.table, "each quote with its residual, as CSV");
    command.add_option("--plot", options.plot, "the smiles, as SVG");
}

Exit calibrate_quotes(const CalibrateQuotesOptions& options, const std::string& output, std::uint64_t seed,
                      std::size_t threads) {
    check_places(options, output);
    const Scenario scenario = read_scenario(options.scenario, options.set);
    std::optional<DateTime> given = quote_time(options.time);
    if (given) given = standing_at(*given);
    const QuoteSource spx = read_quotes(options.spx, given), vix = read_quotes(options.vix, given);
    QuoteSelection selection;
    selection.reach = options.reach;
    selection.spx_dates = dates_of("--spx-dates", options.spx_dates);
    selection.vix_dates = dates_of("--vix-dates", options.vix_dates);
    selection.vix_futures = futures_of(options.vix_futures);
    QuoteFitReport report;
    report.model = options.scenario;
    report.files = {options.spx, options.vix};
    report.quotes = select_quotes(spx, vix, time_of(options, spx, vix), vix_of(options, vix, scenario), scenario.events,
                                  SessionClock(scenario.model.overnight_share), selection);
    QuoteFitOptions fit;
    fit.free = options.free;
    fit.least_vol = 0.01 * options.spx_error;
    fit.starts = options.starts;
    fit.evaluations = options.evaluations > 0 ? options.evaluations : kDefaultPrices / report.quotes.quotes();
    FitLines lines;
    fit.progress = std::ref(lines);
    fit.profiles = options.profiles;
    fit.seed = seed;
    const auto executor = make_executor(threads);
    report.threads = executor->threads();
    const auto begin = std::chrono::steady_clock::now();
    report.fit = fit_quotes(report.quotes, scenario.model, fit, *executor);
    const Anchor fitted = calibrated_model(scenario.model, report.fit).anchors.front();
    report.priced_vol = session_vol(fitted.pricing, report.fit.world.state);
    report.path_vol = session_vol(fitted.has_own_physical ? fitted.physical : fitted.pricing, report.fit.world.state);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    say("{}", quote_fit_text(report));
    write_all(options, output, scenario.model, report);
    return Exit::ok;
}

}  // namespace volstorm

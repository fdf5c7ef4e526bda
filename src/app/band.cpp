#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "command.h"
#include "duration.h"
#include "print.h"
#include "progress.h"
#include "target.h"
#include "threads.h"
#include "volstorm/core/text.h"
#include "volstorm/engine/world.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/report/band_text.h"
#include "volstorm/report/terminal.h"
#include "volstorm/risk/book_run.h"

namespace volstorm {
namespace {

constexpr double kLongest = 86'400.0;  // seconds: a band keeps nothing on the way
constexpr const char* kBootstrap = "bootstrap";

// What only the world `bootstrap` takes up, the scenario itself does not know: its section is read apart.
Scenario read_base(const BandOptions& options, const Table& file) {
    const auto model = file.table_if("model");  // none: reading the scenario says what is wrong
    if (model && model->has("generator") && model->text("generator") != "model")
        model->fail("generator",
                    "must be \"model\" for a band, which sets other paths beside the model's "
                    "(--set model.generator=model)");
    ScenarioOptions base = options.scenario;
    if (file.has(kBootstrap)) base.set.push_back("bootstrap=");
    Scenario scenario = base.read();
    if (scenario.sampling.measure != Measure::physical)
        file.table("sampling").fail("measure", "must be \"physical\" for a band of physical worlds");
    check_claims(scenario);
    return scenario;
}

void check_there(const std::string& option, const std::string& file) {
    if (!std::filesystem::exists(file)) throw InputError({option + " " + printable(file)}, "no such file");
}

// Whether the command line names a history; half of one is refused.
bool names_history(const BandOptions& options) {
    constexpr const char *spx = "--history-spx", *vix = "--history-vix";
    if (options.history_spx.empty() && options.history_vix.empty()) return false;
    if (options.history_vix.empty())
        throw InputError({std::string(spx) + " " + printable(options.history_spx)},
                         fmt::format("is half of a history, which needs both: {} is not given", vix));
    if (options.history_spx.empty())
        throw InputError({std::string(vix) + " " + printable(options.history_vix)},
                         fmt::format("is half of a history, which needs both: {} is not given", spx));
    check_there(spx, options.history_spx);
    check_there(vix, options.history_vix);
    return true;
}

// The scenario with `generator = "bootstrap"`; none where nobody gave a history.
std::optional<Scenario> read_history(const BandOptions& options, const Table& file) {
    const bool named = names_history(options);
    if (!named && !file.has(kBootstrap)) return std::nullopt;
    std::vector<std::string> set = options.scenario.set;
    set.push_back("model.generator=bootstrap");
    set.push_back("sampling.method=plain");  // history is drawn in no other way
    if (named) {
        set.push_back("bootstrap.spx=" + toml_string(options.history_spx));
        set.push_back("bootstrap.vix=" + toml_string(options.history_vix));
    }
    for (const std::string key : {"physical", "equity_premium"})  // of the model's paths alone
        if (file.table("model").has(key)) set.push_back("model." + key + "=");
    const std::vector<Table> events = file.tables("event");
    for (std::size_t k = 0; k < events.size(); ++k) {
        for (const std::string key : {"physical_sd", "physical_mean"})
            if (events[k].has(key)) set.push_back(fmt::format("event.{}.{}=", k, key));
    }
    return read_scenario(options.scenario.file, set);
}

struct PlannedWorld {
    std::string name, meaning;
    Scenario scenario;
};

void plan_history(const Scenario& base, const std::optional<Scenario>& history, std::vector<PlannedWorld>& worlds,
                  BandReport& report) {
    if (!history) {
        report.left_out.emplace_back(kBootstrap, "no history given (--history-spx and --history-vix, or [bootstrap])");
        return;
    }
    worlds.push_back({kBootstrap, "sessions of history in place of the model's paths", base});
    worlds.back().scenario.generator = history->generator;
    worlds.back().scenario.sampling.method = SamplingMethod::plain;
}

std::vector<PlannedWorld> plan(const Scenario& base, const std::optional<Scenario>& history, BandReport& report) {
    std::vector<PlannedWorld> worlds;
    for (const World world : kWorlds) {
        if (world == World::frozen) plan_history(base, history, worlds, report);  // the marks come last
        if (is_own_mark(base, world)) continue;
        const std::string name(name_of(world)), why = why_left_out(base, world);
        if (why.empty()) {
            worlds.push_back({name, std::string(meaning_of(world)), in_world(base, world)});
        } else {
            report.left_out.emplace_back(name, why);
        }
    }
    worlds.front().meaning += base.model.mark == VixMark::vvix ? ", mark vvix" : ", mark frozen";
    return worlds;
}

void check_output(const std::string& output, const Scenario& base, const std::optional<Scenario>& history) {
    if (output.empty()) return;
    if (history) check_table(output, *history);
    check_table(output, base);
}

// Refuses, with an estimate, what would take too long.
void check_duration(const Scenario& base, const std::vector<PlannedWorld>& worlds, std::size_t threads) {
    double a_path = 0.0;
    for (const PlannedWorld& world : worlds)
        a_path += simulations_of(world.scenario, world.scenario.generator.is_model() ? 0 : 1);
    const auto paths = static_cast<double>(base.sampling.paths);
    const auto seconds = [&](double of_paths) { return seconds_for(run_size(base), of_paths, threads); };
    if (seconds(paths * a_path) <= kLongest) return;
    throw InputError({base.path}, fmt::format("sampling.paths is {}: {} worlds would take about {}, and a band keeps "
                                              "nothing on the way; at most {} paths take a day",
                                              grouped(static_cast<std::int64_t>(base.sampling.asked)), worlds.size(),
                                              duration_text(seconds(paths * a_path)),
                                              grouped(static_cast<std::int64_t>(kLongest / seconds(a_path)))));
}

// What the model's own world has not said already.
std::vector<std::string> notes_of(const Experiment& e, const BookRisk& risk, const std::vector<std::string>& said) {
    std::vector<std::string> notes = e.generator->origin();
    for (std::size_t k = 0; k < e.layers.size(); ++k) {
        if (pays_for_holding(e, risk, k))
            notes.push_back(
                fmt::format("layer {} earns before costs: this world pays for holding it, which flatters "
                            "the hedge",
                            e.layers[k].name));
    }
    for (const std::string& warning : e.warnings)
        if (std::ranges::find(said, warning) == said.end()) notes.push_back("warning: " + warning);
    return notes;
}

// Simulates the worlds into the report; returns what is put on at the entry, the same in all of them.
std::string simulate_worlds(const std::vector<PlannedWorld>& worlds, Executor& executor, bool quiet,
                            BandReport& report) {
    const std::uint64_t paths = report.sampling.paths;
    Progress progress(worlds.size() * paths, quiet);
    std::string entry;
    std::vector<std::string> said;
    for (const PlannedWorld& world : worlds) {
        const std::uint64_t before = report.worlds.size() * paths;
        const auto experiment = prepare(world.scenario);
        if (entry.empty()) {
            entry = entry_text(*experiment) + budget_warnings(world.scenario);
            said = experiment->warnings;
        }
        BookRisk risk = run_book(*experiment, executor, [&](std::uint64_t done) { progress.advance(before + done); });
        std::vector<std::string> notes = notes_of(*experiment, risk, said);
        report.worlds.push_back({world.name, world.meaning, std::move(risk), std::move(notes)});
    }
    return entry;
}

void write_table(const BandReport& report, const std::filesystem::path& file) {
    make_folder_of(file);
    write_atomically(file, file.extension() == ".md" ? band_markdown(report) : band_csv(report));
}

}  // namespace

Exit band_command(const BandOptions& options) {
    const Table file = Table::load(options.scenario.file, options.scenario.set);
    const Scenario base = read_base(options, file);
    const std::optional<Scenario> history = read_history(options, file);
    check_output(options.output, base, history);
    BandReport report;
    report.sampling = base.sampling;
    const std::vector<PlannedWorld> worlds = plan(base, history, report);
    const auto executor = make_executor(options.threads);
    check_duration(base, worlds, executor->threads());
    for (const PlannedWorld& world : worlds) prepare_entry(world.scenario);  // what is wrong with any of them
    const std::string entry = simulate_worlds(worlds, *executor, options.quiet, report);
    say("{}\n{}", entry, band_text(report));
    if (options.output.empty()) return Exit::ok;
    write_table(report, options.output);
    note("every figure of every world: {}\n", options.output);
    return Exit::ok;
}

}  // namespace volstorm

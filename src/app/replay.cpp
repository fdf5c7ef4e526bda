#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <utility>

#include "command.h"
#include "print.h"
#include "volstorm/core/text.h"
#include "volstorm/engine/simulate.h"
#include "volstorm/engine/strata.h"
#include "volstorm/io/result_file.h"

namespace volstorm {
namespace {

void print_step(const Experiment& e, std::size_t step, const PathPoint& point) {
    const DateTime when = step == 0 ? e.day.market.time : e.timeline[step - 1].end;
    const bool shown = step == 0 || e.timeline[step - 1].is_bar_end || e.timeline[step - 1].event != kNoEvent;
    if (!shown) return;
    const VarianceState state{std::max(point.v, 0.0f), std::max(point.m, 0.0f)};
    std::string line = fmt::format("{}  {:>9.2f} {:>7.2f} {:>9.5f} {:>9.5f}", to_string(when),
                                   e.day.market.spx * std::exp(static_cast<double>(point.x)),
                                   vix_level(e.day.vix_squared_at(when), state), point.v, point.m);
    for (std::size_t k = 0; k < e.layers.size(); ++k) {
        line += point.layer_contracts[k] > 0.0 ? fmt::format(" {:>8g}", point.layer_contracts[k])
                                               : fmt::format(" {:>8}", "-");
        line += std::isfinite(point.layer_mid[k]) ? fmt::format(" {:>9.3f}", point.layer_mid[k])
                                                  : fmt::format(" {:>9}", "");
    }
    if (step > 0 && e.timeline[step - 1].event != kNoEvent) {
        line += "  " + printable(e.day.events[static_cast<std::size_t>(e.timeline[step - 1].event)].name);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    say("{}\n", line);
}

/// What the layers bought and sold on the path.
class Trades {
 public:
    explicit Trades(const Experiment& e) : e_(e), held_(e.layers.size(), 0.0) {}
    void see(std::size_t step, const PathPoint& point) {
        const DateTime when = step == 0 ? e_.day.market.time : e_.timeline[step - 1].end;
        for (std::size_t k = 0; k < held_.size(); ++k) {
            const double now = point.layer_contracts[k], before = std::exchange(held_[k], now);
            if (now == before) continue;
            const bool has = step == 0 && e_.layers[k].spec->held;
            text_ += fmt::format("  {}: {} {:g} x {} at {}\n", e_.layers[k].name,
                                 has            ? "had"
                                 : now > before ? "bought"
                                                : "sold",
                                 std::abs(now - before),
                                 unit(e_.layers[k], point.layer_expiry[k], point.layer_strike[k]), to_string(when));
        }
    }
    const std::string& text() const { return text_; }

 private:
    static std::string unit(const PreparedLayer& layer, std::size_t expiry, double strike) {
        const LayerMarks& marks = *layer.marks[expiry];
        std::string text = layer.spec->instrument + " " + to_string(date_of(marks.settlement()));
        if (layer.spec->kind.has_strike()) text += fmt::format(" {:g}", strike);
        if (layer.spec->kind.is_spread) text += fmt::format("/{:g}", marks.second_strike(strike));
        return text;
    }
    const Experiment& e_;
    std::vector<double> held_;
    std::string text_;
};

/// The stored text is the whole scenario, but for the files that it names, model, history and quotes: these are read
/// again where they were.
Scenario stored_scenario(const std::string& name, const ResultFile& file) try {
    return parse_scenario(file.scenario_text(), file.scenario_path());
} catch (const InputError& error) {
    throw InputError(
        {printable(name)},
        fmt::format("the stored scenario cannot be read again: {}. A result does not hold the files "
                    "that its scenario names (model, history, quotes): replay needs them where the run read them",
                    error.what()));
}

std::uint64_t chosen_path(const ReplayOptions& options, const ResultFile& file) {
    if (options.path) return *options.path;
    const std::vector<std::int64_t> tail = file.tail_paths();
    const std::size_t rank = options.worst.value_or(1);
    if (rank >= 1 && rank <= tail.size()) return static_cast<std::uint64_t>(tail[rank - 1]);
    throw InputError({"--worst " + std::to_string(rank)},
                     fmt::format("the file holds the worst {} {}, counted from 1", tail.size(),
                                 tail.size() == 1 ? "path" : "paths"));
}

// Where a path of a sample in strata stands; and what its rank among the worst does not say.
std::string stratum_lines(const Experiment& e, std::uint64_t path, bool by_number) {
    if (!e.plan.strata) return {};
    const Strata& strata = *e.plan.strata;
    const std::uint32_t number = strata.place(path).stratum;
    const Stratum& stratum = strata.list()[number];
    const std::string lines = fmt::format(
        "weight {:.4g}: it counts as so many plain paths\nstratum {}, {:.4g} % of all by weight: {} of the draws\n",
        static_cast<double>(strata.masses()[number]) * strata.weight_unit(), number, 100.0 * stratum.probability,
        stratum.name);
    if (by_number) return lines;
    return lines + "the tail has more paths than its odds: a rank among the worst is none of a plain run\n";
}

void print_outcome(const Experiment& e, const PathColumns& c) {
    say("\nSPX {:+.3f} %, VIX {:.2f}\n", 100.0 * c.spx_return[0], c.vix_end[0]);
    const std::vector<std::string> legs = e.leg_names(), strategies = e.strategy_names();
    for (std::size_t k = 0; k < legs.size(); ++k) say("  {:<24} {:>14.2f}\n", legs[k], c.pnl_leg[k][0]);
    for (std::size_t k = 0; k < strategies.size(); ++k) {
        say("  {:<24} {:>14.2f} dollars\n", "P&L " + strategies[k], c.pnl[k][0]);
    }
}

}  // namespace

Exit replay_command(const ReplayOptions& options) {
    const ResultFile file(options.file);
    const Scenario scenario = stored_scenario(options.file, file);
    const std::uint64_t path = chosen_path(options, file);
    if (path >= scenario.sampling.paths) {
        throw InputError({"--path " + std::to_string(path)},
                         fmt::format("the run has {} {}, counted from 0",
                                     grouped(static_cast<std::int64_t>(scenario.sampling.paths)),
                                     scenario.sampling.paths == 1 ? "path" : "paths"));
    }
    const std::optional<float> stored = file.total_pnl(path);  // a damaged one ends here
    const auto experiment = prepare(scenario);
    const Experiment& e = *experiment;
    say("{}\npath {}, seed {}\n{}\n", printable(e.scenario.title), path, e.scenario.sampling.seed,
        stratum_lines(e, path, options.path.has_value()));
    std::string head = fmt::format("{:<16}  {:>9} {:>7} {:>9} {:>9}", "New York", "SPX", "VIX", "v", "m");
    for (const PreparedLayer& layer : e.layers) head += fmt::format(" {:>18}", layer.name);
    say("{}\n", head);
    PathColumns columns;
    Simulator simulator(e);
    Trades trades(e);
    simulator.trace({&path, 1}, columns, [&](std::size_t, std::size_t step, const PathPoint& point) {
        print_step(e, step, point);
        trades.see(step, point);
    });
    if (!trades.text().empty()) say("\n{}", trades.text());
    print_outcome(e, columns);
    if (!stored) note("the file does not hold this path: nothing to compare the P&L with\n");
    if (!stored || std::abs(*stored - columns.pnl.back()[0]) < 0.005f) return Exit::ok;
    note(
        "the file says {:.2f} dollars: the program, the model file, the history or the snapshot has changed since the "
        "run\n",
        *stored);
    return Exit::check_failed;
}

}  // namespace volstorm

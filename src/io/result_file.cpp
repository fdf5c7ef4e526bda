#include "volstorm/io/result_file.h"

#include <fmt/format.h>

#include <cmath>

#include "figures.h"
#include "stored_results.h"
#include "tail_paths.h"
#include "volstorm/core/civil_time.h"
#include "volstorm/engine/strata.h"
#include "volstorm/io/publish.h"
#include "volstorm/io/seal.h"

namespace volstorm {
namespace {

using h5::Layout;
using Element = h5::Type;

}  // namespace

ResultWriter::ResultWriter(const std::filesystem::path& target, const Experiment& experiment,
                           const Provenance& provenance)
    : experiment_(experiment),
      place_(target),
      file_(h5::File::create(place_.temporary(), experiment.scenario.output.archive)) {
    describe(provenance);
    make_columns();
    pnl_ = std::make_unique<StoredPnl>(file_, path_weights(experiment));
}

ResultWriter::~ResultWriter() = default;

void ResultWriter::describe(const Provenance& p) {
    const Experiment& e = experiment_;
    const auto set = [&](const char* name, const h5::Attribute& value) { file_.set_attribute("/", name, value); };
    set("Conventions", std::string("CF-1.10"));
    set("title", e.scenario.title);
    set("source", fmt::format("volstorm {} ({})", p.version, p.commit));
    set("format_version", std::int64_t{kFormatVersion});
    set("program_version", p.version);
    set("git_commit", p.commit);
    set("compiler", p.compiler);
    set("build", p.flags);
    set("instruction_set", p.instruction_set);
    set("libraries", p.libraries);
    set("command", p.command);
    set("started", p.started);
    set("threads", p.threads);
    set("seed", static_cast<std::int64_t>(e.scenario.sampling.seed));
    set("random_numbers",
        std::string("Threefry4x32, counter-based, by path: 12 rounds for the diffusion, 20 for the rest") +
            (e.scenario.sampling.method == SamplingMethod::hybrid ? "; scrambled Sobol points in the strata" : ""));
    set("measure", std::string(e.scenario.sampling.measure == Measure::physical ? "physical" : "pricing"));
    set("scenario_file", e.scenario.path);
    set("scenario", e.scenario.text);
    set("entry", to_string(e.day.market.time));
    set("horizon", to_string(e.horizon()));
    set("spx_at_entry", e.day.market.spx);
    set("vix_at_entry", e.vix_at_entry);
    set("variance_at_entry", e.day.state.v);
    set("variance_mean_at_entry", e.day.state.m);
    set("condor_strikes", std::vector<double>(e.condor->strike.begin(), e.condor->strike.end()));
    set("condor_contracts", e.condor->contracts);
    set("credit", e.condor->credit.value);
    set("max_risk", e.condor->max_risk.value);
}

void ResultWriter::make_columns() {
    const Experiment& e = experiment_;
    const std::vector<std::string> strategies = e.strategy_names(), legs = e.leg_names();
    std::vector<std::string> layers, families;
    for (const PreparedLayer& layer : e.layers) layers.push_back(layer.name);
    const Parameters& p = e.scenario.sampling.measure == Measure::physical ? e.day.model.physical : e.day.model.pricing;
    for (const JumpFamily& jump : p.jumps) families.push_back(jump.name);
    file_.coordinate("strategy", strategies, "the book with the layers so far; the last is the total");
    file_.coordinate("leg", legs, "legs of the condor, the layers, and all costs");
    if (!layers.empty()) file_.coordinate("layer", layers, "hedge layer");
    if (!families.empty()) file_.coordinate("jump_family", families, "family of jumps");
    file_.coordinate("level", kTailLevels, "1", "level of value at risk and expected shortfall");
    file_.dimension("path", e.scenario.sampling.paths, "path number, from 0");
    const auto column = [&](const char* name, Element type, std::vector<std::string> dims, const char* units,
                            const char* long_name) {
        file_.dataset(std::string("/paths/") + name,
                      Layout{.type = type, .dims = std::move(dims), .units = units, .long_name = long_name});
    };
    column("pnl", Element::float32, {"strategy", "path"}, "USD", "P&L of the book, after costs");
    column("pnl_leg", Element::float32, {"leg", "path"}, "USD",
           "P&L of a leg at mid; spreads, fees and interest are in costs");
    column("spx_return", Element::float32, {"path"}, "1", "SPX at settlement over SPX at entry, less 1");
    column("vix_end", Element::float32, {"path"}, "VIX point", "VIX at the horizon");
    column("vix_max", Element::float32, {"path"}, "VIX point", "highest VIX at a bar end");
    file_.dataset("/paths/breach", Layout{.type = Element::uint8,
                                          .dims = {"path"},
                                          .units = "1",
                                          .long_name = "how the condor settled",
                                          .flag_values = {0, 1, 2},
                                          .flag_meanings = "no_breach down_breach up_breach"});
    if (!families.empty()) {
        column("jumps", Element::uint8, {"jump_family", "path"}, "1", "jumps of the family, at most 255");
    }
    if (const std::size_t draws = e.generator->draws(); draws > 0) {
        file_.dimension("draw", draws, "session of the horizon, from 0");
        column("session", Element::int32, {"draw", "path"}, "days since 1970-01-01", "session of history drawn");
    }
    make_weights();
    if (layers.empty()) return;
    column("opened", Element::int32, {"layer", "path"}, "1",
           "step at whose end the layer was opened, 0 the entry, -1 never");
    column("closed", Element::int32, {"layer", "path"}, "1", "step at whose end it was sold, -1 never");
    column("contracts", Element::float32, {"layer", "path"}, "1", "contracts bought");
    column("unit_pnl", Element::float32, {"layer", "path"}, "USD", "P&L of one contract at mid");
    column("unit_cost", Element::float32, {"layer", "path"}, "USD",
           "costs of one contract: half-spreads, fees, interest");
}

void ResultWriter::make_weights() {
    const auto& strata = experiment_.plan.strata;
    file_.set_attribute("/", "sampling", std::string(to_string(experiment_.scenario.sampling.method)));
    file_.set_attribute("/", "replicates", static_cast<std::int64_t>(strata ? strata->layout().replicates : 0));
    if (!strata) {
        file_.dataset("/paths/weight", Layout{.units = "1", .long_name = "weight of every path (plain sampling)"});
        file_.write("/paths/weight", std::vector<double>{1.0});
        return;
    }
    std::vector<std::string> names;
    std::vector<double> probability, weight;
    for (std::size_t s = 0; s < strata->list().size(); ++s) {
        names.push_back(strata->list()[s].name);
        probability.push_back(strata->list()[s].probability);
        weight.push_back(static_cast<double>(strata->masses()[s]) * strata->weight_unit());
    }
    file_.coordinate("stratum", names, "paths whose first jumps and SPX move begin in the same ranges");
    const auto of_stratum = [&](const char* name, const char* long_name, const std::vector<double>& values) {
        const std::string path = std::string("/strata/") + name;
        file_.dataset(path, Layout{.dims = {"stratum"}, .units = "1", .long_name = long_name});
        file_.write(path, values);
    };
    of_stratum("probability", "probability of the stratum", probability);
    of_stratum("weight", "weight of each of its paths", weight);
    file_.dataset("/paths/weight", Layout{.type = Element::float32,
                                          .dims = {"path"},
                                          .units = "1",
                                          .long_name = "weight of the path: that of its stratum, as a float"});
    file_.dataset(
        "/paths/stratum",
        Layout{.type = Element::uint8, .dims = {"path"}, .units = "1", .long_name = "stratum of the path, from 0"});
    file_.dataset("/paths/replicate", Layout{.type = Element::uint8,
                                             .dims = {"path"},
                                             .units = "1",
                                             .long_name = "independent randomisation that the path belongs to"});
}

void ResultWriter::append_weights(const PathColumns& c) {
    const auto& strata = experiment_.plan.strata;
    if (!strata) return;
    std::vector<float> weight(c.count);
    for (std::size_t i = 0; i < c.count; ++i)
        weight[i] = static_cast<float>(static_cast<double>(strata->masses()[c.stratum[i]]) * strata->weight_unit());
    const h5::Slab slab{{c.first}, {c.count}};
    file_.write("/paths/weight", slab, weight);
    file_.write("/paths/stratum", slab, c.stratum);
    file_.write("/paths/replicate", slab, c.replicate);
}

void ResultWriter::append(const PathColumns& c) {
    const auto row = [&](const char* name, std::size_t k, const auto& values) {
        file_.write(std::string("/paths/") + name, h5::Slab{{k, c.first}, {1, c.count}}, values);
    };
    const auto rows = [&](const char* name, const auto& group) {
        for (std::size_t k = 0; k < group.size(); ++k) row(name, k, group[k]);
    };
    const auto whole = [&](const char* name, const auto& values) {
        file_.write(std::string("/paths/") + name, h5::Slab{{c.first}, {c.count}}, values);
    };
    rows("pnl", c.pnl), rows("pnl_leg", c.pnl_leg), rows("jumps", c.jumps), rows("session", c.drawn);
    whole("spx_return", c.spx_return), whole("vix_end", c.vix_end), whole("vix_max", c.vix_max);
    whole("breach", c.breach);
    rows("opened", c.opened), rows("closed", c.closed), rows("contracts", c.contracts);
    rows("unit_pnl", c.unit_pnl), rows("unit_cost", c.unit_cost);
    append_weights(c);
    exact_marks_ += c.exact_marks;
}

const PnlSource& ResultWriter::end_paths() {
    place_.begin_sync();
    return *pnl_;
}

void ResultWriter::write_accuracy() {
    file_.dataset("/accuracy/exact_marks",
                  Layout{.type = Element::int64,
                         .units = "1",
                         .long_name = "marks that left the interpolation box and were priced exactly"});
    file_.write("/accuracy/exact_marks", std::vector<std::int64_t>{static_cast<std::int64_t>(exact_marks_)});
    if (experiment_.layers.empty()) return;
    std::vector<double> error, drift, drift_error, beta;
    for (const PreparedLayer& layer : experiment_.layers) {
        error.push_back(layer.mark_error);
        drift.push_back(layer.drift);
        drift_error.push_back(layer.drift_error);
        beta.push_back(layer.future_beta);
    }
    const auto column = [&](const char* name, const char* units, const char* long_name,
                            const std::vector<double>& values) {
        const std::string path = std::string("/accuracy/") + name;
        file_.dataset(path, Layout{.dims = {"layer"}, .units = units, .long_name = long_name});
        file_.write(path, values);
    };
    column("mark_error", "point", "largest measured error of an interpolated mark, half-way and at the horizon", error);
    column("drift", "1", "risk-neutral drift of the mark to the horizon, over its price", drift);
    column("drift_standard_error", "1", "standard error of the drift", drift_error);
    column("future_beta", "1", "move of the VIX future of the expiry for one point of VIX, to the horizon", beta);
}

std::string ResultWriter::intervals_of(const BookRisk& risk) const {
    if (!experiment_.scenario.generator.is_sample()) return "none: the paths are no sample of a law";
    if (experiment_.plan.strata) return "of other paths: Monte Carlo's error alone, from the replicates";
    return std::isnan(risk.effective_sessions) ? "of other paths: Monte Carlo's error alone"
                                               : "of other sessions of history drawn, Monte Carlo's error in them";
}

void ResultWriter::write(const BookRisk& risk, Executor& executor) {
    file_.set_attribute("/", "intervals", intervals_of(risk));
    file_.set_attribute("/", "effective_sessions", risk.effective_sessions);
    write_figures(risk, file_);
    write_accuracy();
    write_tail(experiment_, risk.worst, executor, file_);
}

void ResultWriter::finish(const std::string& ended) {
    file_.set_attribute("/", "ended", ended);
    pnl_.reset();
    publish(std::move(file_), place_);
}

ResultFile::ResultFile(const std::filesystem::path& path) : file_(h5::File::open(path)) {
    check_digest(file_);
    if (!file_.has_attribute("/", "format_version")) file_.refuse("it is no volstorm result");
    const auto version = file_.attribute<std::int64_t>("/", "format_version");
    if (version != kFormatVersion) {
        file_.refuse(fmt::format("it has format {} and this program reads format {}", version, kFormatVersion));
    }
}

float ResultFile::total_pnl(std::uint64_t path) const {
    const h5::Size strategies = file_.object("/paths/pnl").shape[0];
    float value;
    file_.read("/paths/pnl", h5::Slab{{strategies - 1, path}, {1, 1}}, std::span(&value, 1));
    return value;
}

std::string ResultFile::scenario_text() const { return file_.attribute<std::string>("/", "scenario"); }
std::string ResultFile::scenario_path() const { return file_.attribute<std::string>("/", "scenario_file"); }
std::vector<std::int64_t> ResultFile::tail_paths() const { return file_.values<std::int64_t>("/tail_path"); }

}  // namespace volstorm

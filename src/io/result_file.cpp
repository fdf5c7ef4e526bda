#include "volstorm/io/result_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "figures.h"
#include "path_table.h"
#include "scratch_pnl.h"
#include "stored_results.h"
#include "tail_paths.h"
#include "volstorm/core/civil_time.h"
#include "volstorm/engine/strata.h"
#include "volstorm/io/publish.h"
#include "volstorm/io/seal.h"
#include "volstorm/risk/book_run.h"
#include "worst_paths.h"

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
    write_axes(experiment, file_);
    if (experiment.scenario.output.store == Store::all) {
        paths_ = std::make_unique<PathTable>(experiment, file_, "/paths", "path");
    } else if (!keeps_pnl(experiment.scenario, experiment.generator->draws())) {
        scratch_ = std::make_unique<ScratchPnl>(experiment, target);
    }
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
    set("sampling", std::string(to_string(e.scenario.sampling.method)));
    set("replicates", static_cast<std::int64_t>(e.plan.strata ? e.plan.strata->layout().replicates : 0));
    set("paths", static_cast<std::int64_t>(e.scenario.sampling.paths));
    set("store", std::string(to_string(e.scenario.output.store)));
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

void ResultWriter::append(const PathColumns& c) {
    if (paths_) paths_->write(c.first, c);
    if (scratch_) scratch_->append(c);
    exact_marks_ += c.exact_marks;
}

const PnlSource& ResultWriter::end_paths() {
    place_.begin_sync();
    if (scratch_) return *scratch_;
    pnl_ = paths_ ? std::make_unique<StoredPnl>(file_, path_weights(experiment_)) : simulated_pnl(experiment_);
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
    const Store store = experiment_.scenario.output.store;
    const std::span<const RankedPath> worst(risk.worst);
    write_tail(experiment_, worst.first(std::min(kWorstPaths, worst.size())), store != Store::summary, executor, file_);
    if (store == Store::tail) write_worst(experiment_, worst, executor, file_);
}

void ResultWriter::finish(const std::string& ended) {
    file_.set_attribute("/", "ended", ended);
    pnl_.reset();
    scratch_.reset();
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

std::optional<float> ResultFile::total_pnl(std::uint64_t path) const {
    float value = 0.0f;
    const auto read_last = [&](const std::string& dataset, h5::Size place) {
        const h5::Size strategies = file_.object(dataset).shape[0];
        file_.read(dataset, h5::Slab{{strategies - 1, place}, {1, 1}}, std::span(&value, 1));
        return value;
    };
    if (file_.has("/paths/pnl")) return read_last("/paths/pnl", path);
    const bool has_columns = file_.has("/worst/pnl");
    const auto numbers = file_.values<std::int64_t>(has_columns ? "/worst_path" : "/tail_path");
    const auto found = std::ranges::find(numbers, static_cast<std::int64_t>(path));
    if (found == numbers.end()) return std::nullopt;
    const auto place = static_cast<h5::Size>(found - numbers.begin());
    if (has_columns) return read_last("/worst/pnl", place);
    file_.read("/tail/pnl", h5::Slab{{place}, {1}}, std::span(&value, 1));
    return value;
}

std::string ResultFile::scenario_text() const { return file_.attribute<std::string>("/", "scenario"); }
std::string ResultFile::scenario_path() const { return file_.attribute<std::string>("/", "scenario_file"); }
std::vector<std::int64_t> ResultFile::tail_paths() const { return file_.values<std::int64_t>("/tail_path"); }

}  // namespace volstorm

#include "path_table.h"

#include "volstorm/engine/strata.h"
#include "volstorm/risk/tail.h"

namespace volstorm {
namespace {

using h5::Layout;
using Element = h5::Type;

/// The names of the strata, and what each of their paths stands for.
void write_strata(const Strata& strata, h5::File& file) {
    std::vector<std::string> names;
    std::vector<double> probability, weight;
    for (std::size_t s = 0; s < strata.list().size(); ++s) {
        names.push_back(strata.list()[s].name);
        probability.push_back(strata.list()[s].probability);
        weight.push_back(static_cast<double>(strata.masses()[s]) * strata.weight_unit());
    }
    file.coordinate("stratum", names, "paths whose first jumps and SPX move begin in the same ranges");
    const auto of_stratum = [&](const char* path, const char* long_name, const std::vector<double>& values) {
        file.dataset(path, Layout{.dims = {"stratum"}, .units = "1", .long_name = long_name});
        file.write(path, values);
    };
    of_stratum("/strata/probability", "probability of the stratum", probability);
    of_stratum("/strata/weight", "weight of each of its paths", weight);
}

}  // namespace

void write_axes(const Experiment& e, h5::File& file) {
    std::vector<std::string> layers, families;
    for (const PreparedLayer& layer : e.layers) layers.push_back(layer.name);
    const Parameters& p = e.scenario.sampling.measure == Measure::physical ? e.day.model.physical : e.day.model.pricing;
    for (const JumpFamily& jump : p.jumps) families.push_back(jump.name);
    file.coordinate("strategy", e.strategy_names(), "the book with the layers so far; the last is the total");
    file.coordinate("leg", e.leg_names(), "legs of the condor, the layers, and all costs");
    if (!layers.empty()) file.coordinate("layer", layers, "hedge layer");
    if (!families.empty()) file.coordinate("jump_family", families, "family of jumps");
    file.coordinate("level", kTailLevels, "1", "level of value at risk and expected shortfall");
    file.dimension("path", e.scenario.sampling.paths, "path number, from 0");
    if (const std::size_t draws = e.generator->draws(); draws > 0)
        file.dimension("draw", draws, "session of the horizon, from 0");
    if (e.plan.strata) write_strata(*e.plan.strata, file);
}

PathTable::PathTable(const Experiment& experiment, h5::File& file, std::string group, std::string paths)
    : experiment_(experiment), file_(file), group_(std::move(group)), paths_(std::move(paths)) {
    column("pnl", Element::float32, "strategy", "USD", "P&L of the book, after costs");
    column("pnl_leg", Element::float32, "leg", "USD", "P&L of a leg at mid; spreads, fees and interest are in costs");
    column("spx_return", Element::float32, nullptr, "1", "SPX at settlement over SPX at entry, less 1");
    column("vix_end", Element::float32, nullptr, "VIX point", "VIX at the horizon");
    column("vix_max", Element::float32, nullptr, "VIX point", "highest VIX at a bar end");
    make_breach();
    if (!experiment.plan.jumps.empty())
        column("jumps", Element::uint8, "jump_family", "1", "jumps of the family, at most 255");
    if (experiment.generator->draws() > 0)
        column("session", Element::int32, "draw", "days since 1970-01-01", "session of history drawn");
    make_weights();
    if (experiment.layers.empty()) return;
    column("opened", Element::int32, "layer", "1", "step at whose end the layer was opened, 0 the entry, -1 never");
    column("closed", Element::int32, "layer", "1", "step at whose end it was sold, -1 never");
    column("contracts", Element::float32, "layer", "1", "contracts bought");
    column("unit_pnl", Element::float32, "layer", "USD", "P&L of one contract at mid");
    column("unit_cost", Element::float32, "layer", "USD", "costs of one contract: half-spreads, fees, interest");
}

// One number for each path, or, with a second dimension, a row of them for each of its entries.
void PathTable::column(const char* name, Element type, const char* by, const char* units, const char* long_name) {
    Layout layout{.type = type, .dims = {paths_}, .units = units, .long_name = long_name};
    if (by != nullptr) layout.dims.insert(layout.dims.begin(), by);
    file_.dataset(at(name), layout);
}

void PathTable::make_breach() {
    file_.dataset(at("breach"), Layout{.type = Element::uint8,
                                       .dims = {paths_},
                                       .units = "1",
                                       .long_name = "how the condor settled",
                                       .flag_values = {0, 1, 2},
                                       .flag_meanings = "no_breach down_breach up_breach"});
}

void PathTable::make_weights() {
    if (!experiment_.plan.strata) {
        file_.dataset(at("weight"), Layout{.units = "1", .long_name = "weight of every path (plain sampling)"});
        file_.write(at("weight"), std::vector<double>{1.0});
        return;
    }
    column("weight", Element::float32, nullptr, "1", "weight of the path: that of its stratum, as a float");
    column("stratum", Element::uint8, nullptr, "1", "stratum of the path, from 0");
    column("replicate", Element::uint8, nullptr, "1", "independent randomisation that the path belongs to");
}

void PathTable::write_weights(const h5::Slab& slab, const PathColumns& c) {
    const auto& strata = experiment_.plan.strata;
    if (!strata) return;
    std::vector<float> weight(c.count);
    for (std::size_t i = 0; i < c.count; ++i)
        weight[i] = static_cast<float>(static_cast<double>(strata->masses()[c.stratum[i]]) * strata->weight_unit());
    file_.write(at("weight"), slab, weight);
    file_.write(at("stratum"), slab, c.stratum);
    file_.write(at("replicate"), slab, c.replicate);
}

void PathTable::write(h5::Size first, const PathColumns& c) {
    const auto rows = [&](const char* name, const auto& group) {
        for (std::size_t k = 0; k < group.size(); ++k)
            file_.write(at(name), h5::Slab{{k, first}, {1, c.count}}, group[k]);
    };
    const h5::Slab all{{first}, {c.count}};
    rows("pnl", c.pnl), rows("pnl_leg", c.pnl_leg), rows("jumps", c.jumps), rows("session", c.drawn);
    file_.write(at("spx_return"), all, c.spx_return);
    file_.write(at("vix_end"), all, c.vix_end);
    file_.write(at("vix_max"), all, c.vix_max);
    file_.write(at("breach"), all, c.breach);
    rows("opened", c.opened), rows("closed", c.closed), rows("contracts", c.contracts);
    rows("unit_pnl", c.unit_pnl), rows("unit_cost", c.unit_cost);
    write_weights(all, c);
}

}  // namespace volstorm

#include "volstorm/engine/world.h"

#include <fmt/format.h>

#include <algorithm>

#include "mean_jumps.h"
#include "volstorm/engine/experiment.h"
#include "volstorm/pricing/day.h"

namespace volstorm {
namespace {

// A variance jump is this much smaller in the world `svj`: nothing beside v in single precision, and a power of two, so
// that the SPX jump that it brings keeps its bits.
constexpr double kVanishing = 0x1p-60;

struct Description {
    std::string_view name, meaning;
};
constexpr std::array<Description, kWorlds.size()> kDescriptions{{
    {"model", "the scenario as it is"},
    {"calm", "physical law of the calmest anchor, carried to the day's VIX"},
    {"stressed", "physical law of the most stressed anchor, carried to the day's VIX"},
    {"heston", "no jumps, their mean variance evenly: expected VIX^2 and squared SPX moves kept"},
    {"svj", "jumps in SPX alone: those of variance at their mean, as a drift"},
    {"frozen", "the model's law, VIX options marked with the day's parameters as they are"},
    {"vvix", "the model's law, implied vols of VIX options rise with VIX"},
}};
const Description& description_of(World world) { return kDescriptions[static_cast<std::size_t>(world)]; }

PricingDay day_of(const Scenario& scenario) { return make_day(scenario.market, scenario.model, scenario.events); }

// The physical parameters that the anchor alone would give today. Both measures share what no change of measure moves.
Parameters physical_by(const Scenario& scenario, const Anchor& anchor) {
    const PricingDay day = day_of(scenario);
    ModelInput alone = scenario.model;
    alone.anchors = {anchor};
    Parameters physical = model_of_the_day(alone, day.event_free_vix).physical;
    for (const auto shared : {&Parameters::sigma_v, &Parameters::sigma_m, &Parameters::rho})
        physical.*shared = day.model.pricing.*shared;
    return physical;
}

void spread_evenly(Scenario& scenario, const MeanJumps& means) {
    scenario.generator.make = [means](const Experiment&, const PathPlan& plan) {
        return paths_with_mean_jumps(plan, means);
    };
}

void without_jumps(Scenario& scenario) {
    Parameters physical = day_of(scenario).model.physical;
    const MeanJumps means = mean_jumps(physical);
    physical.jumps.clear();
    scenario.model.physical = physical;
    spread_evenly(scenario, means);
}

void without_variance_jumps(Scenario& scenario) {
    Parameters physical = day_of(scenario).model.physical;
    MeanJumps means = mean_jumps(physical);
    means.square = {};
    for (JumpFamily& jump : physical.jumps) {
        jump.mean_variance_jump *= kVanishing;
        jump.variance_jump_slope /= kVanishing;
    }
    scenario.model.physical = physical;
    spread_evenly(scenario, means);
}

// An outer anchor makes a world of its own only where the day lies inside it.
std::string why_no_anchor(const Scenario& scenario, World world) {
    const ModelInput& model = scenario.model;
    if (model.anchors.size() < 2) return "the model has one anchor; two or more of different VIX make it";
    if (!model.level_scaling) return "model.level_scaling is off";
    if (!scenario.market.vix || scenario.market.variance) return "the state is not from VIX, so nothing is scaled";
    const bool calm = world == World::calm;
    const double vix = day_of(scenario).event_free_vix,
                 anchor = *(calm ? model.anchors.front() : model.anchors.back()).reference_vix;
    if (calm ? vix > anchor : vix < anchor) return {};
    return fmt::format("VIX without events is {:.2f}, {} the anchor's {:g}: the model is that anchor already", vix,
                       calm ? "not above" : "not below", anchor);
}

std::string why_no_jumps(const Scenario& scenario, World world) {
    const Parameters physical = day_of(scenario).model.physical;
    if (physical.jumps.empty()) return "the model's physical law has no jumps to take away";
    const auto moves_variance = [](const JumpFamily& jump) { return jump.mean_variance_jump > 0.0; };
    if (world == World::svj && std::ranges::none_of(physical.jumps, moves_variance))
        return "the model's physical law has jumps in SPX alone already";
    return {};
}

}  // namespace

std::string_view name_of(World world) { return description_of(world).name; }
std::string_view meaning_of(World world) { return description_of(world).meaning; }

bool is_own_mark(const Scenario& scenario, World world) {
    return world == (scenario.model.mark == VixMark::frozen ? World::frozen : World::vvix);
}

std::string why_left_out(const Scenario& scenario, World world) {
    switch (world) {
        case World::model:
            return {};
        case World::calm:
        case World::stressed:
            return why_no_anchor(scenario, world);
        case World::heston:
        case World::svj:
            return why_no_jumps(scenario, world);
        case World::frozen:
        case World::vvix:
            break;
    }
    if (is_own_mark(scenario, world)) return "it is the scenario's own mark";
    const auto is_vix_option = [](const LayerSpec& l) { return l.kind.is_vix() && l.kind.has_strike(); };
    return std::ranges::any_of(scenario.layers, is_vix_option) ? "" : "the book has no VIX option to mark";
}

Scenario in_world(const Scenario& scenario, World world) {
    Scenario other = scenario;
    switch (world) {
        case World::model:
            break;
        case World::calm:
            other.model.physical = physical_by(scenario, scenario.model.anchors.front());
            break;
        case World::stressed:
            other.model.physical = physical_by(scenario, scenario.model.anchors.back());
            break;
        case World::heston:
            without_jumps(other);
            break;
        case World::svj:
            without_variance_jumps(other);
            break;
        case World::frozen:
            other.model.mark = VixMark::frozen;
            break;
        case World::vvix:
            other.model.mark = VixMark::vvix;
            break;
    }
    return other;
}

}  // namespace volstorm

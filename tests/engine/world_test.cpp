#include "volstorm/engine/world.h"

#include <catch2/catch.hpp>

#include "short_run.h"
#include "volstorm/model/mean_variance.h"

using namespace volstorm;
using namespace short_run;

namespace {

Text book() {
    Text text;
    text.rest =
        layer("first", "type = \"vix_call\", days = 30, delta = 0.50", "size = { budget = 0.3, of = \"max_risk\" }") +
        layer("spread", "type = \"vix_call_spread\", days = 30, delta = 0.40, width = 10.0",
              "size = { budget = 0.2, of = \"max_risk\" }");
    return text;
}

Scenario scenario_of(const Text& text) { return parse_scenario(text.text(), "test.toml"); }

std::unique_ptr<const Experiment> experiment_in(const Scenario& scenario, World world) {
    return volstorm::prepare(in_world(scenario, world));
}

void check_same_entry(const Experiment& a, const Experiment& b) {
    CHECK((a.day.state == b.day.state && a.vix_at_entry == b.vix_at_entry));
    CHECK(std::abs(b.vix_at_entry - *b.scenario.market.vix) < 1e-9);
    CHECK(a.day.model.pricing == b.day.model.pricing);
    CHECK((a.condor->credit.value == b.condor->credit.value && a.condor->max_risk.value == b.condor->max_risk.value));
    REQUIRE(a.layers.size() == b.layers.size());
    for (std::size_t k = 0; k < a.layers.size(); ++k) {
        const EntryFill &x = *a.layers[k].entry, &y = *b.layers[k].entry;
        CHECK((x.strike == y.strike && x.mid == y.mid && x.half_spread == y.half_spread && x.contracts == y.contracts));
    }
}

// Sums over the paths of one experiment.
struct Moments {
    Mean v_end, x_square, down;
};
Moments moments_of(const Experiment& e, std::size_t paths) {
    Moments moments;
    run_pieces(e, paths, [&](const PathColumns& c) {
        for (std::size_t i = 0; i < c.count; ++i) {
            const double x = std::log1p(static_cast<double>(c.spx_return[i]));
            moments.v_end.add(static_cast<double>(c.vix_end[i]) * c.vix_end[i]);
            moments.x_square.add(x * x);
            moments.down.add(x < -0.03 ? 1.0 : 0.0);
        }
    });
    return moments;
}

void check_close(const Mean& a, const Mean& b) {
    CAPTURE(a.value(), b.value(), a.error(), b.error());
    CHECK(std::abs(a.value() - b.value()) < 4.0 * std::hypot(a.error(), b.error()));
}

}  // namespace

TEST_CASE("every world has the entry of the scenario, bit by bit") {
    const Scenario scenario = scenario_of(book());
    const auto model = volstorm::prepare(scenario);
    for (const World world : kWorlds) {
        if (!why_left_out(scenario, world).empty()) continue;
        CAPTURE(name_of(world));
        check_same_entry(*model, *experiment_in(scenario, world));
    }
    CHECK(why_left_out(scenario, World::vvix) == "it is the scenario's own mark");
    Text frozen = book();
    frozen.model += "mark = \"frozen\"\n";
    const Scenario other = scenario_of(frozen);
    CHECK(why_left_out(other, World::frozen) == "it is the scenario's own mark");
    check_same_entry(*volstorm::prepare(other), *experiment_in(other, World::vvix));
}

TEST_CASE("the world `model` is the scenario, path by path, and so are the paths of the other mark") {
    const Scenario scenario = scenario_of(book());
    const PathColumns plain = run(*volstorm::prepare(scenario), 2'000);
    const PathColumns model = run(*experiment_in(scenario, World::model), 2'000);
    const PathColumns frozen = run(*experiment_in(scenario, World::frozen), 2'000);
    CHECK((model.pnl == plain.pnl && model.pnl_leg == plain.pnl_leg && model.vix_max == plain.vix_max));
    CHECK((frozen.spx_return == plain.spx_return && frozen.vix_end == plain.vix_end));
    CHECK(frozen.pnl.front() == plain.pnl.front());
    CHECK(frozen.pnl.back() != plain.pnl.back());
}

TEST_CASE("calm and stressed are the outer anchors at the day's VIX") {
    const Scenario scenario = scenario_of(Text());
    const Parameters model = volstorm::prepare(scenario)->day.model.physical;
    for (const auto& [world, anchor] : {std::pair{World::calm, &scenario.model.anchors.front()},
                                        std::pair{World::stressed, &scenario.model.anchors.back()}}) {
        const auto e = experiment_in(scenario, world);
        const double scale = std::pow(e->day.event_free_vix / *anchor->reference_vix, 2.0);
        const Parameters& physical = e->day.model.physical;
        CHECK(physical.kappa_v == Approx(anchor->physical.kappa_v));
        CHECK((physical.sigma_v == model.sigma_v && physical.rho == model.rho && physical.sigma_m == model.sigma_m));
        REQUIRE(physical.jumps.size() == anchor->physical.jumps.size());
        for (std::size_t j = 0; j < physical.jumps.size(); ++j) {
            CHECK(physical.jumps[j].intensity == Approx(anchor->physical.jumps[j].intensity));
            CHECK(physical.jumps[j].mean_variance_jump == Approx(scale * anchor->physical.jumps[j].mean_variance_jump));
        }
        CHECK_FALSE(physical == model);
    }
}

TEST_CASE("a world that would be the model once more, or has nothing to be built from, is left out") {
    const auto why = [](const Scenario& scenario, World world) { return why_left_out(scenario, world); };
    Text text = book();
    for (const World world : kWorlds) CHECK(why(scenario_of(text), world).empty() == (world != World::vvix));
    text.vix = 12.0;
    CHECK_THAT(why(scenario_of(text), World::calm), Catch::Contains("12.00, not above the anchor's 13"));
    CHECK(why(scenario_of(text), World::stressed).empty());
    text.vix = 40.0;
    CHECK_THAT(why(scenario_of(text), World::stressed), Catch::Contains("40.00, not below the anchor's 38"));
    CHECK(why(scenario_of(text), World::calm).empty());
    CHECK(why(scenario_of(Text()), World::frozen) == "the book has no VIX option to mark");
    Scenario scenario = scenario_of(Text());
    scenario.model.level_scaling = false;
    CHECK(why(scenario, World::stressed) == "model.level_scaling is off");
    scenario = scenario_of(Text());
    scenario.model.anchors.resize(1);
    CHECK_THAT(why(scenario, World::calm), Catch::Contains("one anchor"));
    scenario.model.anchors[0].physical.jumps.clear();
    CHECK_THAT(why(scenario, World::heston), Catch::Contains("no jumps"));
    CHECK_THAT(why(scenario, World::svj), Catch::Contains("no jumps"));
}

TEST_CASE("heston and svj keep the mean of VIX^2 and of squared SPX returns") {
    const Scenario scenario = scenario_of(Text());
    constexpr std::size_t paths = 400'000;
    const auto e = volstorm::prepare(scenario);
    const Moments model = moments_of(*e, paths);
    for (const World world : {World::heston, World::svj}) {
        CAPTURE(name_of(world));
        const Moments other = moments_of(*experiment_in(scenario, world), paths);
        check_close(other.v_end, model.v_end);
        check_close(other.x_square, model.x_square);
    }
}

TEST_CASE("the kept quadratic variation is that of the closed form") {
    const Scenario scenario = scenario_of(Text());
    const auto e = volstorm::prepare(scenario);
    const double years = e->day.variance_time(e->day.market.time, e->horizon()).value;
    const Parameters& physical = e->day.model.physical;
    const double variance = quadratic_variation(physical, mean_variance(physical, years).integral, years)(e->day.state);
    const Moments heston = moments_of(*experiment_in(scenario, World::heston), 400'000);
    // The square of the mean, the variance of the drift and its covariance with the noise: below 3 % in a day.
    CHECK(std::abs(heston.x_square.value() / variance - 1.0) < 0.03);
}

TEST_CASE("svj has the SPX jumps of the model, heston has none") {
    const Scenario scenario = scenario_of(Text());
    const auto svj = experiment_in(scenario, World::svj), heston = experiment_in(scenario, World::heston);
    const auto model = volstorm::prepare(scenario);
    REQUIRE(svj->plan.jumps.size() == model->plan.jumps.size());
    CHECK(heston->plan.jumps.empty());
    for (std::size_t j = 0; j < svj->plan.jumps.size(); ++j) {
        const JumpConstants &a = svj->plan.jumps[j], &b = model->plan.jumps[j];
        CHECK((a.intensity == b.intensity && a.intensity_per_variance == b.intensity_per_variance));
        CHECK(a.mean_log_jump == b.mean_log_jump);
        CHECK(a.variance_jump_slope * a.mean_variance_jump == b.variance_jump_slope * b.mean_variance_jump);
        CHECK(a.mean_variance_jump < 1e-15f);
    }
}

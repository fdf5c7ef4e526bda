// Under the pricing measure, with frozen marks and no costs, no leg earns anything: the discounted mean of what it is
// worth at the horizon is what it costs at the entry. The campaigns print their figures, which stand in
// tests/README.md.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "short_run.h"

using namespace volstorm;
using namespace short_run;

namespace {

constexpr std::size_t kQuick = 200'000, kLong = 2'000'000, kVeryLong = 64'000'000;

// Fractions of a contract, so that no rounding hides what a leg earns.
const std::string kFraction = "size = { budget = 0.1, of = \"max_risk\", whole = false }\n";

std::string vix_layers(const std::string& rules) {
    const std::string more = kFraction + rules;
    return layer("call", "type = \"vix_call\", days = 30, delta = 0.50", more) +
           layer("put", "type = \"vix_put\", days = 30, delta = 0.30", more) +
           layer("call_spread", "type = \"vix_call_spread\", days = 30, delta = 0.40, width = 10.0", more) +
           layer("future", "type = \"vx_future\", days = 30", more);
}
std::string spx_layers(const std::string& strike, const std::string& rules) {
    const std::string more = kFraction + rules;
    return layer("spx_put", "type = \"spx_put\", days = 30, " + strike, more) +
           layer("spx_put_spread", "type = \"spx_put_spread\", days = 30, width = 100.0, " + strike, more);
}

Text pricing_run(double vix) {
    Text text;
    text.vix = vix;
    text.model += "mark = \"frozen\"\n";
    text.sampling += "measure = \"pricing\"\n";
    text.rest =
        "[costs]\nnone = true\n" + vix_layers("close = \"hold\"") + spx_layers("delta = 0.25", "close = \"hold\"");
    return text;
}

// What each leg earns to the horizon, discounted: points of one unit.
struct Gains {
    Mean forward;  // SPX at the horizon over its forward, less 1
    std::vector<Mean> legs;
};

Gains gains(const Experiment& e, std::size_t paths) {
    const CalendarYears years = calendar_time(e.day.market.time, e.horizon());
    const double discount = e.day.discount(years), carry = e.day.carry(years);
    Gains gains;
    gains.legs.resize(kCondorLegs + e.layers.size());
    run_pieces(e, paths, [&](const PathColumns& c) {
        for (const float x : c.spx_return) gains.forward.add((1.0 + x) / carry - 1.0);
        for (std::size_t leg = 0; leg < gains.legs.size(); ++leg) {
            const bool of_condor = leg < kCondorLegs;
            const PreparedLayer* layer = of_condor ? nullptr : &e.layers[leg - kCondorLegs];
            const double dollars = of_condor ? kCondorSigns[leg] * kOptionMultiplier * e.condor->contracts
                                             : layer->multiplier * layer->entry->contracts;
            const double mid = of_condor ? e.condor->mid[leg] : layer->entry->mid;
            const double carried = of_condor || layer->spec->kind.has_strike() ? discount : 1.0;
            for (const float pnl : c.pnl_leg[leg]) gains.legs[leg].add(carried * (pnl / dollars + mid) - mid);
        }
    });
    return gains;
}

double in_errors(const Mean& mean) { return mean.value() / mean.error(); }

// The legs' distances from zero in standard errors; SPX itself comes first.
std::vector<double> check_martingale(const Experiment& e, std::size_t paths) {
    const Gains found = gains(e, paths);
    std::vector<double> errors{in_errors(found.forward)};
    CHECK(std::abs(errors[0]) < 4.0);
    const std::vector<std::string> names = e.leg_names();
    for (std::size_t leg = 0; leg < found.legs.size(); ++leg) {
        CAPTURE(names[leg], found.legs[leg].value(), found.legs[leg].error());
        errors.push_back(in_errors(found.legs[leg]));
        CHECK(std::abs(errors.back()) < 4.0);
    }
    return errors;
}

void print_row(const std::string& name, const std::vector<double>& errors) {
    std::string row = fmt::format("{:<24}", name);
    for (const double x : errors) row += std::isnan(x) ? "       " : fmt::format(" {:>6.2f}", x);
    fmt::print("{}\n", row);
}

// One of the two shipped anchors alone, scaled to the day's VIX; -1 is what ships: the two, interpolated.
std::unique_ptr<const Experiment> with_anchor(const Text& text, int anchor) {
    Scenario scenario = parse_scenario(text.text(), "test.toml");
    if (anchor >= 0) scenario.model.anchors = {scenario.model.anchors.at(static_cast<std::size_t>(anchor))};
    return volstorm::prepare(scenario);
}

Text with_events() {
    Text text = pricing_run(20.0);
    text.rest +=
        "[[event]]\nname = \"CPI\"\ntime = 2025-06-18T08:30:00\nspx_move_sd = 0.006\nvariance_drop = 0.1\n"
        "[[event]]\nname = \"FOMC\"\ntime = 2025-06-18T14:00:00\nspx_move_sd = 0.0075\nvariance_drop = 0.1\n";
    return text;
}

Text over_a_weekend() {
    Text text = pricing_run(20.0);
    text.time = "2025-06-13T15:45:00";
    text.condor = "expiry = 2025-06-16\nshort_delta = 0.15\nwing_width = 25.0\n";
    return text;
}

Text over_three_sessions() {
    Text text = pricing_run(20.0);
    text.time = "2025-06-10T11:02:00";  // between two bar ends
    text.condor = "expiry = 2025-06-12\nshort_delta = 0.15\nwing_width = 50.0\n";
    return text;
}

// A session from open to close in few steps, of a variance that swings far and against SPX: no jumps.
Text in_13_steps() {
    Text text = pricing_run(30.0);
    text.time = "2025-06-17T09:30:00";
    text.model =
        "overnight_share = 0.0\nmark = \"frozen\"\n[model.pricing]\nkappa_v = 10.0\ntheta_m = 0.06\nsigma_v = 2.5\nrho "
        "= -0.8\n";
    text.condor = "expiry = 2025-06-17\nshort_delta = 0.10\nwing_width = 25.0\n";
    text.sampling += "bars = 13\n";
    text.rest = "[costs]\nnone = true\n";
    return text;
}

// Bought and sold on the way, at marks between the entry and the horizon; without interest, so that what is earned
// needs no discounting.
Text by_rule(bool with_spx) {
    Text text = pricing_run(20.0);
    text.rate = text.dividend_yield = 0.0;
    const std::string rules =
        "open = \"vix_change > 0.5 or spx_return > 0.004\"\nclose = \"vix_change < 0.2 for 6 bars\"";
    text.rest = "[costs]\nnone = true\n" + vix_layers(rules) + (with_spx ? spx_layers("moneyness = 0.98", rules) : "");
    return text;
}

std::vector<double> check_rules(bool with_spx, std::size_t paths) {
    const auto e = prepare(by_rule(with_spx));
    std::vector<Mean> found(e->layers.size());
    std::vector<std::size_t> opened(e->layers.size());
    run_pieces(*e, paths, [&](const PathColumns& c) {
        for (std::size_t k = 0; k < found.size(); ++k) {
            for (const float pnl : c.pnl_leg[kCondorLegs + k]) found[k].add(pnl);
            for (const std::int32_t step : c.opened[k]) opened[k] += step > 0;
        }
    });
    std::vector<double> errors;
    for (std::size_t k = 0; k < found.size(); ++k) {
        CAPTURE(e->layers[k].name, found[k].value(), found[k].error());
        CHECK(opened[k] > paths / 5);
        errors.push_back(in_errors(found[k]));
        CHECK(std::abs(errors.back()) < 4.0);
    }
    return errors;
}

// How the vvix mark of VIX options drifts at one level of VIX: of its price, in a day.
struct Drift {
    std::string name;
    double delta, value, error;
    double pilot_error;  // of the drift that the run measures itself, by which it warns
    bool warned;
};
std::vector<Drift> vvix_drifts(double vix, std::size_t paths) {
    Text text = pricing_run(vix);
    text.model = Text{}.model;  // the default mark is vvix
    text.rest = "[costs]\nnone = true\n";
    for (const std::string kind : {"call", "put"}) {
        for (const std::string delta : {"20", "36", "50", "80"}) {
            text.rest += layer(kind + "_" + delta, "type = \"vix_" + kind + "\", days = 30, delta = 0." + delta,
                               kFraction + "close = \"hold\"");
        }
    }
    const auto e = prepare(text);
    const Gains found = gains(*e, paths);
    std::vector<Drift> drifts;
    for (std::size_t k = 0; k < e->layers.size(); ++k) {
        const PreparedLayer& layer = e->layers[k];
        const Mean& gain = found.legs[kCondorLegs + k];
        const bool warned = std::any_of(e->warnings.begin(), e->warnings.end(), [&](const std::string& warning) {
            return warning.find("layer " + layer.name + ": its mark drifts") == 0;
        });
        drifts.push_back({layer.name, std::abs(layer.entry->delta), gain.value() / layer.entry->mid,
                          gain.error() / layer.entry->mid, layer.drift_error, warned});
        // What the file stores is measured with fewer paths.
        CAPTURE(vix, layer.name, layer.drift, layer.drift_error, drifts.back().value);
        CHECK(std::abs(drifts.back().value - layer.drift) < 4.0 * std::hypot(drifts.back().error, layer.drift_error));
    }
    return drifts;
}

// A run warns beyond 1 % as it measures it; four of its standard errors are left to chance.
void check_warning(const Drift& drift) {
    CAPTURE(drift.name, drift.delta, drift.value, drift.error, drift.pilot_error);
    if (std::abs(drift.value) > 0.01 + 4.0 * drift.pilot_error) CHECK(drift.warned);
}

}  // namespace

// At VIX 16 and at VIX 45 the model is one of the shipped anchors alone, at the others an interpolation.
TEST_CASE("no leg earns anything under the pricing measure at any level of VIX") {
    const double vix = GENERATE(12.0, 16.0, 19.0, 30.0, 45.0);
    CAPTURE(vix);
    check_martingale(*prepare(pricing_run(vix)), kQuick);
}

TEST_CASE("no leg earns anything over events, a weekend or several sessions") {
    SECTION("an event before the open and one in the session") { check_martingale(*prepare(with_events()), kQuick); }
    SECTION("Friday to Monday") { check_martingale(*prepare(over_a_weekend()), kQuick); }
    SECTION("three sessions") { check_martingale(*prepare(over_three_sessions()), kQuick); }
}

// Without Milstein's term in x the calls earn 0.25 and 0.16 points, eight standard errors; with it -0.04 and -0.03 over
// eight million paths, an error or two here.
TEST_CASE("no leg of a condor earns anything in thirteen steps of one session") {
    const auto e = prepare(in_13_steps());
    CHECK(e->timeline.size() == 13);
    check_martingale(*e, kQuick);
}

TEST_CASE("no layer earns anything that is bought and sold by rule") { check_rules(false, 100'000); }

TEST_CASE("no leg earns anything: two million paths", "[.long]") {
    fmt::print("distance of the mean from 0 in standard errors, {} paths\n", kLong);
    fmt::print("{:<24} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6}\n", "", "SPX", "lput", "sput",
               "scall", "lcall", "vcall", "vput", "vspr", "VX", "put", "putspr");
    for (const int anchor : {0, 1, -1}) {
        for (const double vix : {12.0, 16.0, 19.0, 30.0, 45.0}) {
            CAPTURE(anchor, vix);
            const std::string name = anchor < 0 ? "as shipped" : anchor == 0 ? "calm anchor" : "stressed anchor";
            print_row(fmt::format("{}, VIX {:g}", name, vix),
                      check_martingale(*with_anchor(pricing_run(vix), anchor), kLong));
        }
    }
    print_row("two events, VIX 20", check_martingale(*prepare(with_events()), kLong));
    print_row("a weekend, VIX 20", check_martingale(*prepare(over_a_weekend()), kLong));
    print_row("three sessions, VIX 20", check_martingale(*prepare(over_three_sessions()), kLong));
    const auto by_rule = [](bool with_spx, std::size_t paths) {
        std::vector<double> row(1 + kCondorLegs, std::nan(""));
        for (const double errors : check_rules(with_spx, paths)) row.push_back(errors);
        return row;
    };
    print_row("by rule, VIX 20", by_rule(false, kLong));
    print_row(fmt::format("by rule, {} paths", kQuick), by_rule(true, kQuick));  // SPX marks at every bar are slow
}

// The vvix mark moves with spot VIX against what the entry expects of it; what is left drifts options of small delta
// (tests/README.md), of which a run must warn.
TEST_CASE(
    "the vvix mark of a VIX option drifts by less than 1 % in a day from a delta of 0.35, and the run warns beyond") {
    const double vix = GENERATE(12.0, 19.0, 30.0, 45.0);
    for (const Drift& drift : vvix_drifts(vix, kQuick)) {
        CAPTURE(vix, drift.name, drift.delta, drift.value, drift.error);
        check_warning(drift);
        if (drift.delta >= 0.35) CHECK(std::abs(drift.value) < 0.01);
    }
}

TEST_CASE("the time step moves a leg of a condor by less than half a percent: 64 million paths", "[.long]") {
    fmt::print("gain of a leg in a day, points, and its price, {} paths\n", kVeryLong);
    for (const double vix : {16.0, 45.0}) {
        Text text = pricing_run(vix);
        text.rest = "[costs]\nnone = true\n";
        const auto e = prepare(text);
        const Gains found = gains(*e, kVeryLong);
        for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
            const Mean& gain = found.legs[leg];
            fmt::print("VIX {:g} {:<10} {:+.4f} +- {:.4f} of {:.3f}\n", vix, e->leg_names()[leg], gain.value(),
                       gain.error(), e->condor->mid[leg]);
            CAPTURE(vix, leg, gain.value(), gain.error());
            CHECK(std::abs(gain.value()) < 0.005 * e->condor->mid[leg]);
        }
    }
}

TEST_CASE("the drift of vvix marks by level of VIX: two million paths", "[.long]") {
    fmt::print("drift of the vvix mark in a day, % of its price, {} paths\n", kLong);
    for (const double vix : {12.0, 16.0, 19.0, 30.0, 45.0}) {
        for (const Drift& drift : vvix_drifts(vix, kLong)) {
            fmt::print("VIX {:g} {:<8} delta {:.3f}: {:+.3f} +- {:.3f}{}\n", vix, drift.name, drift.delta,
                       100.0 * drift.value, 100.0 * drift.error, drift.warned ? " (warned)" : "");
            check_warning(drift);
            if (drift.delta >= 0.35) CHECK(std::abs(drift.value) < 0.01);
        }
    }
}

TEST_CASE("the stored drift is the mean gain of the mark under the pricing measure") {
    Text text;
    text.sampling += "measure = \"pricing\"\n";
    text.rest = "[costs]\nnone = true\n" + layer("call", "type = \"vix_call\", days = 30, delta = 0.50",
                                                 "size = { contracts = 1 }\nclose = \"hold\"");
    const auto e = prepare(text);
    const Mean gain = gains(*e, kQuick).legs[kCondorLegs];
    const PreparedLayer& layer = e->layers[0];
    CHECK(std::abs(gain.value() / layer.entry->mid - layer.drift) <
          4.0 * std::hypot(gain.error() / layer.entry->mid, layer.drift_error));
}

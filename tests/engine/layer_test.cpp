// Layers on paths: how many are bought, at what cost, when they open and close.
#include <catch2/catch.hpp>

#include "short_run.h"

using namespace volstorm;
using namespace short_run;

namespace {

constexpr std::size_t kPaths = 1'024;
const std::string kCall = "type = \"vix_call\", days = 30, delta = 0.50";

Text with(const std::string& layers, const std::string& more = {}) {
    Text text;
    text.condor += "contracts = 10\n";
    text.rest = layers + more;
    return text;
}

// A path with VIX, the layer's mid and its contracts after each step; rules make a mark at every bar.
struct Replay {
    std::vector<double> vix, mid, contracts;
    PathColumns columns;
    std::size_t at;
};
Replay replay(const Experiment& e, std::uint64_t path) {
    Replay out;
    out.at = 0;
    Simulator(e).trace({&path, 1}, out.columns, [&](std::size_t, std::size_t step, const PathPoint& point) {
        const DateTime when = step == 0 ? e.day.market.time : e.timeline[step - 1].end;
        const VarianceState state{std::max(point.v, 0.0f), std::max(point.m, 0.0f)};
        out.vix.push_back(vix_level(e.day.vix_squared_at(when), state));
        out.mid.push_back(point.layer_mid[0]);
        out.contracts.push_back(point.layer_contracts[0]);
    });
    return out;
}

bool is_bar(const Experiment& e, std::size_t step) { return step == 0 || e.timeline[step - 1].is_bar_end; }

}  // namespace

TEST_CASE("a budget buys whole contracts at the ask with its fee") {
    const std::string base = GENERATE("max_risk", "margin", "credit", "equity");
    const auto e = prepare(
        with(layer("first", kCall, "size = { budget = 0.3, of = \"" + base + "\" }"), "[account]\nequity = 25000.0\n"));
    const EntryFill& fill = *e->layers[0].entry;
    const double of = base == "credit"   ? e->condor->credit.value * 1000.0
                      : base == "equity" ? 25'000.0
                                         : e->condor->max_risk.value * 10.0;
    CHECK(e->layers[0].budget == Approx(0.3 * of));
    CHECK(fill.half_spread == 0.05);
    CHECK(fill.contracts == std::floor(0.3 * of / ((fill.mid + 0.05) * 100.0 + 0.65)));
    CHECK(fill.contracts > 1.0);
    const PathColumns columns = run(*e, 64);
    for (const float contracts : columns.contracts[0]) CHECK(contracts == static_cast<float>(fill.contracts));
}

TEST_CASE("a budget may buy fractions, and nothing where it is too small") {
    const auto fraction =
        prepare(with(layer("first", kCall, "size = { budget = 0.01, of = \"max_risk\", whole = false }")));
    const EntryFill& fill = *fraction->layers[0].entry;
    CHECK(fill.contracts ==
          Approx(0.01 * fraction->condor->max_risk.value * 10.0 / ((fill.mid + 0.05) * 100.0 + 0.65)));
    CHECK(fraction->warnings.empty());
    const auto none = prepare(with(layer("first", kCall, "size = { budget = 0.005, of = \"max_risk\" }")));
    CHECK(none->layers[0].entry->contracts == 0.0);
    REQUIRE(none->warnings.size() == 1);
    CHECK(none->warnings[0].find("buys none") != std::string::npos);
    const PathColumns columns = run(*none, 64);
    CHECK(columns.pnl[1] == columns.pnl[0]);
}

TEST_CASE("a budget for a future pays its margin, and the future earns what its price moves") {
    const auto e =
        prepare(with(layer("first", "type = \"vx_future\", days = 30", "size = { budget = 2.0, of = \"max_risk\" }"),
                     "[account]\nvix_future_margin = 0.5\nfinancing_rate = 0.05\n"));
    const PreparedLayer& layer = e->layers[0];
    const double forward = layer.first_marks().forward_at_entry();
    CHECK(layer.entry->mid == forward);
    CHECK(layer.entry->contracts ==
          std::floor(2.0 * e->condor->max_risk.value * 10.0 / (0.5 * forward * 1000.0 + 2.25)));
    CHECK(layer.entry->contracts >= 1.0);
    const PathColumns columns = run(*e, kPaths);
    for (std::size_t i = 0; i < kPaths; ++i) {
        // Twice the fee, half a tick in and out (widened), and no interest: a future has no premium.
        const double widening = 1.0 + 0.10 * std::max(columns.vix_end[i] - e->vix_at_entry, 0.0);
        CHECK(columns.unit_cost[0][i] == Approx(2.0 * 2.25 + 25.0 * (1.0 + widening)).epsilon(1e-5));
    }
}

TEST_CASE("a layer sold at the horizon pays the half-spread as it is then, and interest on its premium") {
    const auto e = prepare(with(
        layer("first", "type = \"vix_call_spread\", days = 30, delta = 0.40, width = 5.0", "size = { contracts = 2 }"),
        "[account]\nfinancing_rate = 0.06\n[costs]\nwidening_per_vix_point = 0.25\n"));
    const EntryFill& fill = *e->layers[0].entry;
    CHECK(fill.half_spread == 0.10);  // two legs
    const double interest = (fill.mid + 0.10) * 100.0 * 0.06 * 1.0 / 360.0;
    const PathColumns columns = run(*e, kPaths);
    for (std::size_t i = 0; i < kPaths; ++i) {
        const double mark = fill.mid + columns.unit_pnl[0][i] / 100.0;
        const double half = 0.10 * (1.0 + 0.25 * std::max(columns.vix_end[i] - e->vix_at_entry, 0.0));
        const double cost = 10.0 + 1.30 + interest + 100.0 * std::min(half, mark) + 1.30;
        CHECK(columns.unit_cost[0][i] == Approx(cost).epsilon(1e-5));
        CHECK(columns.opened[0][i] == 0);
        CHECK(columns.closed[0][i] == static_cast<std::int32_t>(e->timeline.size()));
    }
}

TEST_CASE("a layer that is kept pays nothing to leave") {
    const std::string size = "size = { contracts = 2 }\n";
    const PathColumns sold = run(*prepare(with(layer("first", kCall, size))), kPaths);
    const auto e = prepare(with(layer("first", kCall, size + "close = \"hold\"")));
    const PathColumns held = run(*e, kPaths);
    CHECK(held.unit_pnl == sold.unit_pnl);
    for (std::size_t i = 0; i < kPaths; ++i) {
        CHECK(held.unit_cost[0][i] == Approx(5.0 + 0.65));
        CHECK(held.closed[0][i] == -1);
        CHECK(sold.unit_cost[0][i] > held.unit_cost[0][i]);
    }
}

TEST_CASE("a position already held pays nothing to open and counts from today's mid") {
    const auto e =
        prepare(with("[[layer]]\nname = \"old\"\ninstrument = { type = \"vix_call\" }\nstrike = 21.0\n"
                     "expiry = 2025-07-16\ncontracts = 4\npaid = 0.80\nclose = \"hold\"\n"));
    const EntryFill& fill = *e->layers[0].entry;
    CHECK(fill.strike == 21.0);
    CHECK(fill.contracts == 4.0);
    const PathColumns columns = run(*e, kPaths);
    Mean pnl;
    for (std::size_t i = 0; i < kPaths; ++i) {
        CHECK(columns.unit_cost[0][i] == 0.0f);
        pnl.add(columns.unit_pnl[0][i] / 100.0);
    }
    CHECK(std::abs(pnl.value()) < 0.1 * fill.mid);  // and not what it gained since 0.80
}

TEST_CASE("costs.none leaves no costs at all") {
    const auto e = prepare(with(layer("first", kCall, "size = { contracts = 2 }"), "[costs]\nnone = true\n"));
    const PathColumns columns = run(*e, kPaths);
    for (const float cost : columns.pnl_leg.back()) CHECK(cost == 0.0f);
    CHECK(e->condor->credit.value == e->condor->credit_mid.value);
}

TEST_CASE("a rule buys at the first bar on which it holds, at that bar's ask and budget") {
    const int delay = GENERATE(0, 1), bars = GENERATE(1, 3);
    const std::string rule = bars == 1 ? "vix_change > 0.5" : "vix_change > 0.5 for 3 bars";
    const auto e = prepare(with(layer(
        "first", kCall,
        "size = { budget = 0.3, of = \"max_risk\" }\nopen = \"" + rule + "\"\ndelay = " + std::to_string(delay))));
    std::size_t opened = 0, never = 0;
    for (std::uint64_t path = 0; path < 60; ++path) {
        const Replay r = replay(*e, path);
        std::int32_t expected = -1;
        bool decided = false;
        int held = 0;
        for (std::size_t step = 0; step + 1 < r.vix.size() && expected < 0; ++step) {  // not at the horizon
            if (!is_bar(*e, step)) continue;
            if (decided) expected = static_cast<std::int32_t>(step);
            held = r.vix[step] - e->vix_at_entry > 0.5 ? held + 1 : 0;
            if (expected < 0 && held >= bars) {
                if (delay == 0) expected = static_cast<std::int32_t>(step);
                decided = true;
            }
        }
        CAPTURE(path, delay, bars);
        REQUIRE(r.columns.opened[0][r.at] == expected);
        if (expected < 0) {
            ++never;
            CHECK(r.columns.contracts[0][r.at] == 0.0f);
            CHECK(r.columns.unit_cost[0][r.at] == 0.0f);
            continue;
        }
        ++opened;
        const auto step = static_cast<std::size_t>(expected);
        const double half = 0.05 * (1.0 + 0.10 * std::max(r.vix[step] - e->vix_at_entry, 0.0));
        const double ask = (r.mid[step] + half) * 100.0 + 0.65;
        CHECK(r.columns.contracts[0][r.at] == std::floor(e->layers[0].budget / ask));
        CHECK(r.columns.unit_pnl[0][r.at] == Approx(100.0 * (r.mid.back() - r.mid[step])).margin(1e-4));
    }
    CHECK(opened > 5);
    CHECK(never > 5);
}

TEST_CASE("a rule sells at the first bar after the purchase on which it holds") {
    const auto e = prepare(with(layer("first", kCall, "size = { contracts = 1 }\nclose = \"vix_change > 0.5\"")));
    std::size_t early = 0;
    for (std::uint64_t path = 0; path < 60; ++path) {
        const Replay r = replay(*e, path);
        auto expected = static_cast<std::int32_t>(e->timeline.size());
        for (std::size_t step = 1; step + 1 < r.vix.size(); ++step) {
            if (!is_bar(*e, step) || !(r.vix[step] - e->vix_at_entry > 0.5)) continue;
            expected = static_cast<std::int32_t>(step);
            break;
        }
        CAPTURE(path);
        CHECK(r.columns.closed[0][r.at] == expected);
        const auto step = static_cast<std::size_t>(expected);
        if (step == e->timeline.size()) continue;
        ++early;
        CHECK(r.contracts[step - 1] == 1.0);
        CHECK(r.contracts[step] == 0.0);
        // The sale pays the half-spread of its own moment.
        const double half = 0.05 * (1.0 + 0.10 * (r.vix[step] - e->vix_at_entry));
        CHECK(r.columns.unit_cost[0][r.at] == Approx(5.0 + 0.65 + 100.0 * half + 0.65).epsilon(1e-5));
    }
    CHECK(early > 5);
}

TEST_CASE("a layer is not sold on the bar on which it is bought") {
    const auto e = prepare(
        with(layer("first", kCall, "size = { contracts = 1 }\nopen = \"minutes() >= 0\"\nclose = \"minutes() >= 0\"")));
    const PathColumns columns = run(*e, 16);
    std::int32_t first_bar = 1;
    while (!e->timeline[static_cast<std::size_t>(first_bar - 1)].is_bar_end) ++first_bar;
    for (std::size_t i = 0; i < 16; ++i) {
        CHECK(columns.opened[0][i] == 0);
        CHECK(columns.closed[0][i] == first_bar);
    }
}

TEST_CASE("a rule that first holds at the horizon opens nothing") {
    const auto e = prepare(with(layer("first", kCall, "size = { contracts = 1 }\nopen = \"minutes() >= 1440\"")));
    const PathColumns columns = run(*e, 16);
    for (const std::int32_t opened : columns.opened[0]) CHECK(opened == -1);
}

TEST_CASE("the entry at 16:00 is a close, whatever comes soon after it") {
    // An event half an hour later cuts the night; the next day's change must still start from the entry, not from the
    // last close of the history.
    Text text = with(layer("first", kCall, "size = { contracts = 1 }\nopen = \"vix_day_change > 0.5\""),
                     "[[event]]\nname = \"late\"\ntime = 2024-12-17T16:30:00\nspx_move_sd = 0.0001\n");
    text.time = "2024-12-17T16:00:00";
    text.condor = "expiry = 2024-12-18\nshort_delta = 0.15\nwing_width = 25.0\n";
    text.market = std::string("history = \"") + VOLSTORM_SCENARIOS + "/history/2024-12-17.csv\"\n";
    const auto e = prepare(text);
    REQUIRE(e->day.market.history.vix.back() < text.vix - 2.0);
    for (std::uint64_t path = 0; path < 20; ++path) {
        const Replay r = replay(*e, path);
        CHECK(r.columns.opened[0][r.at] == 0);  // at the entry VIX stands far above the close before
    }
    text.rest.replace(text.rest.find("vix_day_change > 0.5"), 20, "minutes() > 1 and vix_day_change > 0.5");
    const auto next_day = prepare(text);
    std::size_t opened = 0;
    for (std::uint64_t path = 0; path < 40; ++path) {
        const Replay r = replay(*next_day, path);
        std::int32_t expected = -1;
        for (std::size_t step = 1; step + 1 < r.vix.size() && expected < 0; ++step) {
            if (is_bar(*next_day, step) && r.vix[step] - r.vix[0] > 0.5) expected = static_cast<std::int32_t>(step);
        }
        CAPTURE(path);
        CHECK(r.columns.opened[0][r.at] == expected);
        opened += expected >= 0;
    }
    CHECK(opened > 3);
    CHECK(opened < 40);
}

TEST_CASE("the days of a layer count from its fill") {
    // 25 days from the 17th are nearest to the weekly expiry of 9 July, from the 18th to that of the 16th.
    const auto filled = [](const std::string& tenor) {
        Text text = with(layer("first", "type = \"vix_call\", weekly = true, delta = 0.50, " + tenor,
                               "size = { contracts = 1 }\nopen = \"vix_change > 0.25\""));
        text.time = "2025-06-17T15:45:00";
        return prepare(text);
    };
    const auto e = filled("days = 25");
    REQUIRE(e->layers[0].marks.size() == 2);
    CHECK(date_of(e->layers[0].marks[0]->settlement()) == make_date(2025, 7, 9));
    CHECK(date_of(e->layers[0].marks[1]->settlement()) == make_date(2025, 7, 16));
    const PathColumns columns = run(*e, kPaths), early = run(*filled("expiry = 2025-07-09"), kPaths),
                      late = run(*filled("expiry = 2025-07-16"), kPaths);
    CHECK(columns.opened == early.opened);
    std::size_t first_day = 0, second_day = 0;
    for (std::size_t i = 0; i < kPaths; ++i) {
        const std::int32_t step = columns.opened[0][i];
        if (step < 0) continue;
        const bool is_first = date_of(e->timeline[static_cast<std::size_t>(step - 1)].end) == make_date(2025, 6, 17);
        ++(is_first ? first_day : second_day);
        CHECK(columns.unit_pnl[0][i] == (is_first ? early : late).unit_pnl[0][i]);
    }
    CHECK(first_day > 5);
    CHECK(second_day > 100);
    CHECK(early.unit_pnl != late.unit_pnl);
}

TEST_CASE("a strike by rule is chosen where VIX is at the fill") {
    const auto e = prepare(with(layer("first", "type = \"vix_call\", days = 30, points = 3.0",
                                      "size = { contracts = 1 }\nopen = \"vix_change > 1.0\"")));
    const auto at_entry =
        prepare(with(layer("first", "type = \"vix_call\", days = 30, points = 3.0", "size = { contracts = 1 }")));
    // Bought three points above the future when VIX has risen: dearer than the entry's strike would be below it.
    const PreparedLayer& entry = at_entry->layers[0];
    CHECK(entry.entry->strike == std::round(entry.first_marks().forward_at_entry() + 3.0));
    std::size_t opened = 0;
    for (std::uint64_t path = 0; path < 100; ++path) {
        const Replay r = replay(*e, path);
        const std::int32_t step = r.columns.opened[0][r.at];
        if (step < 0) continue;
        ++opened;
        CHECK(r.mid[static_cast<std::size_t>(step)] > 0.0);
        CHECK(r.mid[static_cast<std::size_t>(step)] < 2.0 * entry.entry->mid);
    }
    CHECK(opened > 3);
}

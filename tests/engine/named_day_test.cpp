#include "volstorm/engine/named_day.h"

#include <catch2/catch.hpp>
#include <map>

#include "short_run.h"
#include "volstorm/engine/day_results.h"
#include "volstorm/market/calendar.h"

using namespace volstorm;
using namespace short_run;
using Catch::Matchers::Contains;

namespace {

NamedDay day_of(const std::string& date) {
    for (const NamedDay& day : named_days())
        if (to_string(day.date) == date) return day;
    throw std::logic_error("no day " + date);
}

Text of_days(const std::string& days = "") {
    Text text;
    text.model += "generator = \"named_day\"\n" + (days.empty() ? "" : "named_days = [" + days + "]\n");
    return text;
}

// SPX over the entry's, less 1, and VIX, at the end of each step; [0] is the entry.
struct Way {
    std::vector<double> spx, vix;
    PathColumns columns;
};
Way way_of(const Experiment& e, std::uint64_t path) {
    Way way;
    Simulator(e).trace({&path, 1}, way.columns, [&](std::size_t, std::size_t step, const PathPoint& point) {
        const DateTime when = step == 0 ? e.day.market.time : e.timeline[step - 1].end;
        way.spx.push_back(std::expm1(static_cast<double>(point.x)));
        way.vix.push_back(vix_level(e.day.vix_squared_at(when), {point.v, point.m}));
    });
    return way;
}

}  // namespace

TEST_CASE("the shipped days are those of the table, in order, and could have been") {
    const std::vector<NamedDay> days = named_days();
    REQUIRE(days.size() == 32);
    for (std::size_t i = 0; i < days.size(); ++i) {
        const NamedDay& day = days[i];
        CAPTURE(to_string(day.date));
        if (i > 0) CHECK(days[i - 1].date < day.date);
        CHECK((day.low <= day.close && day.close <= day.high));
        CHECK(!(day.open < day.low || day.open > day.high));
        CHECK(day.vix_open != day.vix_before);  // the close before is no open
        CHECK((day.vix_before > 9.0 && day.vix_close > 9.0));
        CHECK(!(day.vix_high < day.vix_close));
        CHECK(!(day.vix_high < day.vix_open));
        CHECK(day.is_proxy == (day.date < make_date(1990, 1, 1)));
    }
    const NamedDay day = day_of("2020-03-16");
    CHECK((day.close == Approx(-0.1198) && day.low == Approx(-0.122) && day.high == Approx(-0.055)));
    CHECK(day.open == Approx(-0.0747));
    CHECK(std::isnan(day_of("2001-09-17").open));
    CHECK(std::ranges::count_if(days, [](const NamedDay& d) { return !std::isnan(d.open); }) == 28);
    CHECK((day.vix_before == 57.83 && std::isnan(day.vix_open) && day.vix_high == 83.56 && day.vix_close == 82.69));
}

TEST_CASE("a day goes by its open, its low, its high and its close in the order that the rule says") {
    const DayPath crash = path_of(day_of("2010-05-06"));  // opened inside: the high, then the low, then half way back
    CHECK((crash.high == 1 && crash.low == 2));
    CHECK(crash.points[0].spx_return == Approx(-0.0013));
    CHECK(crash.points[0].vix_ratio == Approx(25.88 / 24.91));
    CHECK((crash.points[1].spx_return == Approx(0.002) && crash.points[1].vix_ratio == crash.points[0].vix_ratio));
    CHECK((crash.points[2].spx_return == Approx(-0.086) && crash.points[2].vix_ratio == Approx(40.71 / 24.91)));
    CHECK((crash.points[3].spx_return == Approx(-0.0324) && crash.points[3].vix_ratio == Approx(32.80 / 24.91)));

    const DayPath rally = path_of(day_of("2025-04-09"));  // the low, then the high, where VIX is the close's
    CHECK((rally.low == 1 && rally.high == 2));
    CHECK((rally.points[2].spx_return == Approx(0.10) && rally.points[2].vix_ratio == Approx(33.62 / 52.33)));

    CHECK(path_of(day_of("2025-04-07")).low == 1);      // by the table, not by the shorter way
    const DayPath gap = path_of(day_of("2020-03-16"));  // opened within its range, below the close before
    CHECK((gap.points[0].spx_return == Approx(-0.0747) && gap.high == 1));
    // VIX open not known: as far to its high as SPX to its low, in ln.
    CHECK(std::log(gap.points[0].vix_ratio) == Approx(std::log(83.56 / 57.83) * 0.0747 / 0.122));
    NamedDay unknown = day_of("2020-03-16");  // without its open: at the point nearest to the close before
    unknown.open = NAN;
    CHECK(path_of(unknown).points[0].spx_return == Approx(-0.055));
    const DayPath up = path_of(day_of("2022-11-10"));
    CHECK((up.points[0].spx_return == Approx(0.0297) && up.low == 1));
    const DayPath boom = path_of(day_of("2008-10-13"));  // opened at its low: VIX at its high, not at the close before
    CHECK((boom.points[0].spx_return == Approx(0.015) && boom.points[0].vix_ratio == Approx(71.42 / 69.95)));
    const DayPath black = path_of(day_of("1987-10-19"));  // no range: straight down
    CHECK((black.points[0].spx_return == 0.0 && black.points[black.low].spx_return == Approx(-0.2047)));
    CHECK(black.points[3].vix_ratio == Approx(150.0 / 36.0));
}

TEST_CASE("every day ends where it ended: SPX by its per cent, VIX by its relative change, from any entry") {
    for (const std::string time : {"2025-06-17T16:00:00", "2025-06-17T15:45:00", "2025-06-17T11:32:00"}) {
        for (const std::string bars : {"13", "78", "390"}) {
            CAPTURE(time, bars);
            Text text = of_days();
            text.time = time;
            text.sampling = "bars = " + bars + "\n";
            const auto e = prepare(text);
            const PathColumns c = run(*e, 32);
            const std::vector<NamedDay> days = named_days();
            for (std::size_t i = 0; i < days.size(); ++i) {
                CAPTURE(to_string(days[i].date));
                CHECK(c.spx_return[i] == Approx(days[i].close).margin(2e-7));
                CHECK(c.vix_end[i] == Approx(20.0 * days[i].vix_close / days[i].vix_before).epsilon(1e-6));
                const DayPath path = path_of(days[i]);
                double most = 20.0;
                for (const DayPoint& point : path.points) most = std::max(most, 20.0 * point.vix_ratio);
                // Quiet bars before the day are bars too.
                if (time.find("16:00") != std::string::npos)
                    most = 20.0 * std::ranges::max(path.points, {}, &DayPoint::vix_ratio).vix_ratio;
                CHECK(c.vix_max[i] == Approx(most).epsilon(1e-6));
            }
        }
    }
}

TEST_CASE("a day lies on its session: nothing moves before, each extreme is the end of a bar") {
    Text text = of_days("\"2010-05-06\", 2025-04-07");
    text.time = "2025-06-16T11:00:00";  // Monday; two sessions to the settlement
    text.rest = "[[event]]\nname = \"FOMC\"\ntime = 2025-06-18T14:02:00\nspx_move_sd = 0.004\n";
    const auto e = prepare(text);
    CHECK(e->scenario.sampling.paths == 2);
    for (const std::uint64_t path : {0u, 1u}) {
        const NamedDay day = day_of(path == 0 ? "2010-05-06" : "2025-04-07");
        const DayOnTimeline on = on_timeline(day, *e);
        const Way way = way_of(*e, path);
        REQUIRE(on.points.size() == e->timeline.size());
        double low = 1.0, high = -1.0;
        for (std::size_t step = 0; step < e->timeline.size(); ++step) {
            const Step& here = e->timeline[step];
            CHECK(way.spx[step + 1] == Approx(on.points[step].spx_return).margin(2e-7));
            CHECK(way.vix[step + 1] == Approx(20.0 * on.points[step].vix_ratio).epsilon(1e-6));
            if (here.end <= at(make_date(2025, 6, 17), 16, 0)) {
                CHECK((way.spx[step + 1] == 0.0 && way.vix[step + 1] == Approx(20.0).epsilon(1e-6)));
            }
            low = std::min(low, on.points[step].spx_return), high = std::max(high, on.points[step].spx_return);
        }
        CHECK((low == Approx(day.low) && high == Approx(day.high)));
        CHECK((on.points[on.low].spx_return == low && on.points[on.high].spx_return == high));
        CHECK((e->timeline[on.low].is_bar_end && e->timeline[on.high].is_bar_end && on.low != on.high));
        CHECK((on.low < on.high) == (path == 1));
        CHECK(on.points[on.low].vix_ratio == Approx(day.vix_high / day.vix_before));
    }
}

TEST_CASE("a half day holds a named day too") {
    Text text = of_days();
    text.time = "2025-07-02T16:00:00";
    text.condor = "expiry = 2025-07-03\nshort_delta = 0.15\nwing_width = 25.0\n";
    for (const std::string bars : {"13", "78"}) {
        text.sampling = "bars = " + bars + "\n";
        const PathColumns c = run(*prepare(text), 32);
        for (std::size_t i = 0; i < 32; ++i) CHECK(c.spx_return[i] == Approx(named_days()[i].close).margin(2e-7));
    }
}

TEST_CASE("days that there are not, and an entry that has no close before the day, are refused at their place") {
    CHECK_THROWS_WITH(prepare(of_days("2020-03-17")), Contains("test.toml:10:14: model.named_days holds 2020-03-17"));
    CHECK_THROWS_WITH(prepare(of_days("\"soon\"")), Contains("model.named_days.0"));
    CHECK_THROWS_WITH(prepare(of_days("2020-03-16, 2018-02-05, 2020-03-16")),
                      Contains("test.toml:10:14: model.named_days holds 2020-03-16 twice"));
    Text empty = of_days();
    empty.model += "named_days = []\n";
    CHECK_THROWS_WITH(prepare(empty), Contains("model.named_days is empty"));
    Text late = of_days();
    late.time = "2025-06-18T10:00:00";
    CHECK_THROWS_WITH(prepare(late),
                      Contains("test.toml:") && Contains("condor.expiry is in the session of the entry"));
}

TEST_CASE("rules fire on a named day: a layer is opened where VIX crosses") {
    Text text = of_days("2024-08-05, 2008-10-13");
    text.rest =
        layer("rule", "type = \"vix_call\", days = 30, delta = 0.50", "size = { contracts = 1 }\nopen = \"vix > 25\"");
    const PathColumns c = run(*prepare(text), 2);
    CHECK(c.opened[0][0] > 0);
    CHECK(c.opened[0][1] == -1);
}

TEST_CASE("to close a condor at once costs its half-spreads and fees twice") {
    const auto e = prepare(Text());
    const double at_once = condor_pnl_if_closed(*e, e->day.market.time, e->day.market.spx, e->day.state);
    CHECK(at_once == Approx(-2.0 * condor_costs(*e)).margin(1e-4));
}

TEST_CASE("what the days make of a book is what its paths make") {
    Text text = of_days();
    text.rest = layer("first", "type = \"vix_call\", days = 30, delta = 0.50", "size = { contracts = 3 }") +
                layer("second", "type = \"spx_put\", days = 20, delta = 0.30",
                      "size = { contracts = 1 }\nopen = \"spx_return < -0.02\"\nclose = \"vix > 40\"");
    const auto e = volstorm::prepare(parse_scenario(text.text(), "test.toml"), true);
    const std::vector<NamedDay> days = named_days();
    const std::vector<DayResult> results = results_of(*e, days);
    const PathColumns c = run(*e, days.size());
    REQUIRE(results.size() == days.size());
    for (std::size_t k = 0; k < results.size(); ++k) {
        const DayResult& r = results[k];
        CAPTURE(to_string(r.day.date));
        if (k > 0) CHECK(results[k - 1].total <= r.total);
        std::size_t i = 0;
        while (days[i].date != r.day.date) ++i;
        CHECK(r.total == Approx(c.pnl.back()[i]));
        CHECK(r.condor + r.layers[0] + r.layers[1] + r.costs == Approx(r.total).margin(0.02));
        // The condor by hand.
        const double spx = 6000.0 * (1.0 + r.day.close);
        double condor = 0.0;
        for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
            const double strike = e->condor->strike[leg];
            const double pays = std::max(0.0, leg <= kShortPut ? strike - spx : spx - strike);
            condor += kCondorSigns[leg] * 100.0 * (pays - e->condor->mid[leg]);
        }
        CHECK(r.condor == Approx(condor).margin(0.05));
    }
    // Marks of the same bars without a second layer: at the low nothing else than closing there differs.
    const DayOnTimeline on = on_timeline(days[9], *e);
    double at_low = 0.0;
    const std::uint64_t path = 9;
    PathColumns one;
    Simulator(*e).trace({&path, 1}, one, [&](std::size_t, std::size_t step, const PathPoint& point) {
        if (step != on.low + 1) return;
        at_low = condor_pnl_if_closed(*e, e->timeline[on.low].end, 6000.0 * std::exp(static_cast<double>(point.x)),
                                      {point.v, point.m});
        for (const double pnl : point.layer_pnl) at_low += pnl;
    });
    const auto same = [&](const DayResult& r) { return r.day.date == days[9].date; };
    CHECK(std::ranges::find_if(results, same)->total_at_low == Approx(at_low));
}

TEST_CASE("a layer sold on the path now makes what the same layer makes that is sold there by its rule") {
    // By minutes since the entry, at a bar in the middle of the day.
    const std::string first = "type = \"vix_call\", days = 30, delta = 0.50", size = "size = { contracts = 3 }\n";
    Text held = of_days("2018-02-05"), sold = held;
    held.rest = layer("first", first, size);
    sold.rest = layer("first", first, size + "close = \"minutes() >= 1290\"");  // 13:30
    const auto e = volstorm::prepare(parse_scenario(held.text(), "test.toml"), true);
    const auto by_rule = prepare(sold);
    double now = 0.0;
    const std::uint64_t path = 0;
    PathColumns columns;
    Simulator(*e).trace({&path, 1}, columns, [&](std::size_t, std::size_t step, const PathPoint& point) {
        if (step > 0 && e->timeline[step - 1].end == at(make_date(2025, 6, 18), 13, 30)) now = point.layer_pnl[0];
    });
    const PathColumns c = run(*by_rule, 1);
    CHECK(c.closed[0][0] < static_cast<std::int32_t>(e->timeline.size()));
    CHECK(now == Approx(c.contracts[0][0] * (c.unit_pnl[0][0] - c.unit_cost[0][0])).margin(0.02));
    CHECK(now != 0.0);
}

TEST_CASE("a VIX that the model cannot have is held at the nearest that it has, and the run says so") {
    Text text = of_days("2025-04-09, 2018-02-05");
    text.vix = 16.0;
    // An announcement to come brings 43 % of VIX^2; the day takes VIX below that.
    text.rest = "[[event]]\nname = \"vote\"\ntime = 2025-07-08T14:00:00\nspx_move_sd = 0.03\n";
    const auto e = prepare(text);
    const std::vector<std::string> origin = e->generator->origin();
    REQUIRE(origin.size() == 2);
    CHECK_THAT(origin[1], Contains("2025-04-09: VIX 10.28, which the model cannot have, is held at"));
    const LinearInState squared = e->day.vix_squared_at(e->horizon());
    const PathColumns c = run(*e, 2);
    CHECK(c.vix_end[0] > 100.0 * std::sqrt(squared.constant));
    CHECK(c.vix_end[0] < 1.01 * 100.0 * std::sqrt(squared.constant + 0.02 * 0.02 * (squared.per_v + squared.per_m)));
    CHECK(c.vix_end[1] == Approx(16.0 * 37.32 / 17.31).epsilon(1e-6));
}

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <numeric>

#include "made_history.h"
#include "same_paths.h"

using namespace volstorm;
using namespace short_run;
using Catch::Matchers::Contains;
using made_history::scenario;
using made_history::Session;

namespace {

constexpr std::size_t kPaths = 1'024;
const double kRootSessions = std::sqrt(252.0);

// ln SPX over the entry's, and ln VIX, by path and step; [0] is the entry.
struct Ways {
    std::vector<std::vector<double>> spx, log_vix;
};
Ways ways_of(const Experiment& e, std::size_t paths) {
    Ways ways;
    ways.spx.resize(paths), ways.log_vix.resize(paths);
    Simulator simulator(e);
    for (std::uint64_t first = 0; first < paths; first += kBlockPaths) {
        std::vector<std::uint64_t> numbers(std::min<std::size_t>(kBlockPaths, paths - first));
        std::iota(numbers.begin(), numbers.end(), first);
        PathColumns columns;
        simulator.trace(numbers, columns, [&](std::size_t i, std::size_t step, const PathPoint& point) {
            const DateTime when = step == 0 ? e.day.market.time : e.timeline[step - 1].end;
            ways.spx[first + i].push_back(static_cast<double>(point.x));
            ways.log_vix[first + i].push_back(std::log(vix_level(e.day.vix_squared_at(when), {point.v, point.m})));
        });
    }
    return ways;
}

std::size_t step_at(const Experiment& e, DateTime time) {
    for (std::size_t step = 0; step < e.timeline.size(); ++step)
        if (e.timeline[step].end == time) return step + 1;
    throw std::logic_error("no step ends then");
}

// How much of the gap to the open, and of the way from open to close, a piece of a session has.
struct Scales {
    double gap = 1.0, day = 1.0;
};

// The session that makes this move from a close at which ln VIX is `log_vix`; -1: none does.
int session_of(const std::vector<Session>& sessions, double log_vix, double move, double vix_change,
               Scales scales = {}) {
    const double sigma = 0.01 * std::exp(log_vix) / kRootSessions;
    const auto of = [&](double gap, double whole) { return scales.gap * gap + scales.day * (whole - gap); };
    for (std::size_t k = 0; k < sessions.size(); ++k) {
        const Session& s = sessions[k];
        const bool same = std::abs(move - sigma * of(s.gap, s.z)) < 2e-7 &&
                          std::abs(vix_change - of(s.log_vix_gap, s.log_vix_change)) < 2e-6;
        if (same) return static_cast<int>(k);
    }
    return -1;
}

// Root of the share that [from, to] has of the variance of a whole session from open to close.
double day_scale(const Experiment& e, DateTime from, DateTime to) {
    return std::sqrt(252.0 * e.day.variance_time(from, to).value / (1.0 - e.day.clock.overnight_share()));
}

}  // namespace

TEST_CASE("a path closes exactly where a session of history did, in units of its day's VIX") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 300);
    const auto e = prepare(scenario(folder, "regime = \"all\"\n"));
    const Ways ways = ways_of(*e, kPaths);
    std::vector<int> drawn(sessions.size());
    for (std::size_t i = 0; i < kPaths; ++i) {
        const int k = session_of(sessions, std::log(20.0), ways.spx[i].back(), ways.log_vix[i].back() - std::log(20.0));
        REQUIRE(k >= 0);
        ++drawn[static_cast<std::size_t>(k)];
        // It opens where that session did.
        const Session& s = sessions[static_cast<std::size_t>(k)];
        const std::size_t open = step_at(*e, at(make_date(2025, 6, 18), 9, 30));
        CHECK(ways.spx[i][open] == Approx(0.2 / kRootSessions * s.gap).margin(2e-7));
        CHECK(ways.log_vix[i][open] - std::log(20.0) == Approx(s.log_vix_gap).margin(2e-6));
    }
    // Equally likely: chi-square of 300 cells around 299.
    double chi = 0.0;
    const double expected = static_cast<double>(kPaths) / static_cast<double>(sessions.size());
    for (const int n : drawn) chi += std::pow(n - expected, 2) / expected;
    CHECK(std::abs(chi - 299.0) < 4.0 * std::sqrt(2.0 * 299.0));
}

TEST_CASE("on a path v takes the move of VIX, and m gives way at the bounds of the state alone") {
    const TemporaryFolder folder;
    made_history::write(folder, 300);
    const auto e = prepare(scenario(folder));
    std::size_t held = 0, all = 0;
    std::vector<std::uint64_t> numbers(kBlockPaths);
    std::iota(numbers.begin(), numbers.end(), 0);
    PathColumns columns;
    Simulator(*e).trace(numbers, columns, [&](std::size_t, std::size_t step, const PathPoint& point) {
        const double vix =
            vix_level(e->day.vix_squared_at(e->timeline[std::max<std::size_t>(step, 1) - 1].end), {point.v, point.m});
        const double unit = 1e-4 * vix * vix;
        CHECK((point.v > 0.0199 * unit && point.v < 5.01 * unit && point.m > 0.0199 * unit && point.m < 5.01 * unit));
        ++all;
        const bool same_m = std::abs(point.m / e->day.state.m - 1.0) < 1e-6;
        held += same_m ? 1 : 0;
        const auto near = [&](double value, double share) { return std::abs(value / (share * unit) - 1.0) < 1e-4; };
        CHECK((same_m || near(point.v, 0.02) || near(point.v, 5.0) || near(point.m, 0.02) || near(point.m, 5.0)));
    });
    CHECK(static_cast<double>(held) > 0.9 * static_cast<double>(all));
}

TEST_CASE("several sessions are drawn in a row, each from the VIX where the one before closed") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 300);
    for (const int block : {1, 2, 3}) {
        CAPTURE(block);
        Text text = scenario(folder, "regime = \"all\"\nblock = " + std::to_string(block) + "\n");
        text.condor = "expiry = 2025-06-23\nshort_delta = 0.15\nwing_width = 25.0\n";  // three sessions and a holiday
        const auto e = prepare(text);
        const Ways ways = ways_of(*e, 512);
        std::size_t in_a_row = 0;
        for (std::size_t i = 0; i < 512; ++i) {
            std::size_t before = 0;
            std::vector<int> drawn;
            for (const Date date : {make_date(2025, 6, 18), make_date(2025, 6, 20), make_date(2025, 6, 23)}) {
                const std::size_t close = step_at(*e, session_close(date));
                drawn.push_back(session_of(sessions, ways.log_vix[i][before], ways.spx[i][close] - ways.spx[i][before],
                                           ways.log_vix[i][close] - ways.log_vix[i][before]));
                REQUIRE(drawn.back() >= 0);
                before = close;
            }
            if (block >= 2) CHECK(drawn[1] == drawn[0] + 1);
            if (block == 3) CHECK(drawn[2] == drawn[1] + 1);
            in_a_row += drawn[2] == drawn[1] + 1 ? 1 : 0;
        }
        if (block < 3) CHECK(in_a_row < 20);  // by chance: 512 / 300
    }
}

TEST_CASE("what is left of the entry's session has no gap, and of the day the root of its share of variance") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 200);
    Text text = scenario(folder, "regime = \"all\"\n");
    text.time = "2025-06-17T12:00:00";
    const auto e = prepare(text);
    const Ways ways = ways_of(*e, 256);
    const DateTime close = session_close(make_date(2025, 6, 17));
    const Scales rest{.gap = 0.0, .day = day_scale(*e, e->day.market.time, close)};
    CHECK((rest.day > 0.6 && rest.day < 0.8));  // 10:00 to 12:00 and before have half of the day's variance
    const std::size_t first = step_at(*e, close);
    for (std::size_t i = 0; i < 256; ++i) {
        CHECK(session_of(sessions, std::log(20.0), ways.spx[i][first], ways.log_vix[i][first] - std::log(20.0), rest) >=
              0);
        CHECK(session_of(sessions, ways.log_vix[i][first], ways.spx[i].back() - ways.spx[i][first],
                         ways.log_vix[i].back() - ways.log_vix[i][first]) >= 0);
    }
}

TEST_CASE("between open and close a path strays as far as the session's high and low say (Parkinson 1980)") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 150);
    const auto e = prepare(scenario(folder, "regime = \"all\"\n"));
    constexpr std::size_t kMany = 8'192;
    const Ways ways = ways_of(*e, kMany);
    const std::size_t open = step_at(*e, at(make_date(2025, 6, 18), 9, 30)),
                      noon = step_at(*e, at(make_date(2025, 6, 18), 12, 0)), last = e->timeline.size();
    const auto share = [&](std::size_t a, std::size_t b) {
        return e->day.variance_time(e->timeline[a - 1].end, e->timeline[b - 1].end).value;
    };
    const double s = share(open, noon) / share(open, last);
    Mean squares, products, vix_squares;
    for (std::size_t i = 0; i < kMany; ++i) {
        const int k = session_of(sessions, std::log(20.0), ways.spx[i].back(), ways.log_vix[i].back() - std::log(20.0));
        const Session& session = sessions[static_cast<std::size_t>(k)];
        const double sigma = 0.2 / kRootSessions, his_sigma = 0.01 * session.vix_before / kRootSessions;
        const double sd = session.range / std::sqrt(4.0 * std::log(2.0)) / his_sigma * sigma;
        const auto bend = [&](const std::vector<double>& way) {
            return way[noon] - way[open] - s * (way[last] - way[open]);
        };
        const double x = bend(ways.spx[i]) / (sd * std::sqrt(s * (1.0 - s)));
        squares.add(x * x);
        products.add(x * bend(ways.log_vix[i]));
    }
    CHECK(std::abs(squares.value() - 1.0) < 4.0 * squares.error());
    CHECK(products.value() < -4.0 * products.error());  // VIX strays the other way
}

TEST_CASE("without any open the gap is that of a bridge from close to close, and still every close is exact") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 200, {.opens = false});
    const auto e = prepare(scenario(folder, "regime = \"all\"\n"));
    const Ways ways = ways_of(*e, 4'096);
    const std::size_t open = step_at(*e, at(make_date(2025, 6, 18), 9, 30));
    Mean rest;
    for (std::size_t i = 0; i < 4'096; ++i) {
        const int k = session_of(sessions, std::log(20.0), ways.spx[i].back(), ways.log_vix[i].back() - std::log(20.0));
        REQUIRE(k >= 0);
        const Session& session = sessions[static_cast<std::size_t>(k)];
        const double sd = session.range / std::sqrt(4.0 * std::log(2.0)) * 20.0 / session.vix_before;
        const double share = e->day.clock.overnight_share();
        const double x = (ways.spx[i][open] - share * ways.spx[i].back()) / (sd * std::sqrt(share));
        rest.add(x * x);
    }
    CHECK(std::abs(rest.value() - 1.0) < 4.0 * rest.error());
}

TEST_CASE("a gap that is not known is another session's, less what the two returns differ by") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 400, {.opens_from = 200});
    const auto e = prepare(scenario(folder, "regime = \"all\"\n"));
    CHECK_THAT(e->generator->origin()[1], Contains("opens known of 200, highs and lows of 400"));
    const Ways ways = ways_of(*e, 8'192);
    const std::size_t open = step_at(*e, at(make_date(2025, 6, 18), 9, 30));
    Mean rest, rest_and_z;
    std::size_t borrowed = 0;
    for (std::size_t i = 0; i < ways.spx.size(); ++i) {
        const int k = session_of(sessions, std::log(20.0), ways.spx[i].back(), ways.log_vix[i].back() - std::log(20.0));
        REQUIRE(k >= 0);
        const Session& session = sessions[static_cast<std::size_t>(k)];
        const double gap = ways.spx[i][open] * kRootSessions / 0.2;
        if (k >= 200) {
            CHECK(gap == Approx(session.gap).margin(2e-5));
            continue;
        }
        ++borrowed;
        rest.add(std::pow(gap - 0.3 * session.z, 2));
        rest_and_z.add((gap - 0.3 * session.z) * session.z);
    }
    CHECK(borrowed > 3'500);
    CHECK(rest.value() == Approx(0.16).epsilon(0.25));  // of 200 gaps: 10 % is one standard error
    CHECK(std::abs(rest_and_z.value()) < 0.05);
}

TEST_CASE("from the open on, the entry's session is a whole day without its gap") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 200);
    Text text = scenario(folder, "regime = \"all\"\n");
    text.time = "2025-06-18T09:30:00";
    const auto e = prepare(text);
    const Ways ways = ways_of(*e, 256);
    for (std::size_t i = 0; i < 256; ++i)
        CHECK(session_of(sessions, std::log(20.0), ways.spx[i].back(), ways.log_vix[i].back() - std::log(20.0),
                         {.gap = 0.0, .day = 1.0}) >= 0);
}

TEST_CASE("a half day has a whole gap, and of the day the root of its share of variance") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 200);
    Text text = scenario(folder, "regime = \"all\"\n");
    text.time = "2025-07-02T16:00:00";
    text.condor = "expiry = 2025-07-03\nshort_delta = 0.15\nwing_width = 25.0\n";
    const auto e = prepare(text);
    const Ways ways = ways_of(*e, 256);
    const std::size_t open = step_at(*e, at(make_date(2025, 7, 3), 9, 30));
    const Scales half{.gap = 1.0, .day = day_scale(*e, e->timeline[open - 1].end, e->horizon())};
    CHECK((half.day > 0.7 && half.day < 0.9));
    for (std::size_t i = 0; i < 256; ++i) {
        const int k =
            session_of(sessions, std::log(20.0), ways.spx[i].back(), ways.log_vix[i].back() - std::log(20.0), half);
        REQUIRE(k >= 0);
        CHECK(ways.spx[i][open] ==
              Approx(0.2 / kRootSessions * sessions[static_cast<std::size_t>(k)].gap).margin(2e-7));
    }
}

TEST_CASE("sessions near today's VIX are drawn, as many by weight as asked for") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 600, {.vix_noise = 0.08, .pull = 0.03});
    for (const double wanted : {50.0, 200.0}) {
        CAPTURE(wanted);
        const auto e = prepare(scenario(folder, "effective_sessions = " + std::to_string(wanted) + "\n"));
        const Ways ways = ways_of(*e, 16'384);
        std::map<int, double> drawn;
        double distance = 0.0;
        for (std::size_t i = 0; i < ways.spx.size(); ++i) {
            const int k =
                session_of(sessions, std::log(20.0), ways.spx[i].back(), ways.log_vix[i].back() - std::log(20.0));
            REQUIRE(k >= 0);
            drawn[k] += 1.0;
            distance = std::max(distance, std::abs(std::log(sessions[static_cast<std::size_t>(k)].vix_before / 20.0)));
        }
        double squares = 0.0;  // unbiased: pairs of paths that drew the same session
        for (const auto& [k, n] : drawn) squares += n * (n - 1.0);
        const double n = static_cast<double>(ways.spx.size());
        CHECK(n * (n - 1.0) / squares == Approx(wanted).epsilon(0.03));
        double furthest = 0.0;
        for (const Session& s : sessions) furthest = std::max(furthest, std::abs(std::log(s.vix_before / 20.0)));
        CHECK(distance < furthest);
    }
}

TEST_CASE("only sessions before the entry's day are drawn unless the scenario says otherwise") {
    const TemporaryFolder folder;
    made_history::write(folder, 700);  // to October 2025
    const auto origin = [&](const std::string& more) {
        return prepare(scenario(folder, "regime = \"all\"\n" + more))->generator->origin().front();
    };
    CHECK_THAT(origin(""), Contains("2023-01-04 to 2025-06-16, all before the entry's day"));
    CHECK_THAT(origin("from = 2024-01-01\nto = 2024-12-31\n"), Contains("2024-01-02 to 2024-12-31, all before"));
    CHECK_THAT(origin("to = 2025-07-15\n"), Contains("to 2025-07-15, not all before the entry"));
}

TEST_CASE("a path is the same alone, in any block and on any executor, and another seed draws others") {
    const TemporaryFolder folder;
    made_history::write(folder, 300);
    Text text = scenario(folder);
    text.rest += layer("first", "type = \"vix_call\", days = 30, delta = 0.50",
                       "size = { contracts = 1 }\nopen = \"vix_change > 0.5\"");
    const auto e = prepare(text);
    const PathColumns whole = run(*e, 1'500);
    Simulator simulator(*e);
    PathColumns one;
    simulator.run(512, 512, one);
    CHECK(same_paths::same(one, whole, 0, 512, 512));
    const std::vector<std::uint64_t> some{1'400, 3, 700};
    simulator.trace(some, one, [](std::size_t, std::size_t, const PathPoint&) {});
    for (std::size_t k = 0; k < some.size(); ++k) CHECK(same_paths::same(one, whole, k, some[k], 1));
    text.sampling = "seed = 12\n";
    CHECK(run(*prepare(text), 512).spx_return != std::vector(whole.spx_return.begin(), whole.spx_return.begin() + 512));
}

TEST_CASE("the real way of a session is taken where five-minute bars are given") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 120, {.first = make_date(2025, 1, 2)});
    // Bars of one session: a straight line in its open and close but for one bar at noon that is 1 % up.
    std::vector<double> spx_close{4000.0};
    for (const Session& s : sessions)
        spx_close.push_back(spx_close.back() * std::exp(0.01 * s.vix_before / kRootSessions * s.z));
    const std::size_t which = 60;
    const Session& s = sessions[which];
    const double sigma = 0.01 * s.vix_before / kRootSessions;
    const double open = spx_close[which] * std::exp(sigma * s.gap), close = spx_close[which + 1];
    const SessionClock clock;
    std::ofstream file(folder / "bars.csv");
    file.precision(17);
    file << "time,open,close\n";
    double passed = 0.0;
    const auto since_1970 = (at(s.date, 13, 30) - DateTime{}).count();  // 09:30 of summer time
    REQUIRE(s.date > make_date(2025, 3, 10));
    for (int bar = 0; bar < 78; ++bar) {
        passed += clock.bar_shares()[static_cast<std::size_t>(bar)] / (1.0 - clock.overnight_share());
        const double line = open * std::pow(close / open, passed);
        file << since_1970 + 300 * bar << ',' << open << ',' << (bar == 29 ? 1.01 * line : line) << '\n';
    }
    file.close();
    std::ofstream vix_file(folder / "vix_bars.csv");
    vix_file.precision(17);
    vix_file << "time,open,close\n";
    for (int bar = 0; bar < 78; ++bar)
        vix_file << since_1970 + 300 * bar << ",20," << (bar == 29 ? 20.4 : 20.0) << '\n';
    vix_file.close();
    const auto e = prepare(scenario(folder, "regime = \"all\"\nspx_intraday = \"" + (folder / "bars.csv").string() +
                                                "\"\nvix_intraday = \"" + (folder / "vix_bars.csv").string() + "\"\n"));
    const Ways ways = ways_of(*e, 1'024);
    const std::size_t begin = step_at(*e, at(make_date(2025, 6, 18), 9, 30)),
                      noon = step_at(*e, at(make_date(2025, 6, 18), 12, 0)), last = e->timeline.size();
    const auto bend = [&](const std::vector<double>& way, std::size_t step) {
        const double share = e->day.variance_time(e->timeline[begin - 1].end, e->timeline[step - 1].end).value /
                             e->day.variance_time(e->timeline[begin - 1].end, e->timeline[last - 1].end).value;
        return way[step] - way[begin] - share * (way[last] - way[begin]);
    };
    const double unit = s.range / sigma;  // of the session whose shape it is
    for (std::size_t i = 0; i < 1'024; ++i) {
        const int k = session_of(sessions, std::log(20.0), ways.spx[i].back(), ways.log_vix[i].back() - std::log(20.0));
        REQUIRE(k >= 0);
        const Session& drawn = sessions[static_cast<std::size_t>(k)];
        const double its_unit = drawn.range / (0.01 * drawn.vix_before / kRootSessions);
        CHECK(bend(ways.spx[i], noon) ==
              Approx(std::log(1.01) / sigma * its_unit / unit * 0.2 / kRootSessions).margin(5e-7));
        CHECK(bend(ways.spx[i], noon + 1) == Approx(0.0).margin(5e-7));
        CHECK(bend(ways.log_vix[i], noon) == Approx(std::log(1.02) * its_unit / unit).margin(5e-6));
    }
}

TEST_CASE("histories that cannot serve are refused at their place") {
    const TemporaryFolder folder;
    made_history::write(folder, 80);
    const auto refusal = [&](const std::string& more) {
        try {
            prepare(scenario(folder, more));
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK_THAT(refusal(""), Contains("test.toml:18:7: bootstrap.spx and bootstrap.vix have 80 sessions") &&
                                Contains("at least 100 are needed"));
    CHECK(refusal("effective_sessions = 60\n").empty());
    CHECK_THAT(refusal("effective_sessions = 60\nblock = 11\n"), Contains("test.toml:21:9: bootstrap.block"));
    CHECK_THAT(refusal("regime = \"all\"\nfrom = 2023-04-20\n"), Contains("at least 10 are needed"));
    CHECK_THAT(refusal("to = 2022-01-01\nfrom = 2023-01-01\n"), Contains("bootstrap.to leaves nothing"));
    CHECK_THAT(refusal("regime = \"all\"\neffective_sessions = 50\n"),
               Contains("bootstrap.effective_sessions changes nothing with regime = \"all\""));
    CHECK_THAT(refusal("regime = \"some\"\n"), Contains("bootstrap.regime is \"some\""));
    CHECK_THAT(refusal("analog = [\"moon\"]\n"), Contains("bootstrap.analog holds \"moon\""));
    CHECK_THAT(refusal("analog = [\"realised_vol\"]\n"), Contains("bootstrap.analog needs the 21 sessions before"));
    CHECK_THAT(refusal("spx_intraday = \"none.csv\"\n"),
               Contains("bootstrap.spx_intraday") && Contains("no such file"));
    std::ofstream(folder / "bars.csv") << "time,open,close\n";
    CHECK_THAT(refusal("spx_intraday = \"" + (folder / "bars.csv").string() + "\"\n"),
               Contains("holds no whole session"));
    CHECK_THAT(refusal("effective_sessions = 60\nblok = 2\n"),
               Contains("bootstrap.blok is not a setting here (did you mean block?)"));
    made_history::write(folder, 120, {.ranges = false});
    CHECK_THAT(refusal(""), Contains("bootstrap.spx has no highs and lows"));
    Text without = Text();
    without.model += "generator = \"bootstrap\"\n";
    CHECK_THROWS_WITH(prepare(without), Contains("bootstrap"));
}

TEST_CASE("sessions like today's in realised vol are drawn where that is asked for") {
    const TemporaryFolder folder;
    const Date before = make_date(2025, 6, 16), first = make_date(2023, 1, 4);
    const auto sessions = made_history::write(folder, sessions_between(first, before) + 1);
    REQUIRE(sessions.back().date == before);
    const auto with = prepare(scenario(folder, "analog = [\"realised_vol\"]\n"));
    const auto without = prepare(scenario(folder));
    CHECK_THAT(with->generator->origin()[1], Contains("as many as 100 by weight") && Contains("realised vol"));
    CHECK(run(*with, 512).spx_return != run(*without, 512).spx_return);
}

TEST_CASE("a session before which one is missing is not drawn, and the run counts it") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 60);
    // Without the rows of two sessions.
    for (const char* name : {"spx.csv", "vix.csv"}) {
        std::ifstream all(folder / name);
        std::string rest, line;
        while (std::getline(all, line)) {
            const bool gone =
                line.starts_with(to_string(sessions[10].date)) || line.starts_with(to_string(sessions[40].date));
            if (!gone) rest += line + '\n';
        }
        all.close();
        std::ofstream(folder / name) << rest;
    }
    const auto e = prepare(scenario(folder, "regime = \"all\"\n"));
    const std::vector<std::string> origin = e->generator->origin();
    CHECK_THAT(origin.front(), Contains("drawn from 56 sessions"));
    CHECK_THAT(origin.back(), Contains("2 sessions that follow a missing one set aside, the first of " +
                                       to_string(sessions[11].date)));
    const Ways ways = ways_of(*e, kPaths);
    for (std::size_t i = 0; i < kPaths; ++i) {
        const int k = session_of(sessions, std::log(20.0), ways.spx[i].back(), ways.log_vix[i].back() - std::log(20.0));
        CHECK((k >= 0 && k != 10 && k != 11 && k != 40 && k != 41));  // only what happened in one session
    }
}

TEST_CASE("a path knows the sessions that it drew") {
    const TemporaryFolder folder;
    const auto sessions = made_history::write(folder, 200);
    Text text = scenario(folder, "regime = \"all\"\n");
    text.condor = "expiry = 2025-06-20\nshort_delta = 0.15\nwing_width = 25.0\n";
    const auto e = prepare(text);
    REQUIRE(e->generator->draws() == 2);
    const PathColumns c = run(*e, 600);
    REQUIRE(c.drawn.size() == 2);
    const auto drawn = [&](std::size_t draw, std::size_t path) -> const Session& {
        const Date date{std::chrono::days(c.drawn[draw][path])};
        return *std::ranges::find(sessions, date, &Session::date);
    };
    for (std::size_t i = 0; i < 600; ++i) {
        const Session &first = drawn(0, i), &second = drawn(1, i);
        const double x = 0.2 / kRootSessions * (first.z + second.z * std::exp(first.log_vix_change));
        CHECK(std::log1p(static_cast<double>(c.spx_return[i])) == Approx(x).margin(5e-7));
    }
    CHECK(prepare(Text())->generator->draws() == 0);
}

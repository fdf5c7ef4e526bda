#include <array>
#include <catch2/catch.hpp>
#include <thread>

#include "executors.h"
#include "same_paths.h"
#include "short_run.h"

using namespace volstorm;
using namespace short_run;
using executors::Kind;
using same_paths::same;

namespace {

// Layers at the entry and by rule, an event, two jump families: all that a path can meet.
Text busy() {
    Text text;
    text.time = "2025-06-17T15:45:00";
    text.rest =
        "[[event]]\nname = \"FOMC\"\ntime = 2025-06-18T14:00:00\nspx_move_sd = 0.0075\n" +
        layer("first", "type = \"vix_call\", days = 30, delta = 0.50", "size = { budget = 0.3, of = \"max_risk\" }") +
        layer("second", "type = \"vix_call_spread\", days = 30, delta = 0.40, width = 10.0",
              "size = { budget = 0.3, of = \"max_risk\" }\nopen = \"vix_change > 0.5\"\nclose = \"vix_change < 0\"") +
        // Bought on either day: two expiries.
        layer("third", "type = \"spx_put_spread\", days = 6, delta = 0.30, width = 50.0",
              "size = { contracts = 1 }\nopen = \"spx_day_return < -0.004\"");
    return text;
}

// All columns of a run of `paths` on this executor.
PathColumns run_on(Executor& executor, const Experiment& e, std::size_t paths, std::size_t piece_paths) {
    PathColumns all;
    all.resize(e, paths);
    std::vector<PathColumns> columns(executor.slots());
    std::vector<std::unique_ptr<Simulator>> simulators(executor.threads());
    const auto copy = [](const auto& from, auto& to, std::size_t first) {
        for (std::size_t k = 0; k < from.size(); ++k) {
            std::copy(from[k].begin(), from[k].end(), to[k].begin() + static_cast<std::ptrdiff_t>(first));
        }
    };
    executor.for_each_ordered(
        (paths + piece_paths - 1) / piece_paths,
        [&](std::size_t worker, std::size_t slot, std::size_t piece) {
            if (!simulators[worker]) simulators[worker] = std::make_unique<Simulator>(e);
            simulators[worker]->run(piece * piece_paths, std::min(piece_paths, paths - piece * piece_paths),
                                    columns[slot]);
        },
        [&](std::size_t slot, std::size_t) {
            const PathColumns& c = columns[slot];
            const auto first = static_cast<std::ptrdiff_t>(c.first);
            copy(c.pnl, all.pnl, c.first), copy(c.pnl_leg, all.pnl_leg, c.first), copy(c.jumps, all.jumps, c.first);
            copy(c.opened, all.opened, c.first), copy(c.closed, all.closed, c.first);
            copy(c.contracts, all.contracts, c.first), copy(c.unit_pnl, all.unit_pnl, c.first);
            copy(c.unit_cost, all.unit_cost, c.first);
            std::copy(c.spx_return.begin(), c.spx_return.end(), all.spx_return.begin() + first);
            std::copy(c.vix_end.begin(), c.vix_end.end(), all.vix_end.begin() + first);
            std::copy(c.vix_max.begin(), c.vix_max.end(), all.vix_max.begin() + first);
            std::copy(c.breach.begin(), c.breach.end(), all.breach.begin() + first);
        });
    return all;
}

}  // namespace

TEST_CASE("paths are the same bits on any number of threads, by either executor, in pieces of any size", "[threads]") {
    constexpr std::size_t kPaths = 9'999;  // no multiple of a block of 512
    const auto e = prepare(busy());
    const PathColumns whole = run(*e, kPaths);
    for (const std::size_t threads : {1u, 2u, 5u}) {
        for (const std::size_t piece : {512u, 2'048u, 65'536u}) {
            CAPTURE(threads, piece);
            for (const Kind kind : {Kind::tbb, Kind::threads}) {
                CHECK(same(run_on(*executors::make(kind, threads), *e, kPaths, piece), whole, 0, 0, kPaths));
            }
        }
    }
}

TEST_CASE("threads that mark far outside the surface at once get what one thread gets", "[threads]") {
    const auto e = prepare(busy());
    const LayerMarks& marks = *e->layers[2].marks.front();
    const std::vector<double> root(4, e->box.root_v.low), m(4, e->day.state.m), spx{3000.0, 4000.0, 8000.0, 12'000.0};
    const auto mark_all = [&] {
        std::vector<double> found;
        for (std::size_t time = 0; time < e->mark_times.times.size(); time += 40) {
            std::array<double, 4> out;
            const std::size_t exact = marks.mark(std::vector<double>(4, 6000.0), time, {{root, m}, spx}, out.data());
            found.push_back(static_cast<double>(exact));
            found.insert(found.end(), out.begin(), out.end());
        }
        return found;
    };
    std::array<std::vector<double>, 4> found;
    {
        std::vector<std::jthread> threads;
        for (std::vector<double>& of_thread : found) threads.emplace_back([&] { of_thread = mark_all(); });
    }
    CHECK(found[0][0] > 0.0);  // some were exact
    for (const std::vector<double>& of_thread : found) CHECK(of_thread == mark_all());
}

TEST_CASE("blocks in another order, by one simulator, are the same paths") {
    const auto e = prepare(busy());
    const PathColumns whole = run(*e, 4 * kBlockPaths);
    Simulator simulator(*e);
    PathColumns one;
    for (const std::size_t block : {3u, 0u, 2u, 0u, 1u}) {
        simulator.run(block * kBlockPaths, kBlockPaths, one);
        CHECK(same(one, whole, 0, block * kBlockPaths, kBlockPaths));
    }
}

TEST_CASE("more paths do not change earlier ones, and another seed changes all") {
    Text text = busy();
    const PathColumns few = run(*prepare(text), 700);
    text.sampling = "seed = 11\npaths = 70000\nmethod = \"plain\"\n";
    CHECK(same(run(*prepare(text), 1'500), few, 0, 0, 700));
    text.sampling = "seed = 12\nmethod = \"plain\"\n";
    const PathColumns other = run(*prepare(text), 700);
    for (std::size_t i = 0; i < 700; ++i) CHECK(other.spx_return[i] != few.spx_return[i]);
}

TEST_CASE("a second preparation of the same scenario gives the same bits") {
    CHECK(same(run(*prepare(busy()), 1'000), run(*prepare(busy()), 1'000), 0, 0, 1'000));
}

TEST_CASE("a path alone is the same as in the run") {
    const auto e = prepare(busy());
    const PathColumns whole = run(*e, 3'000);
    Simulator simulator(*e);
    PathColumns alone;
    const std::vector<std::uint64_t> some{2'999, 0, 1, 511, 512, 1'300};
    std::vector<std::size_t> points(some.size(), 0);
    std::vector<float> last(some.size());
    PathColumns several;
    simulator.trace(some, several, [&](std::size_t i, std::size_t step, const PathPoint& point) {
        CHECK(step == points[i]++);
        last[i] = point.x;
    });
    for (std::size_t i = 0; i < some.size(); ++i) {
        CAPTURE(some[i]);
        CHECK(same(several, whole, i, some[i], 1));
        CHECK(points[i] == e->timeline.size() + 1);
        CHECK(static_cast<float>(std::exp(static_cast<double>(last[i])) - 1.0) ==
              Approx(whole.spx_return[some[i]]).margin(1e-7));
        simulator.trace({&some[i], 1}, alone, [](std::size_t, std::size_t, const PathPoint&) {});
        CHECK(same(alone, whole, 0, some[i], 1));
    }
    // The simulator goes on as before.
    simulator.run(0, kBlockPaths, alone);
    CHECK(same(alone, whole, 0, 0, kBlockPaths));
}

TEST_CASE("chosen paths in any order, more than a batch of them, are the same as in the run") {
    const auto e = prepare(busy());
    constexpr std::size_t kPaths = 65 * kBlockPaths + 3;
    const PathColumns whole = run(*e, kPaths);
    std::vector<std::uint64_t> numbers(kPaths);
    for (std::size_t i = 0; i < kPaths; ++i) numbers[i] = i * 7'919 % kPaths;
    PathColumns chosen;
    Simulator(*e).run(numbers, chosen);
    REQUIRE(chosen.count == kPaths);
    for (std::size_t i = 0; i < kPaths; ++i) REQUIRE(same(chosen, whole, i, numbers[i], 1));
    Simulator(*e).run(std::span<const std::uint64_t>(numbers).first(1), chosen);
    CHECK(same(chosen, whole, 0, numbers[0], 1));
}

TEST_CASE("what happens after 14:00 changes no earlier state and no earlier decision") {
    Text text = busy();
    const auto calm = prepare(text);
    // The same event, announced alike, turns out a crash on paths.
    text.rest.replace(text.rest.find("spx_move_sd = 0.0075"), 20,
                      "spx_move_sd = 0.0075\nphysical_mean = -0.05\nphysical_sd = 0.02");
    const auto crash = prepare(text);
    std::size_t event_step = 0;
    while (calm->timeline[event_step].event == kNoEvent) ++event_step;
    const auto event_number = static_cast<std::int32_t>(event_step + 1);
    constexpr std::size_t kPaths = 5'000;
    const PathColumns a = run(*calm, kPaths), b = run(*crash, kPaths);
    std::size_t opened_before = 0, changed_after = 0;
    for (std::size_t i = 0; i < kPaths; ++i) {
        for (const auto column : {&PathColumns::opened, &PathColumns::closed}) {
            const std::int32_t x = (a.*column)[1][i], y = (b.*column)[1][i];
            const bool before = (x >= 0 && x < event_number) || (y >= 0 && y < event_number);
            if (before) CHECK(x == y);
            opened_before += before;
        }
        changed_after += a.spx_return[i] != b.spx_return[i];
    }
    CHECK(opened_before > kPaths / 10);
    CHECK(changed_after == kPaths);

    PathColumns ignored;
    std::vector<PathPoint> calm_points, crash_points;
    const std::uint64_t seven = 7;
    Simulator(*calm).trace({&seven, 1}, ignored,
                           [&](std::size_t, std::size_t, const PathPoint& point) { calm_points.push_back(point); });
    Simulator(*crash).trace({&seven, 1}, ignored,
                            [&](std::size_t, std::size_t, const PathPoint& point) { crash_points.push_back(point); });
    for (std::size_t step = 0; step < event_step; ++step) {
        CHECK(calm_points[step].x == crash_points[step].x);
        CHECK(calm_points[step].v == crash_points[step].v);
    }
    CHECK(calm_points[event_step + 1].x != crash_points[event_step + 1].x);
}

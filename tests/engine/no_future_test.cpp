// A rule's decision at a bar depends on no later bar: later steps are made others, and every earlier decision stays.
#include <catch2/catch.hpp>

#include "short_run.h"

using namespace volstorm;
using namespace short_run;

namespace {

constexpr std::size_t kPaths = 1'024;

// Signals of both time frames, `for`, a delay, positions sold and strikes chosen on the way.
Text ruled() {
    Text text;
    text.time = "2024-12-17T15:45:00";
    text.vix = 16.0;
    text.market = std::string("history = \"") + VOLSTORM_SCENARIOS + "/history/2024-12-17.csv\"\n";
    text.condor = "expiry = 2024-12-18\nshort_delta = 0.15\nwing_width = 25.0\ncontracts = 10\n";
    const std::string size = "size = { budget = 0.3, of = \"max_risk\" }\n";
    text.rest = layer("first", "type = \"vix_call\", days = 30, delta = 0.50",
                      size + "open = \"rsi(vix.bar, 5) > 60 for 3 bars\"\nclose = \"vix_change < 0\"") +
                layer("second", "type = \"vix_call_spread\", days = 30, delta = 0.40, width = 10.0",
                      size + "open = \"macd_histogram(spx.bar, 3, 7, 4) < 0 and vix_day_change > 0.3\"\ndelay = 1") +
                layer("third", "type = \"vix_put\", days = 30, delta = 0.25",
                      "size = { contracts = 1 }\nopen = \"rsi(vix, 14) > 60 or spx_day_return < -0.004\"\n"
                      "close = \"macd_histogram(spx, 12, 26, 9) > 0 or spx_return > 0\"");
    return text;
}

// The same experiment with the steps after the first `kept` made others: SPX falls in the next one, and the noise of v
// and m turns round. The law of the variance stays, so that marks stay within the box of their interpolation.
class ChangedAfter {
 public:
    // An experiment is constant to those who use it; the object itself is not.
    ChangedAfter(const Experiment& e, std::size_t kept) : plan_(const_cast<PathPlan&>(e.plan)), steps_(plan_.steps) {
        plan_.steps[kept].x_drift -= 0.005f;
        for (std::size_t step = kept; step < plan_.steps.size(); ++step) {
            plan_.steps[step].sigma_v_rest *= -1.0f;
            plan_.steps[step].sigma_m *= -1.0f;
        }
    }
    ~ChangedAfter() { plan_.steps = steps_; }
    ChangedAfter(const ChangedAfter&) = delete;
    ChangedAfter& operator=(const ChangedAfter&) = delete;

 private:
    PathPlan& plan_;
    std::vector<StepConstants> steps_;
};

PathColumns run_changed(const Experiment& e, std::size_t kept) {
    const ChangedAfter change(e, kept);
    return run(e, kPaths);
}

struct Point {
    float x, v, m;
    std::vector<double> contracts;
    bool operator==(const Point&) const = default;
};
std::vector<Point> trace(const Experiment& e, std::uint64_t path) {
    std::vector<Point> points;
    PathColumns ignored;
    Simulator(e).trace({&path, 1}, ignored, [&](std::size_t, std::size_t, const PathPoint& p) {
        points.push_back({p.x, p.v, p.m, {p.layer_contracts.begin(), p.layer_contracts.end()}});
    });
    return points;
}

struct Decisions {
    std::size_t before = 0, later = 0, later_that_differ = 0;
};

// Compares what was decided up to step `last` on both, and counts.
Decisions compare(const PathColumns& a, const PathColumns& b, std::int32_t last) {
    Decisions found;
    const auto is_before = [&](std::int32_t step) { return step >= 0 && step <= last; };
    for (std::size_t k = 0; k < a.opened.size(); ++k) {
        for (std::size_t i = 0; i < kPaths; ++i) {
            for (const auto column : {&PathColumns::opened, &PathColumns::closed}) {
                const std::int32_t x = (a.*column)[k][i], y = (b.*column)[k][i];
                if (is_before(x) || is_before(y)) {
                    CHECK(x == y);
                    ++found.before;
                } else {
                    ++found.later;
                    found.later_that_differ += x != y;
                }
            }
            if (is_before(a.opened[k][i])) CHECK(a.contracts[k][i] == b.contracts[k][i]);
            if (!is_before(a.closed[k][i])) continue;
            CHECK(a.unit_pnl[k][i] == b.unit_pnl[k][i]);
            CHECK(a.unit_cost[k][i] == b.unit_cost[k][i]);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("what a rule decides depends on no later bar") {
    const auto e = prepare(ruled());
    const PathColumns truth = run(*e, kPaths);
    std::size_t before = 0;
    for (const std::size_t kept : {0u, 1u, 3u, 8u, 9u, 20u, 33u, 50u, 80u}) {
        const PathColumns other = run_changed(*e, kept);
        CAPTURE(kept);
        const Decisions found = compare(truth, other, static_cast<std::int32_t>(kept));
        CHECK(found.before >= before);
        before = found.before;
        if (kept <= 33) CHECK(found.later_that_differ > kPaths / 10);  // what was changed is seen
        for (std::size_t i = 0; i < kPaths; ++i) CHECK(truth.spx_return[i] != other.spx_return[i]);
    }
    CHECK(before > kPaths);
}

TEST_CASE("the states of a path depend on no later step") {
    const auto e = prepare(ruled());
    constexpr std::size_t kKept = 40;
    for (const std::uint64_t path : {0u, 7u, 511u, 1'000u}) {
        const std::vector<Point> a = trace(*e, path);
        const ChangedAfter change(*e, kKept);
        const std::vector<Point> b = trace(*e, path);
        for (std::size_t step = 0; step < a.size(); ++step) {
            CAPTURE(path, step);
            CHECK((a[step] == b[step]) == (step <= kKept));
        }
    }
}

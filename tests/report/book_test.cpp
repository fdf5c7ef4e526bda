// Every figure of a run, against plain loops over its paths.
#include <algorithm>
#include <catch2/catch.hpp>

#include "book.h"

using namespace volstorm;

namespace {

constexpr std::size_t kPaths = 8'000;

const book::Run& run() {
    static const book::Run kept = book::measured(book::full(), kPaths);
    return kept;
}

double mean_where(const std::vector<float>& values, const auto& chosen) {
    double sum = 0.0, count = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!chosen(i)) continue;
        sum += values[i];
        count += 1.0;
    }
    return sum / count;
}

}  // namespace

TEST_CASE("each strategy has the mean, the worst and the tail of its own column") {
    const book::Run& r = run();
    REQUIRE(r.risk.strategies.size() == 4);
    for (std::size_t k = 0; k < 4; ++k) {
        const StrategyRisk& s = r.risk.strategies[k];
        std::vector<float> pnl = r.columns.pnl[k];
        CHECK(s.name == r.experiment->strategy_names()[k]);
        CHECK(s.whole().mean.value == Approx(mean_where(pnl, [](std::size_t) { return true; })));
        std::sort(pnl.begin(), pnl.end());
        CHECK(s.whole().worst == -static_cast<double>(pnl.front()));
        CHECK(s.whole().tails[0].value_at_risk.value ==
              -static_cast<double>(pnl[kPaths / 20 - 1]));  // 5 % of 8000 paths
        double tail = 0.0;
        for (std::size_t i = 0; i < kPaths / 20; ++i) tail -= pnl[i];
        CHECK(s.whole().tails[0].expected_shortfall.value == Approx(tail / (kPaths / 20.0)));
    }
    CHECK(r.risk.strategies[0].figures.against_first.expected_shortfall.empty());
    CHECK(r.risk.strategies[1].figures.against_first.mean.value ==
          Approx(r.risk.strategies[1].whole().mean.value - r.risk.strategies[0].whole().mean.value));
}

TEST_CASE("outcomes and sides are those of the paths in them") {
    const book::Run& r = run();
    for (const Breach code : {Breach::none, Breach::down, Breach::up}) {
        const auto in = [&](std::size_t i) { return r.columns.breach[i] == static_cast<std::uint8_t>(code); };
        const auto& block = r.risk.strategies[3].figures.summary[group_of(code)];
        REQUIRE(block);
        CHECK(block->mean.value == Approx(mean_where(r.columns.pnl[3], in)));
    }
    const auto down = [&](std::size_t i) { return r.columns.spx_return[i] < 0.0f; };
    CHECK(r.risk.strategies[0].figures.summary[kSpxDown]->mean.value == Approx(mean_where(r.columns.pnl[0], down)));
}

TEST_CASE("a layer's shares and means count its paths") {
    const book::Run& r = run();
    std::size_t opened = 0, early = 0;
    double pnl = 0.0, cost = 0.0;
    for (std::size_t i = 0; i < kPaths; ++i) {
        if (r.columns.opened[1][i] < 0) continue;
        ++opened;
        early += r.columns.closed[1][i] < static_cast<std::int32_t>(r.experiment->timeline.size());
        pnl += static_cast<double>(r.columns.contracts[1][i]) * r.columns.unit_pnl[1][i];
        cost += static_cast<double>(r.columns.contracts[1][i]) * r.columns.unit_cost[1][i];
    }
    const LayerRisk& layer = r.risk.layers[1];
    CHECK(opened > 100);
    CHECK(early > 10);
    CHECK(layer.opened_share.value == static_cast<double>(opened) / kPaths);
    CHECK(layer.closed_early_share.value == static_cast<double>(early) / kPaths);
    CHECK(layer.empty_share.value == 0.0);
    CHECK(layer.mean_pnl.value == Approx(pnl / kPaths));
    CHECK(layer.mean_cost.value == Approx(cost / kPaths));
    CHECK(r.risk.layers[0].opened_share.value == 1.0);
    CHECK(r.risk.layers[2].empty_share.value == r.risk.layers[2].opened_share.value);  // its budget buys no future
    CHECK(r.risk.layers[2].mean_cost.value == 0.0);
}

TEST_CASE("claims count the paths on which they are given and hold") {
    const book::Run& r = run();
    REQUIRE(r.risk.claims.size() == 3);
    CHECK(r.risk.claims[0].result.given == kPaths);
    CHECK(r.risk.claims[0].result.holds == kPaths);
    CHECK(r.risk.claims[0].result.verdict == Verdict::supported);
    CHECK(r.risk.claims[0].down.given + r.risk.claims[0].up.given == kPaths);
    std::uint64_t given = 0, holds = 0;
    for (std::size_t i = 0; i < kPaths; ++i) {
        if (r.columns.breach[i] != 1) continue;
        ++given;
        holds += r.columns.vix_end[i] < r.experiment->vix_at_entry;
    }
    CHECK(r.risk.claims[1].result.given == given);
    CHECK(r.risk.claims[1].result.holds == holds);
    CHECK(r.risk.claims[1].result.verdict == Verdict::not_supported);
    CHECK(r.risk.claims[2].result.verdict == Verdict::undecided);
}

TEST_CASE("returns in claims are P&L over the condor's max risk") {
    short_run::Text text = book::full();
    const auto e = short_run::prepare(text);
    text.rest += "[[claim]]\ntext = \"c\"\ngiven = \"condor_return <= -0.5\"\nexpect = \"total_return <= -0.5\"\n";
    const book::Run r = book::measured(text, kPaths);
    const double half = 0.5 * e->condor->max_risk.value * 10.0;
    std::uint64_t given = 0, holds = 0;
    for (std::size_t i = 0; i < kPaths; ++i) {
        if (r.columns.pnl[0][i] > -half) continue;
        ++given;
        holds += r.columns.pnl[3][i] <= -half;
    }
    CHECK(given > 100);
    CHECK(r.risk.claims[3].result.given == given);
    CHECK(r.risk.claims[3].result.holds == holds);
}

TEST_CASE("what really happened stands where it belongs among the paths") {
    const book::Run& r = run();
    REQUIRE(r.risk.realised);
    CHECK(r.risk.realised->spx_return == Approx(5950.0 / 6000.0 - 1.0));
    std::size_t below = 0, above = 0;
    for (std::size_t i = 0; i < kPaths; ++i) {
        below += r.columns.spx_return[i] < r.risk.realised->spx_return;
        above += r.columns.vix_end[i] > 21.5f;
    }
    CHECK(r.risk.realised->spx.below == static_cast<double>(below) / kPaths);
    CHECK(r.risk.realised->vix_standing.above == static_cast<double>(above) / kPaths);
}

TEST_CASE("the worst paths are those of the whole book, the worst first") {
    const book::Run& r = run();
    REQUIRE(r.risk.worst.size() == 1'000);
    const std::vector<float>& pnl = r.columns.pnl[3];
    CHECK(pnl[r.risk.worst[0].path] == *std::min_element(pnl.begin(), pnl.end()));
    for (std::size_t k = 1; k < 1'000; ++k) CHECK(pnl[r.risk.worst[k].path] >= pnl[r.risk.worst[k - 1].path]);
}

TEST_CASE("the figures settle: those of the first paths alone, a quarter, a sixteenth of them") {
    const book::Run& r = run();
    const Convergence& c = r.risk.convergence;
    REQUIRE(c.paths == std::vector<std::uint64_t>{kPaths});  // too few to look at fewer
    CHECK(c.mean[3].back().value == r.risk.strategies[3].whole().mean.value);
    CHECK(c.expected_shortfall[0].back().value == r.risk.strategies[0].whole().tails[1].expected_shortfall.value);

    short_run::Text text;
    const book::Run more = book::measured(text, 16 * kFewestToConverge + 7);
    REQUIRE(more.risk.convergence.paths ==
            std::vector<std::uint64_t>{kFewestToConverge, 4 * kFewestToConverge + 1, 16 * kFewestToConverge + 7});
    const std::vector<float>& pnl = more.columns.pnl[0];
    const Summary first = summarise(std::span(pnl).first(kFewestToConverge));
    CHECK(more.risk.convergence.mean[0][0].value == Approx(first.mean.value).epsilon(1e-13));
    CHECK(more.risk.convergence.expected_shortfall[0][0].value ==
          Approx(first.tails[1].expected_shortfall.value).epsilon(1e-13));
}

TEST_CASE("the mean before costs is that of the legs at mid") {
    const book::Run& r = run();
    double gross = 0.0;
    for (std::size_t leg = 0; leg + 1 < r.columns.pnl_leg.size(); ++leg) {
        gross += mean_where(r.columns.pnl_leg[leg], [](std::size_t) { return true; });
    }
    const StrategyRisk& total = r.risk.strategies.back();
    CHECK(total.whole().mean.value + total.mean_cost == Approx(gross).margin(0.01));
    CHECK(total.mean_cost > r.risk.strategies.front().mean_cost);
}

TEST_CASE("the condor's real P&L is that of a path that settles there") {
    const book::Run& r = run();
    CHECK(r.risk.realised->condor_pnl == condor_pnl(*r.experiment, 5950.0));
    for (std::size_t i = 0; i < 100; ++i) {
        const double spx = 6000.0 * (1.0 + static_cast<double>(r.columns.spx_return[i]));
        CHECK(condor_pnl(*r.experiment, spx) == Approx(r.columns.pnl[0][i]).margin(1.0));  // float32 return: 0.4 points
    }
}

#include "volstorm/risk/band.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <span>

#include "engine/short_run.h"
#include "volstorm/risk/book_run.h"

using namespace volstorm;

namespace {

Summary summary_of(Estimate mean, Estimate es) {
    Summary s;
    s.n = 1'000;
    s.mean = mean;
    for (const double level : kTailLevels) s.tails.push_back({level, es, es, false});
    return s;
}

// A world with made-up intervals: of the condor's mean, of the hedge's effect, and of ES where SPX falls.
struct Made {
    Estimate condor = normal_estimate(100.0, 1.0);
    Estimate cost = normal_estimate(-10.0, 1.0);
    Estimate es97 = normal_estimate(-50.0, 1.0), es99 = normal_estimate(-60.0, 1.0);
    Estimate down_bare = normal_estimate(500.0, 1.0), down_book = normal_estimate(400.0, 1.0);
    Verdict claim = Verdict::supported;

    BandWorld world(const std::string& name) const {
        StrategyRisk bare{"unhedged", {}, 0.0}, book{"+first", {}, 0.0};
        bare.figures.summary[kWhole] = summary_of(condor, {});
        book.figures.summary[kWhole] = summary_of(condor, {});
        bare.figures.summary[kSpxDown] = summary_of(condor, down_bare);
        book.figures.summary[kSpxDown] = summary_of(condor, down_book);
        book.figures.against_first = {cost, {{0.95, {}}, {0.975, es97}, {0.99, es99}}};
        BandWorld w{name, "made up", {}};
        w.risk.strategies = {bare, book};
        ClaimRisk risk;
        risk.text = "so it is", risk.result.verdict = claim;
        w.risk.claims = {risk};
        return w;
    }
};

}  // namespace

TEST_CASE("a sign is decided only where the whole interval has it") {
    const auto between = [](double low, double high) { return Estimate{0.5 * (low + high), 1.0, low, high}; };
    CHECK(above_zero(between(1.0, 2.0)) == Verdict::supported);
    CHECK(above_zero(between(-2.0, -1.0)) == Verdict::not_supported);
    CHECK(above_zero(between(-1.0, 2.0)) == Verdict::undecided);
    CHECK(below_zero(between(-2.0, -1.0)) == Verdict::supported);
    CHECK(below_zero(between(1.0, 2.0)) == Verdict::not_supported);
    for (const Estimate& nothing : {between(0.0, 0.0), Estimate{}, Estimate{5.0, 1.0, -kInfinity, kInfinity}}) {
        CHECK(above_zero(nothing) == Verdict::undecided);
        CHECK(below_zero(nothing) == Verdict::undecided);
    }
}

TEST_CASE("a conclusion survives where every world says the same, else it depends on the world") {
    Made costly;
    costly.es99 = normal_estimate(3.0, 1.0);         // no
    costly.condor = normal_estimate(0.5, 1.0);       // undecided
    costly.down_book = normal_estimate(498.0, 1.0);  // the two intervals overlap
    costly.claim = Verdict::not_supported;
    const std::vector<BandWorld> worlds{Made().world("model"), costly.world("calm")};
    const auto conclusions = conclusions_of(worlds);
    REQUIRE(conclusions.size() == 6);
    using enum Verdict;
    const auto verdicts = [&](std::size_t k) { return conclusions[k].verdicts; };
    CHECK((verdicts(0) == std::vector{supported, supported}));
    CHECK((verdicts(1) == std::vector{supported, not_supported}));
    CHECK((verdicts(2) == std::vector{supported, undecided}));
    CHECK((verdicts(3) == std::vector{supported, supported}));
    CHECK((verdicts(4) == std::vector{supported, undecided}));
    CHECK((verdicts(5) == std::vector{supported, not_supported}));
    CHECK(survival_of(conclusions[0]) == Survival::holds_in_all);
    CHECK(survival_of(conclusions[1]) == Survival::depends);
    CHECK(survival_of(conclusions[2]) == Survival::holds_where_decided);
    CHECK(survival_of({"", {not_supported, not_supported}}) == Survival::fails_in_all);
    CHECK(survival_of({"", {undecided, undecided}}) == Survival::undecided_in_all);
    CHECK(survival_of({"", {undecided, not_supported}}) == Survival::fails_where_decided);
    CHECK(survival_of({"", {undecided, supported, undecided}}) == Survival::holds_where_decided);
    CHECK(survival_of({"", {not_supported, supported, undecided}}) == Survival::depends);
}

TEST_CASE("the effect where SPX falls has the limits of two intervals that are not paired") {
    const Estimate e = down_shortfall_change(Made().world("model"));
    CHECK(e.value == Approx(-100.0));
    CHECK(e.low == Approx(-100.0 - 2.0 * kNormal95));
    CHECK(e.high == Approx(-100.0 + 2.0 * kNormal95));
}

TEST_CASE("without a hedge nothing is concluded about one") {
    BandWorld world = Made().world("model");
    world.risk.strategies.resize(1);
    const auto conclusions = conclusions_of(std::vector{world});
    REQUIRE(conclusions.size() == 2);
    CHECK(conclusions[0].text == "the condor earns on average, after costs");
    CHECK(conclusions[1].text == "claim: so it is");
}

TEST_CASE("a book simulated without a file has the figures of one that is kept, on any number of threads") {
    short_run::Text text;
    text.sampling += "paths = 70000\n";
    text.rest = short_run::layer("first", "type = \"vix_call\", days = 30, delta = 0.50",
                                 "size = { budget = 0.3, of = \"max_risk\" }");
    const auto e = short_run::prepare(text);
    const BookRisk one = run_book(*e, *make_thread_executor(1)), two = run_book(*e, *make_tbb_executor(2));
    const PathColumns all = short_run::run(*e, 70'000);
    for (std::size_t k = 0; k < one.strategies.size(); ++k) {
        const Summary wanted = summarise(all.pnl[k]);
        for (const BookRisk* risk : {&one, &two}) {
            const Summary& found = risk->strategies[k].whole();
            CHECK(found.p_loss.value == wanted.p_loss.value);
            CHECK(tail_at(found, 0.975).value_at_risk.value == tail_at(wanted, 0.975).value_at_risk.value);
        }
        CHECK(one.strategies[k].whole().mean.value == two.strategies[k].whole().mean.value);
        CHECK(tail_at(one.strategies[k].whole(), 0.99).expected_shortfall.low ==
              tail_at(two.strategies[k].whole(), 0.99).expected_shortfall.low);
    }
}

TEST_CASE("P&L that is kept nowhere is simulated again, to the last bit, and only where memory ends") {
    short_run::Text text;
    text.sampling += "paths = 70000\n";
    text.rest = short_run::layer("first", "type = \"vix_call\", days = 30, delta = 0.50", "size = { contracts = 3 }\n");
    const auto e = short_run::prepare(text);
    const PathColumns all = short_run::run(*e, 70'000);
    const auto source = simulated_pnl(*e);
    REQUIRE(source->paths() == 70'000);
    PnlPiece piece;
    source->read(1, piece);
    REQUIRE((piece.first == kPieceOfPnl && piece.cell.size() == 70'000 - kPieceOfPnl));
    for (std::size_t k = 0; k < 2; ++k)
        CHECK(std::ranges::equal(piece.pnl[k], std::span(all.pnl[k]).subspan(kPieceOfPnl)));
    for (std::size_t i = 0; i < piece.cell.size(); ++i) {
        const std::size_t path = kPieceOfPnl + i;
        REQUIRE(piece.cell[i] == cell_of(all.breach[path], all.spx_return[path]));
    }
    Scenario scenario = e->scenario;
    CHECK(simulations_of(scenario, 0) == 1.0);
    scenario.sampling.paths = 100'000'000;
    CHECK(simulations_of(scenario, 0) == Approx(4.0 * 4.0 / 3.0));  // and over a quarter, a sixteenth ...
    CHECK(simulations_of(scenario, 1) == Approx(8.0 * 4.0 / 3.0));
    scenario.sampling.method = SamplingMethod::hybrid;
    CHECK(simulations_of(scenario, 0) == Approx(7.0 * 4.0 / 3.0));
}

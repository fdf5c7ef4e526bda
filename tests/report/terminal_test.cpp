#include "volstorm/report/terminal.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "book.h"
#include "volstorm/core/text.h"

using namespace volstorm;
using Catch::Contains;

namespace {

std::string dollars(double value) { return grouped(std::llround(value)); }

const book::Run& run() {
    static const book::Run kept = book::measured(book::full(), 4'000);
    return kept;
}

// The lines that are longer than `columns`.
std::string too_long(const std::string& text, std::size_t columns) {
    std::string found;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        if (line.size() > columns) found += line + '\n';
    }
    return found;
}

}  // namespace

TEST_CASE("the entry shows strikes, credit, max risk and each layer's premium with its base") {
    const Experiment& e = *run().experiment;
    const std::string text = entry_text(e);
    for (const double strike : e.condor->strike) CHECK_THAT(text, Contains(shortest(strike)));
    CHECK_THAT(text, Contains("max risk " + dollars(e.condor->max_risk.value * 10.0) + " dollars"));
    CHECK_THAT(text, Contains(dollars(e.condor->credit.value * 1000.0) + " dollars"));
    CHECK_THAT(text, Contains("first: vix_call 2025-07-16"));
    const EntryFill& fill = *e.layers[0].entry;
    const double premium = fill.contracts * (fill.mid + fill.half_spread) * 100.0;
    CHECK_THAT(text, Contains("premium " + dollars(premium) + " dollars"));
    CHECK_THAT(text, Contains("budget 30 % of max risk = " + dollars(e.layers[0].budget) + " dollars"));
    CHECK_THAT(text, Contains("opens when"));
}

TEST_CASE("the figures printed are the figures measured") {
    const book::Run& r = run();
    const std::string text = risk_text(*r.experiment, r.risk);
    for (const StrategyRisk& s : r.risk.strategies) {
        for (const double figure : {s.whole().mean.value, s.whole().sd.value, s.whole().best, -s.whole().worst}) {
            CHECK_THAT(text, Contains(dollars(figure)));
        }
        for (const Tail& tail : s.whole().tails) {
            CHECK_THAT(text, Contains(dollars(tail.value_at_risk.value)));
            CHECK_THAT(text, Contains(dollars(tail.expected_shortfall.value)));
        }
    }
    const Summary& unhedged = r.risk.strategies.front().whole();
    CHECK_THAT(text, Contains("% of paths end at the worst loss of " + dollars(unhedged.worst)));
    CHECK_THAT(text, Contains("every path: supported"));
    CHECK_THAT(text, Contains("VIX ends lower after a breach: not supported"));
    CHECK_THAT(text, Contains("a rare day: undecided"));
    CHECK_THAT(text, Contains("its budget bought nothing on"));
    CHECK_THAT(text, Contains("The real session: SPX -0.83 %"));
    CHECK_THAT(text, Contains("physical measure, seed 11"));
}

TEST_CASE("what a layer's mark gains by itself stands beside its P&L, where it is more than noise") {
    // More shift of the vols than the market shows gives the calls a gain of their own.
    short_run::Text shifted = book::full();
    shifted.model += "vvix_beta = 0.9\n";
    const book::Run r = book::measured(shifted, 2'000);
    const std::string text = risk_text(*r.experiment, r.risk);
    std::size_t wanted = 0, found = 0;
    for (const PreparedLayer& layer : r.experiment->layers) {
        if (!layer.spec->kind.has_strike() || std::abs(layer.drift) < 2.0 * layer.drift_error) continue;
        ++wanted;
        CHECK_THAT(text, Contains(fmt::format("its mark drifts by {:+.1f} % (+-{:.1f}) of its price to the horizon",
                                              100.0 * layer.drift, 100.0 * layer.drift_error)));
    }
    for (auto at = text.find("its mark drifts"); at != std::string::npos; at = text.find("its mark drifts", at + 1))
        ++found;
    CHECK(found == wanted);
    CHECK(wanted > 0);
}

TEST_CASE("no line is longer than a terminal of 100 columns") {
    const book::Run& r = run();
    CHECK(too_long(entry_text(*r.experiment), 100) == "");
    CHECK(too_long(risk_text(*r.experiment, r.risk), 100) == "");
    // Amounts of eight digits need more.
    short_run::Text text = book::full();
    text.condor.replace(text.condor.find("contracts = 10"), 14, "contracts = 5000");
    const book::Run large = book::measured(text, 2'000);
    CHECK(too_long(entry_text(*large.experiment), 120) == "");
    CHECK(too_long(risk_text(*large.experiment, large.risk), 120) == "");
}

TEST_CASE("a title cannot steer the terminal") {
    short_run::Text text;
    const auto e = volstorm::prepare(parse_scenario("title = \"\\u001b[31mred\"\n" + text.text(), "test.toml"));
    CHECK(entry_text(*e).find('\x1b') == std::string::npos);
    CHECK_THAT(entry_text(*e), Contains("red"));
}

TEST_CASE("a position already held shows what it has gained, apart from the P&L") {
    short_run::Text text;
    text.condor = "expiry = 2025-06-18\nstrikes = [5875.0, 5900.0, 6100.0, 6125.0]\ncredit = 4.95\n";
    text.rest =
        "[[layer]]\nname = \"old\"\ninstrument = { type = \"vix_call\" }\nstrike = 21.0\nexpiry = 2025-07-16\n"
        "contracts = 4\npaid = 0.80\nclose = \"hold\"\n";
    const auto e = short_run::prepare(text);
    const std::string shown = entry_text(*e);
    CHECK_THAT(shown, Contains("already held"));
    CHECK_THAT(shown,
               Contains("since it was opened: " + dollars((4.95 - e->condor->credit_mid.value) * 100.0) + " dollars"));
    CHECK_THAT(shown,
               Contains("paid 0.800: " + dollars((e->layers[0].entry->mid - 0.80) * 400.0) + " dollars since then"));
    CHECK_THAT(shown, Contains("held: marked at mid"));
}

TEST_CASE("named days are no sample: a run shows no value at risk of them, no intervals and no odds") {
    short_run::Text text = book::full();
    text.model += "generator = \"named_day\"\nnamed_days = [2018-02-05, 2020-03-16, 2024-08-05]\n";
    const book::Run days = book::measured(text, 3);
    const std::string said = risk_text(*days.experiment, days.risk);
    CHECK_THAT(said, Contains("no sample of any law"));
    CHECK_THAT(said, !Contains("Tail of the loss") && !Contains("["));
    const Summary& unhedged = days.risk.strategies.front().whole();
    CHECK_THAT(said, Contains(dollars(unhedged.best)) && Contains(dollars(-unhedged.worst)));
    CHECK_THAT(said, Contains("every path: undecided"));
    for (const StrategyRisk& s : days.risk.strategies) {
        CHECK((std::isnan(s.whole().mean.low) && std::isnan(s.whole().tails[0].expected_shortfall.value)));
    }
    CHECK(too_long(said, 100).empty());
}

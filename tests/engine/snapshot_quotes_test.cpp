#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "market/chains.h"
#include "short_run.h"
#include "volstorm/core/error.h"

using namespace volstorm;
using namespace short_run;
using Catch::Matchers::Contains;

namespace {

// SPX for the condor and for puts a week out, VIX for calls a month out; Black's prices around a smile.
struct Chains {
    double spx_forward = 6004.0, vix_forward = 21.0;
    made::Expiry near() const {
        made::Expiry e{make_date(2025, 6, 18), "SPXW", 1.0 / 365.0, spx_forward, 0.16, 1.0, 5800.0, 6200.0, 5.0, 0.1};
        e.vol_at = [](double k) { return 1.5 * (6000.0 - k) / 6000.0; };
        return e;
    }
    made::Expiry week() const {
        made::Expiry e{make_date(2025, 6, 24), "SPXW", 7.0 / 365.0, spx_forward, 0.17, 1.0, 5500.0, 6400.0, 5.0, 0.2};
        e.vol_at = [](double k) { return 0.9 * (6000.0 - k) / 6000.0; };
        return e;
    }
    made::Expiry vix() const {
        made::Expiry e{make_date(2025, 7, 16), "VIX", 29.0 / 365.0, vix_forward, 1.0, 1.0, 13.0, 60.0, 1.0, 0.05};
        e.tick = 0.01;
        return e;
    }
    static std::string rows(const made::Expiry& e) {
        std::string text;
        for (double k = e.low; k <= e.high; k += e.step) text += made::row(e, k);
        return text;
    }
    std::string spx_text() const { return made::kCboeHeader + rows(near()) + rows(week()); }
    std::string vix_text() const { return made::kCboeHeader + rows(vix()); }
};

std::string snapshot(const std::string& spx, const std::string& vix) {
    return "snapshot = { spx = \"" + spx + "\", vix = \"" + vix + "\" }\n";
}

Text book(const std::string& market) {
    Text text;
    text.market = market;
    text.rate = text.dividend_yield = 0.0;
    text.rest =
        layer("calls", "type = \"vix_call\", days = 30, delta = 0.40", "size = { contracts = 2 }") +
        layer("puts", "type = \"spx_put_spread\", days = 7, delta = 0.30, width = 50.0", "size = { contracts = 1 }");
    return text;
}

double mid_of(const made::Expiry& e, OptionType type, double strike) { return made::quote(e, type, strike).mid(); }

}  // namespace

TEST_CASE("with a snapshot every leg begins at the mid of its quote, and deltas are the market's") {
    const Chains chains;
    const made::File spx(chains.spx_text()), vix(chains.vix_text());
    const auto e = prepare(book(snapshot(spx.path().string(), vix.path().string())));
    REQUIRE(e->quoted.size() == 3);
    const Condor& condor = *e->condor;
    CHECK(condor.forward == Approx(chains.spx_forward).margin(0.06));
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
        const OptionType type = leg <= kShortPut ? OptionType::put : OptionType::call;
        CAPTURE(leg, condor.strike[leg]);
        CHECK(condor.mid[leg] == Approx(mid_of(chains.near(), type, condor.strike[leg])).margin(1e-6));
    }
    CHECK(std::abs(condor.delta[kShortPut]) == Approx(0.15).margin(0.02));
    const auto& calls = *e->layers[0].entry;
    CHECK(calls.mid == Approx(mid_of(chains.vix(), OptionType::call, calls.strike)).margin(1e-6));
    CHECK(calls.delta == Approx(0.40).margin(0.04));
    const auto& puts = *e->layers[1].entry;
    const double second = e->layers[1].first_marks().second_strike(puts.strike);
    const double spread =
        mid_of(chains.week(), OptionType::put, puts.strike) - mid_of(chains.week(), OptionType::put, second);
    CHECK(puts.mid == Approx(spread).margin(2e-4));
    // What paths follow has fewer nodes, but not at these strikes.
    CHECK(e->layers[0].first_marks().mid_at_entry(calls.strike) == Approx(calls.mid).margin(1e-6));
    CHECK(e->layers[1].first_marks().mid_at_entry(puts.strike) == Approx(puts.mid).margin(1e-6));
    const auto without = prepare(book(""));
    CHECK(std::abs(without->condor->credit_mid.value - condor.credit_mid.value) > 0.1);
    CHECK(std::abs(without->layers[0].entry->mid - calls.mid) > 0.1);
    CHECK(without->quoted.empty());
}

TEST_CASE("a condor that is not breached keeps the credit of its quotes, and marks on paths hold") {
    const Chains chains;
    const made::File spx(chains.spx_text()), vix(chains.vix_text());
    const auto e = prepare(book(snapshot(spx.path().string(), vix.path().string())));
    for (const PreparedLayer& layer : e->layers) CHECK(layer.mark_error < (layer.spec->kind.is_vix() ? 0.002 : 0.01));
    const PathColumns columns = run(*e, 512);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < 512; ++i) {
        if (columns.breach[i] != static_cast<std::uint8_t>(Breach::none)) continue;
        double pnl = 0.0;
        for (std::size_t leg = 0; leg < kCondorLegs; ++leg) pnl += static_cast<double>(columns.pnl_leg[leg][i]);
        CHECK(pnl == Approx(100.0 * e->condor->credit_mid.value).margin(1e-3));
        ++kept;
    }
    CHECK(kept > 100);
}

TEST_CASE("an expiry that the snapshot lacks is priced by the model, and said") {
    Chains chains;
    const made::File spx(made::kCboeHeader + Chains::rows(chains.near())), vix(chains.vix_text());
    const auto e = prepare(book(snapshot(spx.path().string(), vix.path().string()))), plain = prepare(book(""));
    CHECK(e->quoted.size() == 2);
    CHECK(std::ranges::any_of(e->warnings, [](const std::string& text) {
        return text.find("SPX 2025-06-24 16:00: no quotes in the snapshot; priced by the model alone") == 0;
    }));
    CHECK(e->layers[1].entry->mid == plain->layers[1].entry->mid);
    CHECK(std::ranges::any_of(e->warnings, [](const std::string& text) {
        return text.find("does not say when its quotes stood") != std::string::npos;
    }));
}

TEST_CASE("quotes of another market are said or refused") {
    Chains chains;
    const made::File vix(chains.vix_text());
    chains.spx_forward = 6020.0;
    const made::File apart(chains.spx_text());
    const auto e = prepare(book(snapshot(apart.path().string(), vix.path().string())));
    CHECK(std::ranges::any_of(e->warnings, [](const std::string& text) {
        return text.find(
                   "has a forward of 6020.00, +0.33 % from that of the model: is market.spx of the same moment?") !=
               std::string::npos;
    }));
    const Chains fair;
    const made::File spx(fair.spx_text());
    Text other = book(snapshot(spx.path().string(), vix.path().string()));
    other.vix = 60.0;
    CHECK_THROWS_WITH(prepare(other), Contains("it cannot be of the moment of market.vix"));
    chains.spx_forward = 6100.0;
    const made::File far(chains.spx_text());
    CHECK_THROWS_WITH(prepare(book(snapshot(far.path().string(), vix.path().string()))),
                      Contains("it cannot be of the moment of market.spx"));
    CHECK_THROWS_WITH(prepare(book(snapshot(vix.path().string(), vix.path().string()))),
                      Contains("market.snapshot.spx holds options of VIX; those of SPX belong here"));
    CHECK_THROWS_WITH(prepare(book("snapshot = { spx = \"nowhere.csv\" }\n")), Contains("nowhere.csv"));
    CHECK_THROWS_WITH(prepare(book("snapshot = { }\n")), Contains("needs one of spx or vix"));
    const made::File older(
        "\nS&P 500 INDEX,Last: 6000.0,Change: 1\n\"Date: June 11, 2025 at 3:45 PM EDT\",Bid: 1,Ask: 2\n" +
        fair.spx_text());
    CHECK_THROWS_WITH(prepare(book("snapshot = { spx = \"" + older.path().string() + "\" }\n")),
                      Contains("holds quotes of 2025-06-11 15:45, but the entry is 2025-06-17 16:00"));
}

namespace {

bool warns(const Experiment& e, const std::string& text) {
    return std::ranges::any_of(e.warnings,
                               [&](const std::string& warning) { return warning.find(text) != std::string::npos; });
}

std::string stamped(const std::string& moment, const std::string& rows) {
    return "\nS&P 500 INDEX,Last: 6000.0,Change: 1\n\"Date: June 17, 2025 at " + moment + " EDT\",Bid: 1,Ask: 2\n" +
           rows;
}

}  // namespace

TEST_CASE("strikes without quotes of their own, and quotes that pay for nothing, are said") {
    Chains chains;
    made::Expiry narrow = chains.near();
    narrow.low = 5950.0;
    const made::File spx(made::kCboeHeader + Chains::rows(narrow));
    const auto e = prepare(book("snapshot = { spx = \"" + spx.path().string() + "\" }\n"));
    CHECK(warns(*e, "SPXW 2025-06-18 16:00: strike " + fmt::format("{:g}", e->condor->strike[kLongPut]) +
                        " has no bid and ask of its own; priced beyond the last one"));
    CHECK_FALSE(warns(*e, "pay for nothing"));
    std::string rows = Chains::rows(chains.near());
    const std::string fair = made::row(chains.near(), 6040.0);
    BidAsk dear = made::quote(chains.near(), OptionType::call, 6040.0);
    dear.bid *= 10.0, dear.ask *= 10.0;
    rows.replace(rows.find(fair), fair.size(),
                 made::row(chains.near(), 6040.0, dear, made::quote(chains.near(), OptionType::put, 6040.0)));
    const made::File wrong(made::kCboeHeader + rows);
    CHECK(warns(*prepare(book("snapshot = { spx = \"" + wrong.path().string() + "\" }\n")), "pay for nothing"));
}

TEST_CASE("a state that the quotes contradict is said, and what the condor's credit owes to them") {
    const Chains chains;
    const made::File spx(chains.spx_text());
    Text text = book("snapshot = { spx = \"" + spx.path().string() + "\" }\n");
    const auto e = prepare(text);
    Text held = book("");
    held.condor = fmt::format("expiry = 2025-06-18\nstrikes = [{}]\n", fmt::join(e->condor->strike, ", "));
    CHECK(e->condor->model_credit_mid.value == Approx(prepare(held)->condor->credit_mid.value).margin(1e-9));
    CHECK(std::abs(e->condor->model_credit_mid.value - e->condor->credit_mid.value) > 0.1);
    text.market += fmt::format("atm_vol_1d = {}\n", 0.5 * e->quoted[0].atm_vol);
    CHECK(warns(*prepare(text), "paths begin in a state of vol"));
    text.market =
        text.market.substr(0, text.market.find("atm")) + fmt::format("atm_vol_1d = {}\n", e->quoted[0].atm_vol);
    CHECK_FALSE(warns(*prepare(text), "paths begin in a state of vol"));
}

TEST_CASE("layers by rule take the expiries that their fills can have, and no others") {
    const Chains chains;
    const made::File spx(chains.spx_text());
    Text text = book("snapshot = { spx = \"" + spx.path().string() + "\" }\n");
    text.rest =
        layer("puts", "type = \"spx_put\", days = 1, delta = 0.30", "size = { contracts = 1 }\nopen = \"vix > 25\"");
    const auto e = prepare(text);  // at the close: no fill before the next session, so none of it expires that day
    CHECK(e->quoted.size() == 1);
    CHECK(warns(*e, "SPX 2025-06-20 16:00: no quotes in the snapshot"));
    CHECK_FALSE(warns(*e, "SPX 2025-06-18 16:00"));
}

TEST_CASE("quotes of a time at which the expiry was much further away are refused, and a file of settled ones") {
    const Chains chains;
    Text text = book("");
    text.time = "2025-06-17T15:45:00";
    const made::File recent(stamped("3:40 PM", chains.spx_text())), older(stamped("9:40 AM", chains.spx_text()));
    text.market = "snapshot = { spx = \"" + recent.path().string() + "\" }\n";
    CHECK_FALSE(warns(*prepare(text), "holds quotes of"));
    text.market = "snapshot = { spx = \"" + older.path().string() + "\" }\n";
    CHECK_THROWS_WITH(prepare(text), Contains("holds quotes of 2025-06-17 09:40, when") &&
                                         Contains("they say nothing of its prices then"));
    made::Expiry gone = chains.near();
    gone.date = make_date(2025, 6, 12);
    const made::File settled(made::kCboeHeader + Chains::rows(gone));
    text.market = "snapshot = { spx = \"" + settled.path().string() + "\" }\n";
    CHECK_THROWS_WITH(prepare(text), Contains("has no expiry ahead of the entry"));
    text.condor = "";
    CHECK_THROWS_WITH(parse_scenario("[market]\ntime = 2025-06-17T15:45:00\nspx = 6000.0\nvix = 20.0\n" + text.market +
                                         "[model]\n" + text.model,
                                     "test.toml"),
                      Contains("market.snapshot needs a condor"));
}

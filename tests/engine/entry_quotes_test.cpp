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
    chains.spx_forward = 6050.0;
    const made::File apart(chains.spx_text());
    const auto e = prepare(book(snapshot(apart.path().string(), vix.path().string())));
    CHECK(std::ranges::any_of(e->warnings, [](const std::string& text) {
        return text.find("has a forward of 6050.00, +0.8 % from that of the model") != std::string::npos;
    }));
    const Chains fair;
    const made::File spx(fair.spx_text());
    Text other = book(snapshot(spx.path().string(), vix.path().string()));
    other.vix = 45.0;
    CHECK_THROWS_WITH(prepare(other), Contains("market.spx and market.vix must be of the same moment"));
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

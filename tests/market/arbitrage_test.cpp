#include "volstorm/market/arbitrage.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <optional>

#include "chains.h"
#include "volstorm/market/clock.h"

using namespace volstorm;

namespace {

const DateTime kNow = at(make_date(2023, 6, 14), 16, 0);
constexpr double kRate = 0.05;

/// An expiry of a chain without arbitrage: skewed smile, forwards and discounts of one rate and one yield.
made::Expiry fair(int days, const char* root = "SPXW") {
    made::Expiry e{.date = make_date(2023, 6, 14) + std::chrono::days(days), .root = root};
    ChainExpiry moment;
    moment.date = e.date;
    moment.settlement = e.root == "SPXW" ? Settlement::pm : Settlement::am;
    e.years = calendar_time(kNow, settlement_time(moment)).value;
    e.forward = 4000.0 * std::exp((kRate - 0.015) * e.years);
    e.discount = std::exp(-kRate * e.years);
    e.vol = 0.18;
    e.low = 3600.0, e.high = 4400.0, e.step = 10.0;
    const double width = e.vol * std::sqrt(e.years);
    e.vol_at = [=](double strike) {
        const double d = std::clamp(std::log(strike / e.forward) / width, -4.0, 4.0);
        return -0.01 * d + 0.003 * d * d;
    };
    return e;
}

OptionChain chain_of(const std::vector<made::Expiry>& expiries) {
    OptionChain chain;
    for (const made::Expiry& e : expiries) chain.expiries.push_back(made::expiry(e));
    return chain;
}

OptionChain fair_chain() { return chain_of({fair(1), fair(2), fair(2 + 35, "SPX"), fair(2 + 35), fair(100)}); }

ChainRow& row_at(ChainExpiry& expiry, double strike) {
    return *std::ranges::find(expiry.rows, strike, &ChainRow::strike);
}

/// The largest violation of this kind.
std::optional<Violation> worst(const OptionChain& chain, ViolationKind kind) {
    const auto all = find_violations(chain, kNow);
    const auto found = std::ranges::find(all, kind, &Violation::kind);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

TEST_CASE("a chain without arbitrage is silent, at every width and tick of its quotes") {
    CHECK(find_violations(fair_chain(), kNow).empty());
    for (const double half_spread : {0.0, 0.05, 2.0}) {
        OptionChain chain;
        for (made::Expiry e : {fair(1), fair(9, "SPX"), fair(9), fair(37), fair(100)}) {
            e.half_spread = half_spread;
            chain.expiries.push_back(made::expiry(e));
        }
        CHECK(find_violations(chain, kNow).empty());
    }
    CHECK(find_violations({}, kNow).empty());
}

TEST_CASE("a crossed quote is listed and used for nothing else") {
    OptionChain chain = fair_chain();
    row_at(chain.expiries[1], 4010.0).call = {60.0, 1.0};
    const auto all = find_violations(chain, kNow);
    REQUIRE(all.size() == 1);
    CHECK(all[0].kind == ViolationKind::crossed);
    CHECK(all[0].expiry == 1);
    CHECK(all[0].type == OptionType::call);
    CHECK(all[0].strikes == std::vector{4010.0});
    CHECK(all[0].points == 59.0);
}

TEST_CASE("a put too dear for its call breaks parity and the box at its strike") {
    OptionChain chain = fair_chain();
    row_at(chain.expiries[4], 3800.0).put.bid += 7.0, row_at(chain.expiries[4], 3800.0).put.ask += 7.0;
    const Violation parity = worst(chain, ViolationKind::parity).value();
    CHECK(parity.expiry == 4);
    CHECK(parity.strikes.front() == 3800.0);
    // four half-spreads of 0.10 to 0.15 and 1 % of rate on the distance of the strikes are lost
    CHECK(parity.points < 7.0 - 0.4);
    CHECK(parity.points > 7.0 - 0.6 - 240.0 * 0.01 * 100.0 / 365.0);
    const Violation box = worst(chain, ViolationKind::box).value();
    CHECK(box.strikes.front() == 3800.0);
    CHECK(box.points > 5.0);
}

TEST_CASE("an expiry at a rate that nobody pays breaks the box by the distance of its strikes") {
    made::Expiry e = fair(100);
    e.discount = std::exp(-0.20 * e.years);
    const Violation box = worst(chain_of({e}), ViolationKind::box).value();
    CHECK(box.strikes == std::vector{3600.0, 4400.0});
    const double gain = 800.0 * (std::exp(-0.10 * e.years) - e.discount);
    CHECK(box.points == Approx(gain).margin(0.7));  // less the half-spreads
    CHECK_FALSE(worst(chain_of({fair(100)}), ViolationKind::box));
}

TEST_CASE("a spread that pays to hold it, or costs more than it can pay, is a vertical") {
    OptionChain chain = fair_chain();
    const double cheap = row_at(chain.expiries[1], 4100.0).call.ask;
    row_at(chain.expiries[1], 4150.0).call = {cheap + 0.5, cheap + 0.7};
    const Violation call = worst(chain, ViolationKind::vertical).value();
    CHECK(call.type == OptionType::call);
    CHECK(call.strikes.back() == 4150.0);
    CHECK(call.points >= 0.5);

    chain = fair_chain();
    const double low = row_at(chain.expiries[1], 3900.0).put.ask;
    row_at(chain.expiries[1], 3890.0).put = {low + 0.3, low + 0.5};
    const Violation put = worst(chain, ViolationKind::vertical).value();
    CHECK(put.type == OptionType::put);
    CHECK(put.strikes == std::vector{3890.0, 3900.0});
    CHECK(put.points == Approx(0.3));

    chain = fair_chain();
    const double far = row_at(chain.expiries[1], 3700.0).call.ask;  // 10 points apart, yet 12 dearer
    row_at(chain.expiries[1], 3690.0).call = {far + 12.0, far + 12.2};
    const Violation steep = worst(chain, ViolationKind::vertical).value();
    CHECK(steep.strikes.front() == 3690.0);
    CHECK(steep.points == Approx(2.0).margin(0.02));
}

TEST_CASE("an option dearer than its neighbours allow is a butterfly") {
    for (const OptionType type : {OptionType::call, OptionType::put}) {
        OptionChain chain = fair_chain();
        ChainRow& row = row_at(chain.expiries[1], 4000.0);
        BidAsk& quote = type == OptionType::call ? row.call : row.put;
        quote.bid += 4.0, quote.ask += 4.0;
        const Violation found = worst(chain, ViolationKind::butterfly).value();
        CHECK(found.expiry == 1);
        CHECK(found.type == type);
        CHECK(found.strikes == std::vector{3990.0, 4000.0, 4010.0});
        const auto ask = [&](double strike) {
            const ChainRow& wing = row_at(chain.expiries[1], strike);
            return type == OptionType::call ? wing.call.ask : wing.put.ask;
        };
        CHECK(found.points == Approx(quote.bid - 0.5 * (ask(3990.0) + ask(4010.0))));
    }
}

TEST_CASE("a later option cheaper than an earlier one is a calendar, on SPX alone") {
    made::Expiry later = fair(100);
    later.vol = 0.08;
    OptionChain chain = chain_of({fair(37), later});
    const Violation found = worst(chain, ViolationKind::calendar).value();
    CHECK(found.expiry == 0);
    CHECK(found.later_expiry == 1);
    REQUIRE(found.strikes.size() == 2);
    const double ratio = later.forward / fair(37).forward;
    CHECK(found.strikes[1] == Approx(found.strikes[0] * ratio).epsilon(5e-4));
    CHECK(found.points > 5.0);
    chain.family = ChainFamily::vix;
    CHECK_FALSE(worst(chain, ViolationKind::calendar));
}

TEST_CASE("the open and the close of one day are in order of time") {
    made::Expiry open = fair(37, "SPX");
    open.vol = 0.25;  // more to the morning than to the evening
    const Violation found = worst(chain_of({open, fair(37)}), ViolationKind::calendar).value();
    CHECK(found.expiry == 0);
    CHECK(found.later_expiry == 1);
}

TEST_CASE("an expiry that has settled is left out") {
    OptionChain chain = fair_chain();
    row_at(chain.expiries[0], 4000.0).call = {60.0, 1.0};
    CHECK(find_violations(chain, kNow).size() == 1);
    CHECK(find_violations(chain, at(make_date(2023, 6, 15), 16, 0)).empty());
}

TEST_CASE("violations come the largest first") {
    OptionChain chain = fair_chain();
    row_at(chain.expiries[0], 4000.0).call.bid += 3.0, row_at(chain.expiries[0], 4000.0).call.ask += 3.0;
    row_at(chain.expiries[4], 3800.0).put.bid += 7.0, row_at(chain.expiries[4], 3800.0).put.ask += 7.0;
    const auto all = find_violations(chain, kNow);
    CHECK(all.size() >= 4);
    CHECK(std::ranges::is_sorted(all, std::ranges::greater{}, &Violation::points));
}

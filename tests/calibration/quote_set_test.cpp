#include "volstorm/calibration/quote_set.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "volstorm/core/error.h"
#include "volstorm/market/calendar.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

const DateTime kTime = at(make_date(2025, 6, 17), 15, 45);

// A chain of SPXW expiries with Black prices at one vol, quotes 0.1 points wide.
OptionChain chain(const std::vector<Date>& dates, double vol = 0.2) {
    OptionChain chain;
    chain.file = "spx.csv";
    for (const Date date : dates) {
        ChainExpiry expiry{date, "SPXW", Settlement::pm, {}, 0};
        const double stdev = vol * std::sqrt(SessionClock().between(kTime, session_close(date)).value);
        for (double k = 5000.0; k <= 7000.0; k += 5.0) {
            const auto quote = [&](OptionType type) {
                const double price = black_price(type, 6000.0, k, stdev);
                return BidAsk{std::max(price - 0.05, 0.0), price + 0.05};
            };
            expiry.rows.push_back({k, quote(OptionType::call), quote(OptionType::put), 1});
        }
        chain.expiries.push_back(expiry);
    }
    return chain;
}

VolQuotes vix_vols() {
    VolTenor tenor{"1m", 29.0 / 365.0, 21.0, 0.997, {}};
    for (double k = 16.0; k <= 30.0; k += 1.0) {
        tenor.quotes.push_back({k, OptionType::call, 0.85, 0.95});
        tenor.quotes.push_back({k, OptionType::put, 0.85, 0.95});
    }
    return {"vix.csv", {tenor}};
}

QuoteSet selected(const OptionChain& spx, const QuoteSelection& selection = {}) {
    return select_quotes(spx, vix_vols(), kTime, 20.0, {}, SessionClock(), selection);
}

}  // namespace

TEST_CASE("quotes out of the money are taken, with vols on the session clock") {
    const QuoteSet set = selected(chain({make_date(2025, 6, 18), make_date(2025, 6, 27)}));
    REQUIRE(set.expiries.size() == 3);
    for (const ExpiryQuotes& e : set.expiries) {
        CAPTURE(e.name);
        CHECK(e.quotes.size() >= 5);
        CHECK(e.quotes.size() <= 40);
        for (const OptionQuote& q : e.quotes) {
            CHECK((q.type == OptionType::put) == (q.strike < e.forward));
            CHECK(q.bid < q.ask);
            CHECK(q.bid_vol < q.mid_vol);
            CHECK(q.mid_vol < q.ask_vol);
            CHECK(std::abs(std::log(q.strike / e.forward)) <
                  3.1 * 0.2 * std::sqrt(e.years) * (e.forward < 100 ? 5 : 1));
            if (e.family == ChainFamily::spx) CHECK(std::abs(q.mid_vol - 0.2) < 2e-3);
        }
    }
    CHECK(std::abs(set.expiries[0].forward - 6000.0) < 0.01);
    CHECK(set.expiries.back().family == ChainFamily::vix);
    // A vol of a calendar clock is the same price on the clock of sessions.
    const ExpiryQuotes& vix = set.expiries.back();
    const double factor = std::sqrt(29.0 / 365.0 / vix.years);
    CHECK(std::abs(vix.quotes.front().bid_vol - 0.85 * factor) < 1e-9);
}

TEST_CASE("expiries are taken to 35 days, at most six of them, or by name") {
    std::vector<Date> dates;
    for (Date d = make_date(2025, 6, 18); d < make_date(2025, 8, 30); d = next_session(d)) dates.push_back(d);
    const QuoteSet set = selected(chain(dates));
    REQUIRE(set.expiries.size() == 7);
    CHECK(date_of(set.expiries.front().settlement) == make_date(2025, 6, 18));
    CHECK(set.expiries[5].settlement <= kTime + std::chrono::days(35));
    CHECK(set.expiries[5].settlement > kTime + std::chrono::days(30));
    CHECK(!set.left_out.empty());
    QuoteSelection named;
    named.spx_dates = {make_date(2025, 8, 15)};
    CHECK(date_of(selected(chain(dates), named).expiries.front().settlement) == make_date(2025, 8, 15));
    named.spx_dates = {make_date(2025, 12, 19)};
    CHECK_THROWS_WITH(selected(chain(dates), named), Contains("2025-12-19"));
}

TEST_CASE("a file of the other family, or without a quote ahead, is refused") {
    OptionChain wrong = chain({make_date(2025, 6, 18)});
    wrong.family = ChainFamily::vix;
    CHECK_THROWS_WITH(selected(wrong), Contains("holds options of VIX"));
    CHECK_THROWS_WITH(selected(chain({make_date(2025, 6, 16)})), Contains("no expiry to fit"));
    OptionChain crossed = chain({make_date(2025, 6, 18)});
    for (ChainRow& row : crossed.expiries[0].rows)
        std::swap(row.put.bid, row.put.ask), std::swap(row.call.bid, row.call.ask);
    CHECK_THROWS_AS(selected(crossed), InputError);
}

TEST_CASE("expiries on both sides of an event are taken, however many others there are") {
    std::vector<Date> dates;
    for (Date d = make_date(2025, 6, 18); d < make_date(2025, 7, 20); d = next_session(d)) dates.push_back(d);
    const std::vector<Event> events{{"CPI", at(make_date(2025, 7, 11), 8, 30), 0.006, 0.006, 0.0, 0.0}};
    const QuoteSet set = select_quotes(chain(dates), vix_vols(), kTime, 20.0, events, SessionClock());
    const auto has = [&](Date date) {
        return std::ranges::any_of(set.expiries, [&](const ExpiryQuotes& e) { return date_of(e.settlement) == date; });
    };
    CHECK(has(make_date(2025, 7, 10)));
    CHECK(has(make_date(2025, 7, 11)));
    CHECK(set.expiries.size() == 7);
}

TEST_CASE("futures that are known stand in place of parity, or alone") {
    QuoteSelection selection;
    selection.vix_futures = {{make_date(2025, 7, 16), 20.35}, {make_date(2025, 8, 20), 20.9}};
    const QuoteSet set = selected(chain({make_date(2025, 6, 27)}), selection);
    const ExpiryQuotes& alone = set.expiries.back();
    CHECK(alone.forward == 20.9);
    CHECK(alone.quotes.empty());
    CHECK(alone.settlement == at(make_date(2025, 8, 20), 9, 30));
    CHECK(std::ranges::any_of(set.expiries, [](const ExpiryQuotes& e) { return e.forward == 20.35; }));
    selection.vix_futures = {{make_date(2025, 8, 20), 209.0}};
    CHECK_THROWS_WITH(selected(chain({make_date(2025, 6, 27)}), selection), Contains("is no VIX future"));
    selection.vix_futures = {{make_date(2025, 6, 17), 20.0}};
    CHECK_THROWS_WITH(selected(chain({make_date(2025, 6, 27)}), selection), Contains("is not ahead"));
}

#include "volstorm/market/market.h"

#include <catch2/catch.hpp>
#include <string>

#include "volstorm/core/table.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

Market read(const std::string& lines) {
    const Table table = Table::parse("[market]\n" + lines, "test.toml");
    Market market = read_market(table);
    table.finish();
    return market;
}

std::string at_time(const std::string& time) { return "spx = 5982.72\nvix = 21.6\ntime = " + time + "\n"; }

}  // namespace

TEST_CASE("a market with quotes") {
    const Market market = read(R"(time = 2025-06-17T15:45:00
spx = 5982.72
vix = 21.60
atm_vol_1d = 0.16
rate = 0.043
dividend_yield = 0.013
iv_clock = "calendar"
)");
    CHECK(market.has_time);
    CHECK(market.time == at(make_date(2025, 6, 17), 15, 45));
    CHECK(market.spx == 5982.72);
    CHECK(market.vix == 21.6);
    CHECK(market.atm_vol_1d == 0.16);
    CHECK_FALSE(market.variance.has_value());
    CHECK(market.rate == 0.043);
    CHECK(market.dividend_yield == 0.013);
    CHECK(market.iv_clock == VolClock::calendar);
    CHECK(market.history.empty());
    CHECK(market.vix_source.text().starts_with("test.toml:4:"));
    CHECK(market.atm_vol_source.text().starts_with("test.toml:5:"));
}

TEST_CASE("a market with the state itself needs neither vix nor time") {
    const Market market = read("spx = 5000.0\nvariance = 0.04\nvariance_mean = 0.05\n");
    CHECK_FALSE(market.has_time);
    CHECK(market.variance == 0.04);
    CHECK(market.variance_mean == 0.05);
    CHECK_FALSE(market.vix.has_value());
    CHECK(market.rate == 0.0);
    CHECK(market.iv_clock == VolClock::session);
    CHECK_THROWS_WITH(read("spx = 5000.0\nvix = 20.0\nvariance = 0.04\nvariance_mean = 0.05\n"),
                      Contains("market.vix"));
}

TEST_CASE("an incomplete or twice given state is refused") {
    CHECK_THROWS_WITH(read("spx = 5000.0\n"), Contains("vix is missing"));
    CHECK_THROWS_WITH(read("spx = 5000.0\nvix = 20.0\nvariance = 0.04\n"),
                      Contains("test.toml:4:") && Contains("variance_mean"));
    CHECK_THROWS_WITH(read("spx = 5000.0\nvariance_mean = 0.04\n"), Contains("needs both"));
    CHECK_THROWS_WITH(read("spx = 5000.0\natm_vol_1d = 0.2\nvariance = 0.04\nvariance_mean = 0.04\n"),
                      Contains("test.toml:3:") && Contains("market.atm_vol_1d"));
}

TEST_CASE("an entry outside a session is refused, its ends are not") {
    CHECK(read(at_time("2025-06-17T09:30:00")).has_time);
    CHECK(read(at_time("2025-06-17T16:00:00")).has_time);
    CHECK(read(at_time("2025-07-03T13:00:00")).has_time);
    CHECK_THROWS_WITH(read(at_time("2025-06-17T09:29:59")),
                      Contains("test.toml:4:") && Contains("outside the session"));
    CHECK_THROWS_WITH(read(at_time("2025-06-17T16:00:01")), Contains("outside the session"));
    CHECK_THROWS_WITH(read(at_time("2025-07-03T13:05:00")), Contains("2025-07-03 13:00"));
    CHECK_THROWS_WITH(read(at_time("2025-06-19T15:45:00")), Contains("no session") && Contains("2025-06-20"));
    CHECK_THROWS_WITH(read(at_time("2015-01-01T15:45:00")), Contains("no session"));
    CHECK_THROWS_WITH(read(at_time("2014-06-17T15:45:00")), Contains("2015 to 2027"));
}

TEST_CASE("quotes out of bounds are refused") {
    const std::string good = "spx = 5000.0\nvix = 20.0\n";
    CHECK_THROWS_AS(read("spx = 0.0\nvix = 20.0\n"), InputError);
    CHECK_THROWS_AS(read("spx = 1e6\nvix = 20.0\n"), InputError);
    CHECK_THROWS_AS(read("spx = 5000.0\nvix = 4.9\n"), InputError);
    CHECK_THROWS_AS(read("spx = 5000.0\nvix = 200.1\n"), InputError);
    CHECK_THROWS_AS(read(good + "atm_vol_1d = 16.0\n"), InputError);  // percent for a fraction
    CHECK_THROWS_AS(read(good + "rate = 4.3\n"), InputError);
    CHECK_THROWS_AS(read(good + "dividend_yield = -0.06\n"), InputError);
    CHECK_THROWS_AS(read("spx = 5000.0\nvariance = -0.1\nvariance_mean = 0.04\n"), InputError);
    CHECK_THROWS_WITH(read(good + "iv_clock = \"calender\"\n"), Contains("calendar"));
}

TEST_CASE("the history of a market ends the session before its entry") {
    const std::string file = std::string("history = \"") + VOLSTORM_SCENARIOS + "/history/2025-04-03.csv\"\n";
    const std::string quotes = "spx = 5396.52\nvix = 30.02\n";
    const Market market = read("time = 2025-04-03T16:00:00\n" + quotes + file);
    REQUIRE_FALSE(market.history.empty());
    CHECK(market.history.dates.back() == make_date(2025, 4, 2));
    CHECK_THROWS_AS(read("time = 2025-04-04T16:00:00\n" + quotes + file), InputError);
    CHECK_THROWS_WITH(read(quotes + file), Contains("needs market.time"));
}

#include "volstorm/market/daily_history.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "core/temporary_folder.h"
#include "volstorm/core/error.h"
#include "volstorm/market/calendar.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

DailySeries read(const std::string& text) {
    const TemporaryFolder folder;
    std::ofstream(folder / "daily.csv", std::ios::binary) << text;
    return read_daily_series(folder / "daily.csv");
}

const Date kDay = make_date(2019, 3, 4);  // a Monday

DailyBar bar(int day, double open, double high, double low, double close) {
    return {kDay + std::chrono::days(day), open, high, low, close};
}
DailyBar flat(int day, double close) { return bar(day, close, close, close, close); }

DailyHistory join(std::vector<DailyBar> spx, std::vector<DailyBar> vix) {
    return join_daily({"spx.csv", std::move(spx)}, {"vix.csv", std::move(vix)});
}

}  // namespace

TEST_CASE("daily prices are read in the layouts of Cboe, Yahoo and Lean") {
    const DailySeries cboe = read("DATE,OPEN,HIGH,LOW,CLOSE\n03/04/2019,1,4,0.5,2\n03/05/2019,2,3,1,3\n");
    const DailySeries yahoo = read(
        "Price,Close,High,Low,Open,Volume\nTicker,^GSPC,^GSPC,^GSPC,^GSPC,^GSPC\nDate,,,,,\n"
        "2019-03-04,2,4,0.5,1,100\n2019-03-05,3,3,1,2,100\n");
    const DailySeries lean = read("20190304 00:00,1,4,0.5,2,100\n20190305 00:00,2,3,1,3,100\n");
    for (const DailySeries& series : {cboe, yahoo, lean}) {
        REQUIRE(series.bars.size() == 2);
        CHECK(series.bars[0].date == kDay);
        CHECK(series.bars[0].open == 1.0);
        CHECK(series.bars[0].high == 4.0);
        CHECK(series.bars[0].low == 0.5);
        CHECK(series.bars[1].close == 3.0);
    }
}

TEST_CASE("closes alone will do, and the newest day may come first") {
    const DailySeries series = read("Date,Close\n2019-03-05,3\n2019-03-04,2\n");
    REQUIRE(series.bars.size() == 2);
    CHECK(series.bars[0].close == 2.0);
    CHECK(std::isnan(series.bars[0].open));
    CHECK(std::isnan(read("date,open,close\n2019-03-04,null,2\n").bars[0].open));
}

TEST_CASE("daily prices that cannot be right are refused at their place") {
    CHECK_THROWS_WITH(read(""), Contains("is empty"));
    CHECK_THROWS_WITH(read("day,price\n1,2\n"), Contains(":1:1") && Contains("date and close"));
    CHECK_THROWS_WITH(read("date,close\n04.03.2019,2\n"), Contains(":2:1") && Contains("not a date"));
    CHECK_THROWS_WITH(read("date,close\n2019-03-04,0\n"), Contains(":2:12") && Contains("closing value"));
    CHECK_THROWS_WITH(read("date,close\n2019-03-04,\n"), Contains(":2:12"));
    CHECK_THROWS_WITH(read("date,close\n2019-03-04\n"), Contains(":2:1") && Contains("fields"));
    CHECK_THROWS_WITH(read("date,close\n2019-03-04,2\n2019-03-04,2\n"), Contains(":3:1") && Contains("each day once"));
    CHECK_THROWS_WITH(read("date,close\n2019-03-04,2\n2019-03-06,2\n2019-03-05,2\n"), Contains(":4:1"));
}

TEST_CASE("VIX of days without SPX is dropped, and SPX sessions without VIX stay") {
    const DailyHistory h = join({flat(0, 100), flat(1, 101), flat(3, 102)},
                                {flat(0, 15), bar(2, 16, 16.5, 15.5, 16), bar(3, 16, 18, 15, 17)});
    REQUIRE(h.sessions() == 3);
    CHECK(std::isnan(h.vix[1].close));
    CHECK(h.vix[2].close == 17.0);
    REQUIRE(h.remarks.size() == 2);  // the session after a missing one has no VIX before it either
    CHECK_THAT(h.remarks[0], Contains("1 SPX sessions without VIX") && Contains("2019-03-05"));
    CHECK_THAT(h.remarks[1], Contains("1 VIX rows of days that are no SPX sessions") && Contains("2019-03-06"));
}

TEST_CASE("highs and lows that do not hold the close, and lone VIX highs, are set aside") {
    const DailyHistory h = join({flat(0, 100), bar(1, 100.2, 101, 99, 100.5), flat(2, 96)},
                                {bar(0, 14.5, 15, 14, 16), bar(1, 15.5, 40, 15, 15.2), bar(2, 16, 40, 16, 17)});
    CHECK(std::isnan(h.vix[0].high));
    CHECK(h.vix[0].close == 16.0);
    CHECK(std::isnan(h.vix[1].high));  // 40 on a quiet day
    CHECK(h.vix[2].high == 40.0);      // on a fall of 4.6 % it may be real
}

TEST_CASE("closes further apart than in any session that there was are refused, unless sessions lie between") {
    CHECK_THROWS_WITH(join({flat(0, 3110), flat(1, 31100), flat(2, 3090)}, {flat(0, 15), flat(1, 16), flat(2, 15)}),
                      Contains("spx.csv: SPX closes at 3110 on 2019-03-04 and at 31100 on 2019-03-05"));
    CHECK_THROWS_WITH(join({flat(0, 100), flat(1, 101), flat(2, 100)}, {flat(0, 15), flat(1, 160), flat(2, 15)}),
                      Contains("vix.csv: VIX closes at 15 on 2019-03-04 and at 160 on 2019-03-05"));
    // 1987-10-19 and 2018-02-05.
    CHECK(join({flat(0, 282.70), flat(1, 224.84)}, {flat(0, 17.31), flat(1, 37.32)}).sessions() == 2);
    CHECK(join({flat(0, 100), flat(30, 140)}, {flat(0, 15), flat(30, 60)}).sessions() == 2);
}

TEST_CASE("stale opens go by the year, odd ones alone") {
    std::vector<DailyBar> bars;
    for (int day = 0; day < 100; ++day)
        bars.push_back(bar(day, day % 20 == 0 ? 99.0 + day : 99.4 + day, 200, 1, 100.0 + day));
    bars.push_back(bar(400, 200.0, 260, 180, 210));  // the next year: an open 5 % down
    bars.push_back(bar(401, 170.0, 212, 170, 211));  // 21 % down, and all back
    bars.push_back(bar(402, 190.0, 200, 180, 195));  // 10 % down, most of it kept
    std::vector<std::string> remarks;
    const std::vector<DailyBar> clean = clean_opens(bars, remarks);
    CHECK(std::isnan(clean[1].open));
    CHECK(std::isnan(clean[99].open));
    CHECK(clean[100].open == 200.0);
    CHECK(std::isnan(clean[101].open));
    CHECK(clean[102].open == 190.0);
    CHECK(remarks.size() == 2);
}

TEST_CASE("the session after a missing one is not whole, and is counted") {
    // Weekends and the two holidays between are no sessions: 2019-05-27 and 2019-07-04.
    std::vector<DailyBar> spx, vix;
    for (int day = 0; day < 130; ++day) {
        const Date date = kDay + std::chrono::days(day);
        if (!is_session(date) || day == 10 || day == 60) continue;
        spx.push_back(flat(day, 100.0 + day));
        vix.push_back(flat(day, day == 30 ? NAN : 15.0));
    }
    const DailyHistory h = join(spx, vix);
    REQUIRE(h.remarks.size() == 2);  // VIX opens that repeat the close before, and:
    CHECK_THAT(h.remarks[1], Contains("2 sessions that follow a missing one set aside, the first of 2019-03-15"));
    CHECK(!is_whole_session(h, 0));
    std::vector<int> left_out;
    for (std::size_t row = 1; row < h.sessions(); ++row)
        if (!is_whole_session(h, row)) left_out.push_back(static_cast<int>((h.spx[row].date - kDay).count()));
    CHECK(left_out == std::vector<int>{11, 30, 31, 63});  // day 60 is a Friday; day 30 has no VIX
}

TEST_CASE("realised vol is the root mean square of 21 returns, and not known where a session is missing among them") {
    std::vector<DailyBar> spx, vix;
    double price = 100.0, squares = 0.0;
    for (int day = 0; spx.size() < 80; ++day) {
        const Date date = kDay + std::chrono::days(day);
        if (!is_session(date) || day == 60) continue;
        spx.push_back(flat(day, price)), vix.push_back(flat(day, 15.0));
        price *= std::exp(spx.size() % 2 == 0 ? 0.01 : -0.02);
    }
    const DailyHistory h = join(spx, vix);
    CHECK(std::isnan(realised_vol(h, 20)));
    for (std::size_t row = 1; row <= 21; ++row) squares += std::pow(std::log(spx[row].close / spx[row - 1].close), 2);
    CHECK(realised_vol(h, 21) == Approx(std::sqrt(squares / 21.0)));
    CHECK(squared_returns(h, 1, 22) == Approx(squares));
    const auto row_of = [&](int day) {
        std::size_t row = 0;
        while (h.spx[row].date < kDay + std::chrono::days(day)) ++row;
        return row;
    };
    const std::size_t after = row_of(61);
    CHECK(!std::isnan(realised_vol(h, after - 1)));
    for (std::size_t row = after; row < after + 21; ++row) CHECK(std::isnan(realised_vol(h, row)));
    CHECK(!std::isnan(realised_vol(h, after + 21)));
    CHECK(std::isnan(squared_returns(h, 0, 5)));
}

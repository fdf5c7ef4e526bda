#include "volstorm/calibration/market_bars.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "volstorm/core/error.h"
#include "volstorm/math/normal.h"
#include "volstorm/math/threefry.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

OneDaySample independent_sessions(std::size_t count) {
    OneDaySample s;
    ThreefryEngine random(RandomKey(9, Stream::resampling), 1);
    for (std::size_t i = 0; i < count; ++i) {
        const double z = normal_quantile((static_cast<double>(random()) + 0.5) * 0x1p-32);
        s.vix_before.push_back(i % 2 == 0 ? 12.0 : 25.0);
        s.spx_return.push_back(z);
        s.vix_change.push_back(-z);
        s.low.push_back(std::min(z, 0.0) - 0.5), s.high.push_back(std::max(z, 0.0) + 0.5), s.gap.push_back(0.5 * z);
    }
    return s;
}

}  // namespace

TEST_CASE("the bootstrap's interval is the normal one where sessions are independent") {
    const std::size_t n = 4000;
    const MarketBars bars = bars_of(independent_sessions(n), "all", 7);
    const MarketFigure all = *bars.find("std_r", Regime::all), low = *bars.find("std_r", Regime::below_15);
    // 1.645 standard errors of a deviation on each side; the bootstrap's own error is about 4 % of it.
    const double half = 1.645 / std::sqrt(2.0 * static_cast<double>(n));
    CHECK(0.5 * (all.high - all.low) == Approx(half).epsilon(0.15));
    CHECK(0.5 * (low.high - low.low) == Approx(half * std::sqrt(2.0)).epsilon(0.15));
    CHECK(all.contains(all.value));
    CHECK(bars.sessions[0] == n);
    CHECK(bars.sessions[1] == n / 2);
    CHECK(bars.find("std_r", Regime::above_30) == nullptr);
    CHECK(bars.vix_mix[1] == std::vector<double>(kMixSize, 12.0));
}

TEST_CASE("a share that never was may be as large as three sessions in all") {
    const MarketBars bars = bars_of(independent_sessions(2000), "all", 7);
    const MarketFigure bar = *bars.find("p_fall_5", Regime::all);
    CHECK(bar.value == 0.0);
    CHECK(bar.low == 0.0);
    CHECK(bar.high == Approx(300.0 / 2000.0));
    // Of VIX up 5 or more there is no session at all, so nothing is known of its share.
    CHECK(bars.find("spike_5_no_fall", Regime::all) == nullptr);
}

TEST_CASE("blocks keep what follows each other together") {
    // Alternating sessions: single draws would spread the mean, blocks of 21 hold at most one too many of a kind.
    OneDaySample s = independent_sessions(2100);
    for (std::size_t i = 0; i < s.size(); ++i) s.spx_return[i] = i % 2 == 0 ? 1.5 : -1.5;
    const MarketFigure bar = *bars_of(s, "all", 7).find("p_fall_1", Regime::all);
    CHECK(bar.value == 50.0);
    CHECK(bar.high - bar.low < 0.6 * 2.0 * 1.645 * 50.0 / std::sqrt(2100.0));
}

TEST_CASE("bars come back from their text") {
    const std::vector<MarketBars> written{bars_of(independent_sessions(500), "2001-2002", 1)};
    const std::vector<MarketBars> read = parse_bars(to_csv(written), "bars.csv");
    REQUIRE(read.size() == 1);
    CHECK(read[0].period == "2001-2002");
    CHECK(read[0].sessions == written[0].sessions);
    CHECK(read[0].vix_mix == written[0].vix_mix);
    CHECK(read[0].find("q1", Regime::all)->low == Approx(written[0].find("q1", Regime::all)->low).epsilon(1e-5));
    CHECK_THROWS_WITH(parse_bars("a,all,std_r,1,x,2\n", "bars.csv"),
                      Contains("bars.csv:1:15") && Contains("no number"));
    CHECK_THROWS_WITH(parse_bars("a,most,std_r,1,1,2\n", "bars.csv"),
                      Contains("bars.csv:1:3") && Contains("no regime"));
    CHECK_THROWS_WITH(parse_bars("a,all,std_r,1,1\n", "bars.csv"), Contains("low and high"));
    CHECK_THROWS_AS(parse_bars("a,all\n", "bars.csv"), InputError);
}

TEST_CASE("the shipped bars are the market's figures") {
    // Measured apart from this program on the same closes.
    REQUIRE(shipped_bars().size() == 3);
    const MarketBars& all = shipped_bars()[2];
    CHECK(all.period == "1990-2025");
    CHECK(all.sessions == std::array<std::size_t, 5>{8967, 2928, 2667, 2638, 734});
    CHECK(all.find("std_r", Regime::all)->value == Approx(1.142).margin(5e-4));
    CHECK(all.find("q0_1", Regime::above_30)->value == Approx(-10.734).margin(5e-4));
    CHECK(all.find("b_neg", Regime::from_15_to_20)->value == Approx(-1.590).margin(5e-4));
    CHECK(all.find("b_pos", Regime::below_15)->value == Approx(-0.457).margin(5e-4));
    CHECK(all.find("res_std", Regime::from_20_to_30)->value == Approx(1.049).margin(1e-3));
    CHECK(all.find("dv_q99_9", Regime::all)->value == Approx(13.251).margin(5e-4));
    CHECK(all.find("touch_down", Regime::all)->value == Approx(1.809).margin(5e-4));
    CHECK(all.find("touch_up", Regime::above_30)->value == Approx(1.387).margin(5e-4));
    CHECK(all.find("std_r", Regime::all)->low == Approx(1.060).margin(0.01));
    CHECK(all.find("std_r", Regime::all)->high == Approx(1.231).margin(0.01));
    CHECK(all.find("vvix_per_vix", Regime::below_15)->value == Approx(3.9).margin(0.05));
    CHECK(shipped_bars()[0].find("future_beta_m1", Regime::all)->value == Approx(0.596).margin(0.005));
}

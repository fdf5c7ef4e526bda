#include "volstorm/calibration/one_day.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "volstorm/math/normal.h"
#include "volstorm/math/threefry.h"

using namespace volstorm;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

void add(OneDaySample& s, double vix, double r, double change, double low = kNone, double high = kNone,
         double gap = kNone) {
    s.vix_before.push_back(vix), s.spx_return.push_back(r), s.vix_change.push_back(change);
    s.low.push_back(low), s.high.push_back(high), s.gap.push_back(gap);
}

double value(const OneDaySample& sample, std::string_view id) {
    const OneDayLaw law(sample);
    for (const OneDayStatistic& statistic : one_day_statistics()) {
        if (statistic.id == id) return statistic.value(law);
    }
    FAIL("no statistic " << id);
    return 0.0;
}

double uniform(ThreefryEngine& random) { return (static_cast<double>(random()) + 0.5) * 0x1p-32; }

DailyBar bar(int day, double open, double high, double low, double close) {
    return {make_date(2019, 3, 4) + std::chrono::days(day), open, high, low, close};
}

}  // namespace

TEST_CASE("sessions run from close to close, where both have SPX and VIX") {
    const DailyHistory history{{bar(0, 100, 100, 100, 100), bar(1, 101, 103, 99, 102), bar(2, 102, 102, 102, 102),
                                bar(3, 102, 104, 101, 103), bar(4, 103, 105, 102, 104)},
                               {bar(0, 15, 15, 15, 15), bar(1, 15, 16, 14, 14), bar(2, kNone, kNone, kNone, kNone),
                                bar(3, 15, 16, 14, 15.5), bar(4, 15, 16, 14, 15)},
                               {}};
    const OneDaySample all = sessions_of(history, make_date(2019, 1, 1), make_date(2019, 12, 31));
    REQUIRE(all.size() == 2);
    CHECK(all.vix_before == std::vector{15.0, 15.5});
    CHECK(all.vix_change == std::vector{-1.0, -0.5});
    CHECK(all.spx_return[0] == Approx(100.0 * std::log(1.02)));
    CHECK(all.low[0] == Approx(100.0 * std::log(0.99)));
    CHECK(all.high[0] == Approx(100.0 * std::log(1.03)));
    CHECK(all.gap[0] == Approx(100.0 * std::log(1.01)));
    CHECK(sessions_of(history, make_date(2019, 3, 6), make_date(2019, 12, 31)).size() == 1);
}

TEST_CASE("a session before which one is missing is left out") {
    const DailyHistory history{
        {bar(0, 100, 100, 100, 100), bar(1, 100, 100, 100, 101), bar(3, 101, 101, 101, 102),
         bar(4, 102, 102, 102, 103)},
        {bar(0, 15, 15, 15, 15), bar(1, 15, 15, 15, 16), bar(3, 16, 16, 16, 17), bar(4, 17, 17, 17, 18)},
        {}};
    CHECK(session_places(history, make_date(2019, 1, 1), make_date(2019, 12, 31)) == std::vector<std::size_t>{1, 3});
    CHECK(sessions_of(history, make_date(2019, 1, 1), make_date(2019, 12, 31)).vix_before == std::vector{15.0, 17.0});
}

TEST_CASE("regimes begin at 15, 20 and 30") {
    CHECK(regime_of(14.99) == Regime::below_15);
    CHECK(regime_of(15.0) == Regime::from_15_to_20);
    CHECK(regime_of(20.0) == Regime::from_20_to_30);
    CHECK(regime_of(30.0) == Regime::above_30);
    OneDaySample sample;
    for (const double vix : {14.0, 15.0, 29.99, 30.0, 12.0}) add(sample, vix, 0.0, 0.0);
    CHECK(sessions_in(sample, Regime::below_15).vix_before == std::vector{14.0, 12.0});
    CHECK(sessions_in(sample, Regime::all).size() == 5);
}

TEST_CASE("quantiles lie between order statistics") {
    OneDaySample sample;
    for (const double r : {3.0, 1.0, 2.0, 5.0, 4.0}) add(sample, 20.0, r, -r);
    const OneDayLaw law(sample);
    CHECK(law.return_quantile(0.0) == 1.0);
    CHECK(law.return_quantile(0.5) == 3.0);
    CHECK(law.return_quantile(0.9) == Approx(4.6));
    CHECK(law.vix_change_quantile(0.25) == -4.0);
    CHECK(std::isnan(OneDayLaw({}).return_quantile(0.5)));
}

TEST_CASE("shares count what they say") {
    OneDaySample sample;
    const double sigma = 20.0 / std::sqrt(252.0);  // 1.26 %
    add(sample, 20.0, -3.5, 5.0, -4.0, 0.1);
    add(sample, 20.0, -1.1 * sigma, 2.0, -1.5, 0.1);
    add(sample, 20.0, 0.2, -1.0, -1.3, 1.4);
    add(sample, 20.0, 2.1, 10.0, -0.1, 2.2);
    CHECK(value(sample, "p_fall_1") == 50.0);
    CHECK(value(sample, "p_fall_3") == 25.0);
    CHECK(value(sample, "p_rise_2") == 25.0);
    CHECK(value(sample, "p_vix_2") == 75.0);
    CHECK(value(sample, "p_z_below_1") == 50.0);
    CHECK(value(sample, "p_z_above_1") == 25.0);
    CHECK(value(sample, "p_z_below_2") == 25.0);
    CHECK(value(sample, "touch_down") == 1.5);
    CHECK(value(sample, "touch_up") == 2.0);
    CHECK(value(sample, "spike_5_no_fall") == 50.0);
    CHECK(value(sample, "spike_10_no_fall") == 100.0);
    CHECK(value(sample, "fall_3_no_spike") == 0.0);
    CHECK(std::isnan(value({}, "p_fall_1")));
}

TEST_CASE("deviations, the response of VIX and its residual are those of least squares") {
    OneDaySample sample;
    ThreefryEngine random(RandomKey(3, Stream::resampling), 0);
    for (int i = 0; i < 20'000; ++i) {
        const double r = 1.3 * normal_quantile(uniform(random)), noise = 0.7 * normal_quantile(uniform(random));
        add(sample, 20.0, r, 0.1 - 1.5 * std::min(r, 0.0) - 0.6 * std::max(r, 0.0) + noise, kNone, kNone, 0.6 * r);
    }
    const double n = 20'000.0;
    CHECK(std::abs(value(sample, "std_r") - 1.3) < 4.0 * 1.3 / std::sqrt(2.0 * n));
    CHECK(std::abs(value(sample, "one_day_rms") - 1.3 * std::sqrt(252.0) / 20.0) < 0.03);
    CHECK(std::abs(value(sample, "std_z") - value(sample, "one_day_rms")) < 1e-3);
    const double slope_error = 0.7 / (1.3 * 0.58 * std::sqrt(n));  // sd of min(z, 0) is 0.58
    CHECK(std::abs(value(sample, "b_neg") + 1.5) < 4.0 * slope_error);
    CHECK(std::abs(value(sample, "b_pos") + 0.6) < 4.0 * slope_error);
    CHECK(std::abs(value(sample, "res_std") - 0.7) < 4.0 * 0.7 / std::sqrt(2.0 * n));
    CHECK(value(sample, "overnight_share") == Approx(0.36 / (0.36 + 0.16)));
}

TEST_CASE("tail dependence is one where VIX follows SPX, and 5 % where it does not care") {
    OneDaySample follows, apart;
    ThreefryEngine random(RandomKey(4, Stream::resampling), 0);
    for (int i = 0; i < 40'000; ++i) {
        const double r = normal_quantile(uniform(random)), other = normal_quantile(uniform(random));
        add(follows, 20.0, r, -r);
        add(apart, 20.0, r, other);
    }
    CHECK(value(follows, "tail_dependence") == Approx(1.0).margin(1e-3));
    CHECK(std::abs(value(apart, "tail_dependence") - 0.05) < 4.0 * std::sqrt(0.05 * 0.95 / 2000.0));
    CHECK(value(follows, "corr_r_dv") == Approx(-1.0));
}

#include "volstorm/calibration/out_of_sample.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "calibration/forecast_model.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

constexpr ForecastSampling kFew{10'240, 11};

Forecaster forecaster(const ForecastSampling& sampling = kFew) {
    const auto executor = make_thread_executor(2);
    return {forecasts::model(), forecasts::closes(), BookRule{}, sampling, *executor};
}

// Histories that share their seed share the draws that their shortfalls are judged by.
BacktestTable judged(const Forecasts& f, std::uint64_t seed = 1) {
    const auto executor = make_thread_executor(2);
    return judge(f, 120, seed, *executor);
}

const BacktestRow& row(const BacktestTable& table, const std::string& subject, const std::string& id,
                       Regime regime = Regime::all) {
    const auto found = std::ranges::find_if(
        table.rows, [&](const BacktestRow& r) { return r.subject == subject && r.id == id && r.regime == regime; });
    REQUIRE(found != table.rows.end());
    return *found;
}

// The history with returns, and changes of ln VIX, `factor` times as large.
OneDaySample widened(OneDaySample s, double factor) {
    for (std::size_t i = 0; i < s.size(); ++i) {
        s.spx_return[i] *= factor;
        s.vix_change[i] = s.vix_before[i] * std::expm1(factor * std::log1p(s.vix_change[i] / s.vix_before[i]));
    }
    return s;
}

// How often each test of all sessions rejects at 1 %, over histories that the model made itself.
std::map<std::string, double> sizes(std::size_t histories, std::size_t days, const ForecastSampling& sampling) {
    const forecasts::Histories made(forecasts::model(), (histories * (days / 24 + 1) + 511) / 512 * 512, 77);
    const Forecaster forecast = forecaster(sampling);
    std::map<std::string, double> share;
    for (std::size_t i = 0; i < histories; ++i) {
        for (const BacktestRow& r : judged(forecast.of(made.history(i, days)), i).rows) {
            if (r.regime != Regime::all) continue;
            share[r.subject + " " + r.id] += r.rejected() ? 1.0 / static_cast<double>(histories) : 0.0;
        }
    }
    return share;
}

}  // namespace

TEST_CASE("later sessions change no earlier forecast") {
    const forecasts::Histories made(forecasts::model(), 512, 1);
    const OneDaySample before = made.history(0, 60);
    OneDaySample after = before;
    for (std::size_t day = 40; day < 60; ++day) {
        after.vix_before[day] = 55.0 + 0.1 * static_cast<double>(day);
        after.spx_return[day] = -9.0;
        after.vix_change[day] = 20.0;
    }
    const auto executor = make_thread_executor(2);
    const auto made_from = [&](const OneDaySample& sessions) {
        return Forecaster(forecasts::model(), sessions.vix_before, BookRule{}, {2560, 4}, *executor);
    };
    const Forecaster first = made_from(before), second = made_from(after);
    const Forecasts a = first.of(before), b = second.of(after);
    for (const auto series : {&Forecasts::spx, &Forecasts::vix, &Forecasts::book}) {
        for (std::size_t day = 0; day < 40; ++day) {
            INFO("day " << day);
            REQUIRE((a.*series).pit[day] == (b.*series).pit[day]);
            REQUIRE((a.*series).loss[day] == (b.*series).loss[day]);
            REQUIRE((a.*series).law(day, 0.3) == (b.*series).law(day, 0.3));
            REQUIRE((a.*series).shortfalls[0].forecasts[day].expected_shortfall ==
                    (b.*series).shortfalls[0].forecasts[day].expected_shortfall);
        }
        CHECK((a.*series).pit[40] != (b.*series).pit[40]);
    }
    for (std::size_t day = 0; day < 40; ++day) REQUIRE(a.pnl[day].mean == b.pnl[day].mean);
}

TEST_CASE("forecasts know the VIX close before and what came, and nothing else") {
    const Forecaster forecast = forecaster();
    const double vix = forecasts::closes()[5];
    OneDaySample session;
    session.vix_before = {vix}, session.spx_return = {-1.0}, session.vix_change = {1.5};
    const Forecasts f = forecast.of(session);
    CHECK(f.spx.loss[0] == 1.0);
    CHECK(f.vix.loss[0] == 1.5);
    CHECK(f.book.loss[0] == -forecast.condor(vix).pnl(-1.0));
    CHECK(f.spx.pit[0] < 0.25);
    CHECK(f.vix.pit[0] > 0.75);
    // VaR and ES are those of what the law draws.
    double beyond = 0.0, count = 0.0;
    for (int i = 0; i < 4000; ++i) {
        const double loss = f.spx.law(0, (i + 0.5) / 4000.0);
        if (loss <= f.spx.shortfalls[0].forecasts[0].value_at_risk) continue;
        beyond += loss, count += 1.0;
    }
    CHECK(count == Approx(100.0).margin(1.0));
    CHECK(beyond / count == Approx(f.spx.shortfalls[0].forecasts[0].expected_shortfall).epsilon(0.01));
    session.vix_before = {99.0};
    CHECK_THROWS_AS(forecast.of(session), std::out_of_range);
}

TEST_CASE("a regime holds its days, and draws from their laws") {
    const forecasts::Histories made(forecasts::model(), 512, 1);
    const Forecaster forecast = forecaster();
    const Forecasts all = forecast.of(made.history(0, 48)), high = forecasts_in(all, Regime::above_30);
    REQUIRE(high.size() == 20);  // ten of the 24 closes, twice
    CHECK(std::ranges::min(high.vix_before) > 30.0);
    CHECK(high.spx.pit[0] == all.spx.pit[14]);
    CHECK(high.book.loss[10] == all.book.loss[38]);
    CHECK(high.vix.law(10, 0.7) == all.vix.law(38, 0.7));
    CHECK(high.pnl[19].mean == all.pnl[47].mean);
}

TEST_CASE("histories that the model made are not rejected more often than the level says") {
    // 1 % of 41 tests x 20 histories is 8; a test that is wrong would reject most of its 20.
    double sum = 0.0;
    for (const auto& [test, share] : sizes(20, 300, {20'480, 11})) {
        INFO(test);
        CHECK(share <= 2.0 / 20.0 + 1e-9);
        sum += 20.0 * share;
    }
    CHECK(sum <= 16.0);
}

TEST_CASE("sizes over 400 histories of 1,000 sessions", "[.long]") {
    for (const auto& [test, share] : sizes(400, 1000, {})) {
        UNSCOPED_INFO(test << " " << share);
        CHECK(share <= 0.01 + 4.0 * std::sqrt(0.01 * 0.99 / 400.0));
    }
}

TEST_CASE("a history whose moves are 1.3 times those of the model is rejected, with the reason") {
    const forecasts::Histories made(forecasts::model(), 512, 5);
    const Forecaster forecast = forecaster();
    const BacktestTable wide = judged(forecast.of(widened(made.history(0, 1000), 1.3)));
    for (const std::string subject : {"spx", "vix"}) {
        CHECK(row(wide, subject, "tenths").rejected());
        CHECK(row(wide, subject, "normal").observed == Approx(1.3).margin(0.12));
        CHECK_THAT(row(wide, subject, "normal").reason, Contains("law too narrow (sd of z 1."));
        CHECK_THAT(row(wide, subject, "rise_1").reason, Contains("too many"));
        CHECK(row(wide, subject, "shortfall_97.5_sum").rejected());
    }
    CHECK_THAT(row(wide, "spx", "fall_1").reason, Contains("too many"));
    CHECK_THAT(row(wide, "book", "greatest_loss").reason, Contains("too many days"));
    CHECK_THAT(row(wide, "book", "win_rate").reason, Contains("too few days"));
    CHECK_THAT(row(wide, "book", "mean").reason, Contains("less than foretold"));
    CHECK(row(wide, "spx", "normal", Regime::from_20_to_30).rejected());

    const BacktestTable narrow = judged(forecast.of(widened(made.history(0, 1000), 1.0 / 1.3)));
    CHECK_THAT(row(narrow, "spx", "normal").reason, Contains("law too wide"));
    CHECK_THAT(row(narrow, "spx", "fall_5").reason, Contains("too few"));
    CHECK_THAT(row(narrow, "book", "win_rate").reason, Contains("too many days"));
}

TEST_CASE("a bias and a day that follows the one before are found and named") {
    const forecasts::Histories made(forecasts::model(), 512, 6);
    const Forecaster forecast = forecaster();
    OneDaySample low = made.history(0, 600);
    for (std::size_t i = 0; i < low.size(); ++i) low.spx_return[i] -= 0.02 * low.vix_before[i];
    CHECK_THAT(row(judged(forecast.of(low)), "spx", "normal").reason, Contains("lower than foretold (mean of z -0."));

    OneDaySample following = made.history(0, 600);
    for (std::size_t i = 1; i < following.size(); ++i) {
        const double ratio = following.vix_before[i] / following.vix_before[i - 1];
        following.spx_return[i] += 0.4 * ratio * following.spx_return[i - 1];
    }
    CHECK_THAT(row(judged(forecast.of(following)), "spx", "normal").reason, Contains("a day follows the one before"));
}

TEST_CASE("where little is known a row says why") {
    const forecasts::Histories made(forecasts::model(), 512, 7);
    const Forecaster forecast = forecaster();
    const BacktestTable table = judged(forecast.of(made.history(0, 12)));
    for (const BacktestRow& r : table.rows) {
        INFO(r.subject << " " << r.id);
        CHECK((std::isnan(r.p_value) ? !r.reason.empty() : r.p_value >= 0.0 && r.p_value <= 1.0));
    }
    CHECK(row(table, "spx", "tenths", Regime::above_30).sessions == 0);
    CHECK(table.rows.size() % kRegimes.size() == 0);
    REQUIRE(table.histograms.size() == 3 * kRegimes.size());
    CHECK(table.histograms[0].counts.size() == 10);
}

TEST_CASE("a count of unequal days has the exact law") {
    CHECK(count_p_value(std::vector{0.1, 0.5}, 2) == Approx(2.0 * 0.05));
    CHECK(count_p_value(std::vector{0.1, 0.5}, 0) == Approx(2.0 * 0.45));
    CHECK(count_p_value(std::vector{0.1, 0.5}, 1) == 1.0);
    const std::vector<double> equal(250, 0.02);
    std::vector<std::uint8_t> failures(250, 0);
    for (std::size_t i = 0; i < 11; ++i) failures[20 * i] = 1;
    CHECK(count_p_value(equal, 11) == Approx(kupiec_test(failures, 0.02).exact_p_value));
}

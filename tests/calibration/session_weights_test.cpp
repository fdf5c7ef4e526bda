#include "volstorm/calibration/session_weights.h"

#include <catch2/catch.hpp>
#include <numeric>

#include "volstorm/calibration/market_bars.h"

using namespace volstorm;

namespace {

OneDaySample numbered(std::size_t count) {
    OneDaySample s;
    for (std::size_t i = 0; i < count; ++i) {
        s.vix_before.push_back(i % 2 == 0 ? 12.0 : 25.0);
        s.spx_return.push_back(static_cast<double>((i * 7919) % 1009) / 500.0 - 1.0);
        s.vix_change.push_back(-s.spx_return.back());
        s.low.push_back(-1.5), s.high.push_back(1.5), s.gap.push_back(0.0);
    }
    return s;
}

}  // namespace

TEST_CASE("a weighted sample holds each session as often as its weight says") {
    CHECK(weighted_sessions(std::vector<double>(1000, 0.1)) == std::vector<std::size_t>(1000, 1));
    CHECK(weighted_sessions(std::vector<double>{3.0, 0.0, 1.0, 0.0}) == std::vector<std::size_t>{3, 0, 1, 0});
    CHECK(weighted_sessions(std::vector<double>{0.0, 0.0}) == std::vector<std::size_t>{0, 0});
    std::vector<double> weights;
    for (int i = 0; i < 500; ++i) weights.push_back(1.0 + (i * 37) % 11);
    const std::vector<std::size_t> times = weighted_sessions(weights);
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    double wanted = 0.0, got = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        wanted += weights[i] / all * 500.0;
        got += static_cast<double>(times[i]);
        if (std::abs(wanted - got) > 0.5 + 1e-9) FAIL("session " << i);
    }
    CHECK(got == 500.0);
}

TEST_CASE("equal weights change no interval, and weights of 0 or 1 are those of the sessions alone") {
    const OneDaySample sessions = numbered(900);
    const MarketBars plain = bars_of(sessions, "p", 3);
    const Bootstrap equal = bootstrap_of(sessions, std::vector<double>(900, 2.0), "p", 3);
    CHECK(equal.bars.vix_mix == plain.vix_mix);
    for (const OneDayStatistic& statistic : one_day_statistics()) {
        const MarketFigure *a = equal.bars.find(statistic.id, Regime::all), *b = plain.find(statistic.id, Regime::all);
        if (a == nullptr) continue;
        CAPTURE(statistic.id);
        CHECK(a->value == b->value);
        CHECK(a->low == b->low);
        if (statistic.base == nullptr) CHECK(a->high == b->high);
    }
    // Fewer than three of 900 sessions lie beyond a 0.1 % quantile.
    CHECK(equal.bars.find("q0_1", Regime::all) == nullptr);
    CHECK(equal.bars.find("q1", Regime::all) != nullptr);
    CHECK(equal.effective[0] == Approx(900.0));
    CHECK(equal.effective[1] == Approx(450.0));

    std::vector<double> calm_only(900, 0.0);
    for (std::size_t i = 0; i < 900; i += 2) calm_only[i] = 1.0;
    const Bootstrap calm = bootstrap_of(sessions, calm_only, "p", 3);
    CHECK(calm.effective[0] == Approx(450.0));
    CHECK(calm.bars.find("std_r", Regime::from_20_to_30) == nullptr);
    // The same law: the weighted sample has each session twice.
    const auto value = [](const MarketBars& bars, std::string_view id) {
        return bars.find(id, Regime::below_15)->value;
    };
    CHECK(value(calm.bars, "q99") == Approx(value(plain, "q99")).margin(0.01));
    CHECK(value(calm.bars, "p_fall_1") == value(plain, "p_fall_1"));
    const MarketFigure a = *calm.bars.find("std_r", Regime::below_15), b = *plain.find("std_r", Regime::below_15);
    CHECK(a.high - a.low == Approx(b.high - b.low).epsilon(0.2));
    // A share that never was: three of the sessions that the weights are worth.
    CHECK(calm.bars.find("p_fall_5", Regime::below_15)->high == Approx(300.0 / 450.0));
    CHECK(calm.replications[0][1].size() == static_cast<std::size_t>(kBootstrapReplications));
}

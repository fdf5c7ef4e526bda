#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "risk/samples.h"

namespace volstorm {
namespace {

/// Mean of the worst (1 - level) n losses by sorting, the last with its fraction.
double sorted_shortfall(std::vector<float> pnl, double level) {
    std::ranges::sort(pnl);
    const TailSize size = tail_size(pnl.size(), level);
    long double sum = 0.0L, rest = size.mass;
    for (std::size_t i = 0; i < size.count; ++i) {
        const long double weight = std::min(1.0L, rest);
        sum -= weight * static_cast<long double>(pnl[i]);
        rest -= weight;
    }
    return static_cast<double>(sum / static_cast<long double>(size.mass));
}

/// How far the estimate is from the truth, in standard errors.
double errors(const Estimate& estimate, double truth) {
    return std::abs(estimate.value - truth) / estimate.standard_error;
}

}  // namespace

TEST_CASE("a summary of ten paths by hand") {
    const std::vector<float> pnl{50, 50, 50, 50, 50, 50, 0, -100, -300, -300};
    const Summary s = summarise(pnl, std::array{0.75, 0.8, 0.9});
    CHECK(s.n == 10);
    CHECK(s.mean.value == -40.0);
    CHECK(s.sd.value == Approx(std::sqrt((6 * 2'500.0 + 10'000.0 + 180'000.0 - 10 * 1'600.0) / 9.0)));
    CHECK(s.p_loss.value == 0.3);
    CHECK(s.win_share.value == 0.6);
    CHECK(s.mean_win.value == 50.0);
    CHECK(s.mean_loss.value == Approx(-700.0 / 3.0));
    CHECK(s.best == 50.0);
    CHECK(s.worst == 300.0);
    CHECK(s.atom_share.value == 0.2);

    CHECK(s.tails[0].value_at_risk.value == 100.0);                                       // the third worst
    CHECK(s.tails[0].expected_shortfall.value == Approx((300 + 300 + 0.5 * 100) / 2.5));  // 2.5 paths
    CHECK(s.tails[1].value_at_risk.value == 300.0);
    CHECK(s.tails[1].expected_shortfall.value == 300.0);
    CHECK(s.tails[2].expected_shortfall.value == 300.0);
}

TEST_CASE("the mean is the expectancy: win share times mean win plus loss share times mean loss") {
    const std::vector<float> pnl = sample_pnl(10'001, 21, rounded_loss);
    const Summary s = summarise(pnl);
    CHECK(s.win_share.value * s.mean_win.value + s.p_loss.value * s.mean_loss.value == Approx(s.mean.value));
}

TEST_CASE("value at risk and shortfall agree with sorting at every level, whatever the ties") {
    const auto loss = GENERATE(exponential_loss, rounded_loss);
    const std::uint64_t n = GENERATE(as<std::uint64_t>{}, 1, 2, 19, 20, 21, 777, 20'003);
    const std::vector<float> pnl = sample_pnl(n, 100 + n, loss);
    std::vector<float> sorted = pnl;
    std::ranges::sort(sorted);
    for (const Tail& tail : summarise(pnl).tails) {
        CAPTURE(n, tail.level);
        CHECK(tail.value_at_risk.value == loss_of(sorted[tail_size(n, tail.level).count - 1]));
        CHECK(tail.expected_shortfall.value == Approx(sorted_shortfall(pnl, tail.level)).epsilon(1e-12).margin(1e-300));
        CHECK(tail.expected_shortfall.value >= tail.value_at_risk.value);
        CHECK(tail.expected_shortfall.value <= loss_of(sorted.front()));
    }
}

TEST_CASE("the order of the paths changes nothing beyond the last bits of the sums") {
    std::vector<float> pnl = sample_pnl(100'000, 9, exponential_loss);
    const Summary before = summarise(pnl);
    std::ranges::shuffle(pnl, std::mt19937(2));
    const Summary after = summarise(pnl);
    CHECK(after.mean.value == Approx(before.mean.value).epsilon(1e-15));
    CHECK(after.sd.value == Approx(before.sd.value).epsilon(1e-15));
    for (std::size_t i = 0; i < kTailLevels.size(); ++i) {
        CHECK(after.tails[i].value_at_risk.value == before.tails[i].value_at_risk.value);
        CHECK(after.tails[i].expected_shortfall.value ==
              Approx(before.tails[i].expected_shortfall.value).epsilon(1e-15));
    }
}

TEST_CASE("exponential losses: the shortfall is the value at risk plus the mean") {
    const std::vector<float> pnl = sample_pnl(200'000, 1, exponential_loss);
    const Summary s = summarise(pnl);
    CHECK(errors(s.mean, -1.0) < 4.0);
    CHECK(errors(s.sd, 1.0) < 4.0);
    for (const Tail& tail : s.tails) {
        CAPTURE(tail.level);
        CHECK(errors(tail.value_at_risk, -std::log(1.0 - tail.level)) < 4.0);
        CHECK(errors(tail.expected_shortfall, 1.0 - std::log(1.0 - tail.level)) < 4.0);
        // Standard error of the shortfall: sqrt((2 - a) / (n a)) with a = 1 - level, by integration.
        const double a = 1.0 - tail.level;
        CHECK(tail.expected_shortfall.standard_error == Approx(std::sqrt((2.0 - a) / (200'000.0 * a))).epsilon(0.2));
    }
}

TEST_CASE("normal losses: the shortfall is the density at the quantile over 1 - level") {
    const boost::math::normal normal;
    const auto loss = [&](double u) { return 3.0 + 2.0 * quantile(normal, u); };
    const std::vector<float> pnl = sample_pnl(200'000, 2, loss);
    const Summary s = summarise(pnl);
    CHECK(errors(s.mean, -3.0) < 4.0);
    CHECK(errors(s.sd, 2.0) < 4.0);
    CHECK(s.sd.standard_error == Approx(2.0 / std::sqrt(2.0 * 200'000.0)).epsilon(0.02));
    CHECK(errors(s.p_loss, cdf(normal, 1.5)) < 4.0);
    for (const Tail& tail : s.tails) {
        const double z = quantile(normal, tail.level);
        CAPTURE(tail.level);
        CHECK(errors(tail.value_at_risk, 3.0 + 2.0 * z) < 4.0);
        CHECK(errors(tail.expected_shortfall, 3.0 + 2.0 * pdf(normal, z) / (1.0 - tail.level)) < 4.0);
    }
}

TEST_CASE("ES 99 of a narrow condor is its maximum loss, and the interval is a point") {
    // Credit 100 kept on 90 % of the paths, the wing of 2,400 lost on 6 %, something between on 4 %.
    const auto condor = [](double u) { return u < 0.9 ? -100.0 : u > 0.94 ? 2'400.0 : -100.0 + (u - 0.9) * 62'500.0; };
    const Summary s = summarise(sample_pnl(20'000, 3, condor));
    const Tail& tail = s.tails[2];
    CHECK(tail.level == 0.99);
    CHECK(tail.atom);
    for (const Estimate& e : {tail.value_at_risk, tail.expected_shortfall}) {
        CHECK(e.value == s.worst);
        CHECK(e.standard_error == 0.0);
        CHECK(e.low == s.worst);
        CHECK(e.high == s.worst);
    }
    CHECK(errors(s.atom_share, 0.06) < 4.0);
    CHECK(s.tails[4].atom);  // 20 paths beyond the level are certain to lie at the cap
}

TEST_CASE("a tail that may or may not be the atom keeps an interval") {
    std::vector<float> pnl = sample_pnl(2'000, 5, exponential_loss);
    std::ranges::sort(pnl);
    std::fill_n(pnl.begin(), 102, pnl.front());  // 5.1 % at the worst: the true share may be below 5 %
    const Summary s = summarise(pnl, std::array{0.95});
    CHECK(s.tails[0].expected_shortfall.value == s.worst);
    CHECK_FALSE(s.tails[0].atom);
    CHECK(s.tails[0].value_at_risk.low < s.worst);
    CHECK(s.tails[0].expected_shortfall.low < s.worst);
}

TEST_CASE("an expected shortfall has an interval from fifty paths in its tail on") {
    std::vector<float> pnl(1999);
    for (std::size_t i = 0; i < pnl.size(); ++i) pnl[i] = static_cast<float>(i);
    CHECK(summarise(pnl).tails[1].expected_shortfall.high == kInfinity);
    pnl.push_back(1999.0f);
    const Estimate fifty = summarise(pnl).tails[1].expected_shortfall;
    CHECK(std::isfinite(fifty.low));
    CHECK(std::isfinite(fifty.high));
}

TEST_CASE("a column with one path, one with a single value, one with none") {
    const Summary one = summarise(std::vector{-5.0f});
    CHECK(one.worst == 5.0);
    CHECK(one.mean.value == -5.0);
    CHECK(std::isnan(one.sd.value));
    CHECK(std::isnan(one.mean_win.value));
    CHECK(one.tails[4].expected_shortfall.value == 5.0);
    CHECK(one.tails[4].expected_shortfall.high == kInfinity);

    const Summary constant = summarise(std::vector(10'000, 7.5f));
    CHECK(constant.sd.value == 0.0);
    CHECK(constant.win_share.value == 1.0);
    CHECK(constant.worst == -7.5);
    CHECK(constant.tails[4].expected_shortfall.high == -7.5);

    CHECK_THROWS_WITH(summarise({}), "there are no paths to speak of");
}

}  // namespace volstorm

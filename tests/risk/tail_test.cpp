#include "volstorm/risk/tail.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "risk/samples.h"

namespace volstorm {
namespace {

Landmarks find_landmarks(std::vector<float> pnl, std::span<const double> levels) {
    std::ranges::sort(pnl);
    std::vector<float> at_ranks;
    for (const std::uint64_t rank : landmark_ranks(pnl.size(), levels)) at_ranks.push_back(pnl[rank]);
    return landmarks_of(pnl.size(), levels, at_ranks);
}

}  // namespace

TEST_CASE("the tail count is n - floor(level n) in exact arithmetic, for every n to 100,000") {
    constexpr std::array<std::uint64_t, 5> kPerMille{950, 975, 990, 995, 999};
    for (std::size_t i = 0; i < kPerMille.size(); ++i) {
        std::uint64_t wrong = 0;
        for (std::uint64_t n = 1; n <= 100'000; ++n) {
            const TailSize size = tail_size(n, kTailLevels[i]);
            wrong += size.count != n - kPerMille[i] * n / 1'000;
            wrong +=
                std::abs(size.mass - static_cast<double>((1'000 - kPerMille[i]) * n) / 1'000.0) > 1e-12 * size.mass;
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE("plain rounding would miscount: 1 - 0.95 is a little more than 0.05") {
    CHECK(static_cast<std::uint64_t>(std::ceil((1.0 - 0.95) * 100.0)) == 6);
    CHECK(tail_size(100, 0.95).count == 5);
    CHECK(tail_size(100, 0.95).mass == 5.0);
}

TEST_CASE("the tail of a large or a very small sample") {
    CHECK(tail_size(10'000'000'001, 0.999).count == 10'000'001);
    CHECK(tail_size(10'000'000'001, 0.999).mass == Approx(10'000'000.001).epsilon(1e-15));
    CHECK(tail_size(1, 0.999).count == 1);
    CHECK(tail_size(1, 0.999).mass == 0.001);
    CHECK(tail_size(3, 0.5).count == 2);
}

TEST_CASE("a level outside (0, 1) is refused") {
    const double level = GENERATE(0.0, 1.0, -0.5, 95.0, 1e-10, kUnknown);
    CHECK_THROWS_AS(tail_size(100, level), std::invalid_argument);
}

TEST_CASE("the value at risk and its limits stand at exact binomial ranks") {
    std::vector<float> pnl;  // losses 1 to 1000
    for (int i = 1; i <= 1'000; ++i) pnl.push_back(static_cast<float>(-i));
    const TailStart tail = find_landmarks(pnl, std::array{0.95}).tails.front();
    CHECK(tail.value_at_risk.value == 951.0);  // the 50th worst

    // The interval [951 - a, 951 + b] misses the true quantile where too few or too many losses lie beyond it.
    const boost::math::binomial_distribution<> beyond(1'000.0, 0.05);
    CHECK(cdf(beyond, 1'000.0 - tail.value_at_risk.high) <= 0.025);
    CHECK(cdf(complement(beyond, 1'000.0 - tail.value_at_risk.low)) <= 0.025);
    CHECK(cdf(beyond, 1'001.0 - tail.value_at_risk.high) > 0.025);
    CHECK(cdf(complement(beyond, 999.0 - tail.value_at_risk.low)) > 0.025);
    CHECK(tail.spread_from == 951.0);
    CHECK_FALSE(tail.atom);
}

TEST_CASE("where the sample holds no loss large enough, the upper limit is infinite") {
    const std::vector<float> pnl = sample_pnl(2'000, 4, exponential_loss);
    const TailStart tail = find_landmarks(pnl, std::array{0.999}).tails.front();
    CHECK(tail.size.count == 2);
    CHECK(tail.value_at_risk.high == kInfinity);
    CHECK(tail.value_at_risk.low < tail.value_at_risk.value);
    CHECK(ShortfallSums().estimate(tail.value_at_risk, tail.size, 2'000).high == kInfinity);
}

TEST_CASE("a break-even tail has the loss 0, not -0") {
    CHECK_FALSE(std::signbit(loss_of(0.0f)));
    CHECK_FALSE(std::signbit(loss_of(-0.0f)));
}

}  // namespace volstorm

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>

#include "risk/samples.h"

namespace volstorm {
namespace {

constexpr std::uint64_t kPaths = 2'000;

/// A loss with what is known of it.
struct Law {
    const char* name;
    double (*loss)(double u);
    double mean_pnl, value_at_risk, expected_shortfall;  // at 95 %
};

// Exponential losses, then the same with the worst 2 % and the worst 5 % of them cut to one maximum loss. With a = 0.05
// and a share c at the maximum the shortfall is ln 20 + (a - c) / a and the mean loss is 1 - c.
const double kLog20 = std::log(20.0);
const Law kExponential{"exponential", exponential_loss, -1.0, kLog20, kLog20 + 1.0};
const Law kCapped{"capped at 98 %", [](double u) { return std::min(exponential_loss(u), std::log(50.0)); }, -0.98,
                  kLog20, kLog20 + 0.6};
const Law kEdge{"capped at 95 %", [](double u) { return std::min(exponential_loss(u), std::log(20.0)); }, -0.95, kLog20,
                kLog20};

/// Shares of the repetitions in which the 95 % interval holds the truth.
struct Coverage {
    double mean, value_at_risk, expected_shortfall;
};

double holds(const Estimate& e, double truth) {
    const double rounding = 1e-6 * std::abs(truth);  // of the float32 sample, where the interval is a point
    return e.low <= truth + rounding && truth - rounding <= e.high ? 1.0 : 0.0;
}

Coverage coverage(const Law& law, int repetitions) {
    Coverage result{};
    for (int i = 0; i < repetitions; ++i) {
        const std::vector<float> pnl = sample_pnl(kPaths, static_cast<std::uint64_t>(i), law.loss);
        const Summary s = summarise(pnl, std::array{0.95});
        result.mean += holds(s.mean, law.mean_pnl) / repetitions;
        result.value_at_risk += holds(s.tails[0].value_at_risk, law.value_at_risk) / repetitions;
        result.expected_shortfall += holds(s.tails[0].expected_shortfall, law.expected_shortfall) / repetitions;
    }
    std::cout << "95 % intervals, " << law.name << " losses, n = " << kPaths << ", " << repetitions
              << " repetitions: mean " << result.mean << ", VaR 95 " << result.value_at_risk << ", ES 95 "
              << result.expected_shortfall << '\n';
    return result;
}

bool near_95(double share) { return share >= 0.93 && share <= 0.97; }

}  // namespace

TEST_CASE("95 % intervals cover in 93 to 97 % of repetitions") {
    const Law law = GENERATE(kExponential, kCapped);
    const Coverage c = coverage(law, 4'000);
    CHECK(near_95(c.mean));
    CHECK(near_95(c.value_at_risk));
    CHECK(near_95(c.expected_shortfall));
}

TEST_CASE("95 % intervals cover, 10,000 repetitions", "[.long]") {
    const Law law = GENERATE(kExponential, kCapped);
    const Coverage c = coverage(law, 10'000);
    CHECK(near_95(c.mean));
    CHECK(near_95(c.value_at_risk));
    CHECK(near_95(c.expected_shortfall));
}

TEST_CASE("where the maximum loss has exactly the tail's weight, the intervals cover too", "[.long]") {
    const Coverage c = coverage(kEdge, 10'000);
    CHECK(near_95(c.mean));
    CHECK(c.value_at_risk >= 0.93);
    CHECK(c.expected_shortfall >= 0.93);
}

}  // namespace volstorm

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "risk/samples.h"

namespace volstorm {
namespace {

std::vector<float> scaled(const std::vector<float>& values, float factor, float shift) {
    std::vector<float> result;
    for (const float value : values) result.push_back(factor * value + shift);
    return result;
}

// The first book less the second.
PairedDifference paired_difference(const std::vector<float>& pnl, const std::vector<float>& reference,
                                   std::span<const double> levels = kTailLevels) {
    return pnl_figures({0, std::vector<std::uint8_t>(pnl.size(), 0), {reference, pnl}}, levels).books[1].against_first;
}

}  // namespace

TEST_CASE("a column paired with itself has no difference and no error") {
    const std::vector<float> pnl = sample_pnl(50'000, 1, exponential_loss);
    const PairedDifference d = paired_difference(pnl, pnl);
    CHECK(d.mean.value == 0.0);
    CHECK(d.mean.standard_error == 0.0);
    for (const ShortfallDifference& es : d.expected_shortfall) {
        CHECK(es.value.value == 0.0);
        CHECK(es.value.high == 0.0);
    }
}

TEST_CASE("the difference is that of the two summaries") {
    const std::vector<float> a = sample_pnl(30'011, 2, exponential_loss), b = sample_pnl(30'011, 3, rounded_loss);
    const PairedDifference d = paired_difference(a, b);
    const Summary of_a = summarise(a), of_b = summarise(b);
    CHECK(d.mean.value == Approx(of_a.mean.value - of_b.mean.value).epsilon(1e-12));
    for (std::size_t i = 0; i < kTailLevels.size(); ++i) {
        const double difference = of_a.tails[i].expected_shortfall.value - of_b.tails[i].expected_shortfall.value;
        CHECK(d.expected_shortfall[i].level == kTailLevels[i]);
        CHECK(d.expected_shortfall[i].value.value == Approx(difference).epsilon(1e-12));
    }
}

TEST_CASE("independent columns: the errors add in squares") {
    const std::vector<float> a = sample_pnl(100'000, 4, exponential_loss), b = sample_pnl(100'000, 5, exponential_loss);
    const PairedDifference d = paired_difference(a, b, std::array{0.95});
    const Summary of_a = summarise(a), of_b = summarise(b);
    CHECK(d.mean.standard_error ==
          Approx(std::hypot(of_a.mean.standard_error, of_b.mean.standard_error)).epsilon(0.02));
    CHECK(d.expected_shortfall[0].value.standard_error ==
          Approx(std::hypot(of_a.tails[0].expected_shortfall.standard_error,
                            of_b.tails[0].expected_shortfall.standard_error))
              .epsilon(0.02));
    CHECK(std::abs(d.expected_shortfall[0].value.value) < 4.0 * d.expected_shortfall[0].value.standard_error);
}

TEST_CASE("common paths: a hedge that takes an eighth of every loss for a fixed cost") {
    const std::vector<float> bare = sample_pnl(100'000, 6, exponential_loss), hedged = scaled(bare, 0.875f, -0.0625f);
    const PairedDifference d = paired_difference(hedged, bare, std::array{0.95});
    // L' = 7/8 L + 1/16 exactly, so the shortfall falls by ES / 8 - 1/16 and the error is an eighth of one column's.
    const Tail tail = summarise(bare, std::array{0.95}).tails[0];
    const Estimate& es = d.expected_shortfall[0].value;
    CHECK(es.value == Approx(0.0625 - tail.expected_shortfall.value / 8.0).epsilon(1e-6));
    CHECK(es.standard_error == Approx(tail.expected_shortfall.standard_error / 8.0).epsilon(1e-5));
    CHECK(std::abs(d.mean.value - (0.125 - 0.0625)) < 4.0 * d.mean.standard_error);
}

TEST_CASE("a number that is missing is named by its path") {
    const std::vector<float> a{1.0f, 2.0f}, c{1.0f, NAN};
    CHECK_THROWS_WITH(paired_difference(a, c), Catch::Contains("entry 1 "));
    CHECK_THROWS_WITH(paired_difference({1.0f, -INFINITY}, a), Catch::Contains("entry 1 "));
}

}  // namespace volstorm

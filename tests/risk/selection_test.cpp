#include "volstorm/risk/selection.h"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <limits>
#include <numeric>
#include <random>

#include "risk/samples.h"

namespace volstorm {
namespace {

std::vector<std::uint32_t> bits_of(const std::vector<float>& values) {
    std::vector<std::uint32_t> bits;
    for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
    return bits;
}

std::vector<float> all_order_statistics(const Column& column) {
    std::vector<std::uint64_t> ranks(column.size());
    std::iota(ranks.begin(), ranks.end(), 0);
    return order_statistics(column, ranks);
}

}  // namespace

TEST_CASE("keys sort as numbers do, through denormals and both zeros") {
    constexpr float kDenormal = std::numeric_limits<float>::denorm_min(), kMax = std::numeric_limits<float>::max();
    const std::vector<float> ascending{
        -kMax, -1.0f, -2.0f * kDenormal, -kDenormal, -0.0f, 0.0f, kDenormal, 2.0f * kDenormal, 1.0f, 1.0000001f, kMax};
    for (std::size_t i = 1; i < ascending.size(); ++i) CHECK(order_key(ascending[i - 1]) < order_key(ascending[i]));
    for (const float value : ascending) {
        CHECK(std::bit_cast<std::uint32_t>(value_of_key(order_key(value))) == std::bit_cast<std::uint32_t>(value));
    }

    std::vector<float> shuffled = ascending;
    std::ranges::shuffle(shuffled, std::mt19937(5));
    CHECK(bits_of(all_order_statistics(MemoryColumn(shuffled))) == bits_of(ascending));
}

TEST_CASE("every rank agrees with sorting, with many ties and with none") {
    const auto loss = GENERATE(exponential_loss, rounded_loss);
    const std::vector<float> values = sample_pnl(3'001, 11, loss);
    std::vector<float> sorted = values;
    std::ranges::sort(sorted);
    const std::vector<std::uint64_t> ranks{0, 1, 2, 77, 1'500, 1'500, 2'999, 3'000};
    const std::vector<float> found = order_statistics(RaggedColumn(values), ranks);
    for (std::size_t i = 0; i < ranks.size(); ++i) CHECK(found[i] == sorted[ranks[i]]);
}

TEST_CASE("the order of the paths does not matter to an order statistic") {
    std::vector<float> values = sample_pnl(5'000, 3, exponential_loss);
    const std::vector<std::uint64_t> ranks{4'999, 0, 250};
    const std::vector<float> before = order_statistics(MemoryColumn(values), ranks);
    std::ranges::shuffle(values, std::mt19937(1));
    CHECK(bits_of(order_statistics(MemoryColumn(values), ranks)) == bits_of(before));
}

TEST_CASE("a rank outside the column is refused") {
    const std::vector<float> values{1.0f, 2.0f};
    const std::vector<std::uint64_t> ranks{2};
    CHECK_THROWS_WITH(order_statistics(MemoryColumn(values), ranks), "rank 2 is outside a column of 2 entries");
    CHECK(order_statistics(MemoryColumn({}), {}).empty());
}

}  // namespace volstorm

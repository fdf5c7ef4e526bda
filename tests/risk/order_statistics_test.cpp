#include "volstorm/risk/order_statistics.h"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <limits>
#include <numeric>
#include <random>

#include "risk/samples.h"

namespace volstorm {
namespace {

using Cells = std::vector<std::uint8_t>;

/// All three passes, each over two pieces that are counted apart.
std::vector<OrderStatistics::Entry> order_statistics(std::span<const float> values, const Cells& cells,
                                                     std::span<const RankQuery> queries) {
    const std::size_t cut = values.size() / 3;
    const auto both = [&](const auto& count, auto& first, auto& second) {
        count(values.first(cut), std::span(cells).first(cut), first);
        count(values.subspan(cut), std::span(cells).subspan(cut), second);
    };
    CellCounts upper, more;
    both([](auto v, auto c, CellCounts& to) { count_upper_halves(v, c, to); }, upper, more);
    add(upper, more);
    OrderStatistics order(upper, queries);
    for (int pass = 0; pass < 2; ++pass) {
        OrderStatistics::ByteCounts bytes = order.no_counts(), other = order.no_counts();
        both([&](auto v, auto c, OrderStatistics::ByteCounts& to) { order.count_bytes(v, c, to); }, bytes, other);
        OrderStatistics::add(bytes, other);
        order.refine(bytes);
    }
    return order.entries();
}

}  // namespace

TEST_CASE("keys sort as numbers do, through denormals") {
    constexpr float kDenormal = std::numeric_limits<float>::denorm_min(), kMax = std::numeric_limits<float>::max();
    const std::vector<float> ascending{
        -kMax, -1.0f, -2.0f * kDenormal, -kDenormal, 0.0f, kDenormal, 2.0f * kDenormal, 1.0f, 1.0000001f, kMax};
    for (std::size_t i = 1; i < ascending.size(); ++i) CHECK(order_key(ascending[i - 1]) < order_key(ascending[i]));
    for (const float value : ascending) CHECK(value_of_key(order_key(value)) == value);
    CHECK(order_key(-0.0f) == order_key(0.0f));

    std::vector<float> shuffled = ascending;
    std::ranges::shuffle(shuffled, std::mt19937(5));
    std::vector<RankQuery> all;
    for (std::size_t i = 0; i < ascending.size(); ++i) all.push_back({1, i});
    const auto found = order_statistics(shuffled, Cells(shuffled.size(), 0), all);
    for (std::size_t i = 0; i < ascending.size(); ++i) CHECK(found[i].value == ascending[i]);
}

TEST_CASE("every rank in every union of cells agrees with sorting, and ties are counted") {
    const auto loss = GENERATE(exponential_loss, rounded_loss);
    const std::vector<float> values = sample_pnl(3'001, 11, loss);
    Cells cells(values.size());
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<std::uint8_t>(i * i % 7 % kCells);
    for (const CellSet set : {CellSet{0b111111}, CellSet{0b000011}, CellSet{0b101010}, CellSet{0b000100}}) {
        std::vector<float> sorted;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (contains(set, cells[i])) sorted.push_back(values[i]);
        }
        std::ranges::sort(sorted);
        std::vector<RankQuery> queries;
        for (const std::size_t rank : {std::size_t{0}, std::size_t{1}, sorted.size() / 2, sorted.size() / 2,
                                       sorted.size() - 2, sorted.size() - 1}) {
            queries.push_back({set, rank});
        }
        const auto found = order_statistics(values, cells, queries);
        for (std::size_t k = 0; k < queries.size(); ++k) {
            CHECK(found[k].value == sorted[queries[k].rank]);
            CHECK(found[k].equal == static_cast<std::uint64_t>(std::ranges::count(sorted, found[k].value)));
        }
    }
}

TEST_CASE("a rank outside its cells is refused") {
    const std::vector<float> values{1.0f, 2.0f};
    const Cells cells{0, 1};
    CHECK_THROWS_AS(order_statistics(values, cells, std::vector<RankQuery>{{0b11, 2}}), std::invalid_argument);
    CHECK_THROWS_AS(order_statistics(values, cells, std::vector<RankQuery>{{0b01, 1}}), std::invalid_argument);
    CHECK(order_statistics(values, cells, {}).empty());
}

}  // namespace volstorm

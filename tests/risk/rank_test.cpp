#include "volstorm/risk/rank.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <utility>

#include "risk/samples.h"

namespace volstorm {
namespace {

std::vector<std::uint64_t> numbers(const std::vector<RankedPath>& paths) {
    std::vector<std::uint64_t> result;
    for (const RankedPath& path : paths) result.push_back(path.path);
    return result;
}

}  // namespace

TEST_CASE("the worst paths come worst first, equal ones by their number") {
    const std::vector<float> pnl{5.0f, -3.0f, 0.0f, -3.0f, -7.0f, -0.0f, -3.0f};
    const MemoryColumn column(pnl);
    CHECK(numbers(worst_paths(column, 3)) == std::vector<std::uint64_t>{4, 1, 3});
    CHECK(numbers(worst_paths(column, 6)) == std::vector<std::uint64_t>{4, 1, 3, 6, 2, 5});
    CHECK(numbers(worst_paths(column)) == std::vector<std::uint64_t>{4, 1, 3, 6, 2, 5, 0});
    CHECK(worst_paths(column, 1).front().pnl == -7.0f);
    CHECK(worst_paths(column, 0).empty());
    CHECK(worst_paths(MemoryColumn({})).empty());
}

TEST_CASE("the worst thousand agree with sorting, with many ties") {
    const auto loss = GENERATE(exponential_loss, rounded_loss);
    const std::vector<float> pnl = sample_pnl(100'000, 7, loss);
    std::vector<std::uint64_t> sorted(pnl.size());
    for (std::uint64_t i = 0; i < sorted.size(); ++i) sorted[i] = i;
    std::ranges::sort(sorted,
                      [&](std::uint64_t a, std::uint64_t b) { return std::pair(pnl[a], a) < std::pair(pnl[b], b); });
    sorted.resize(1'000);
    CHECK(numbers(worst_paths(RaggedColumn(pnl))) == sorted);
}

TEST_CASE("the standing of a value: shares below, at and above it") {
    const std::vector<float> pnl{1.0f, 2.0f, 2.0f, 3.0f, 8.0f};
    const auto [below, at, above] = standing(MemoryColumn(pnl), 2.0);
    CHECK(below == 0.2);
    CHECK(at == 0.4);
    CHECK(above == 0.4);
    CHECK(standing(MemoryColumn(pnl), 2.5).at == 0.0);
    CHECK(standing(MemoryColumn(pnl), -INFINITY).above == 1.0);
    CHECK(standing(MemoryColumn(std::vector{0.1f}), 0.1).above == 1.0);  // 0.1f is a little more than 0.1
}

TEST_CASE("a missing number has no rank and no standing") {
    const std::vector<float> pnl{1.0f, NAN};
    CHECK_THROWS_WITH(worst_paths(MemoryColumn(pnl)), Catch::Contains("entry 1 "));
    CHECK_THROWS_WITH(standing(MemoryColumn(pnl), 0.0), Catch::Contains("entry 1 "));
    CHECK_THROWS_AS(standing(MemoryColumn(std::vector{1.0f}), NAN), std::invalid_argument);
    CHECK_THROWS_AS(standing(MemoryColumn({}), 0.0), std::invalid_argument);
}

}  // namespace volstorm

#include "volstorm/risk/blocks.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "risk/samples.h"

namespace volstorm {
namespace {

std::vector<float> all_of(const Column& column) {
    std::vector<float> result(column.size());
    column.read(0, result);
    return result;
}

}  // namespace

TEST_CASE("a filtered column holds the chosen entries in order, wherever reading starts") {
    const std::uint64_t n = 3 * kColumnChunk + 17;
    std::vector<float> values(n), selector(n), chosen;
    for (std::uint64_t i = 0; i < n; ++i) {
        values[i] = static_cast<float>(i);
        selector[i] = i / kColumnChunk == 1 ? 0.0f : static_cast<float>(i % 5);  // nothing in the second chunk
        if (selector[i] >= 3.0f) chosen.push_back(values[i]);
    }
    const MemoryColumn whole(values), by(selector);
    const FilteredColumn filtered(whole, by, [](float code) { return code >= 3.0f; });
    REQUIRE(filtered.size() == chosen.size());
    CHECK(all_of(filtered) == chosen);
    for (const std::uint64_t first :
         {std::uint64_t{1}, std::uint64_t{26'213}, std::uint64_t{26'214}, std::uint64_t{26'215}, filtered.size() - 3}) {
        std::vector<float> three(3);
        filtered.read(first, three);
        CHECK(three == std::vector<float>{chosen[first], chosen[first + 1], chosen[first + 2]});
    }
    std::vector<float> shown;
    filtered.for_each_chunk([&](std::uint64_t first, std::span<const float> part) {
        CHECK(first == shown.size());
        shown.insert(shown.end(), part.begin(), part.end());
    });
    CHECK(shown == chosen);
}

TEST_CASE("a filter that keeps all changes not one bit, and one that keeps none leaves nothing") {
    const std::vector<float> pnl = sample_pnl(70'000, 1, exponential_loss);
    const MemoryColumn column(pnl);
    const Conditional all = summarise_where(column, column, [](float) { return true; });
    CHECK(all.share.value == 1.0);
    CHECK(all.summary->mean.value == summarise(column).mean.value);
    CHECK(all.summary->tails[2].expected_shortfall.low == summarise(column).tails[2].expected_shortfall.low);

    const Conditional none = summarise_where(column, column, [](float) { return false; });
    CHECK(none.share.value == 0.0);
    CHECK(none.share.high > 0.0);
    CHECK_FALSE(none.summary.has_value());
}

TEST_CASE("P&L by outcome: share and mean within each block by hand") {
    const std::vector<float> pnl{10, 20, -100, -300, 30, -50}, code{0, 0, 1, 1, 0, 2};
    const MemoryColumn column(pnl), codes(code);
    const Conditional none = summarise_breach(column, codes, Breach::none, std::array{0.5});
    const Conditional down = summarise_breach(column, codes, Breach::down, std::array{0.5});
    const Conditional up = summarise_breach(column, codes, Breach::up, std::array{0.5});
    CHECK(none.share.value == 0.5);
    CHECK(none.summary->mean.value == 20.0);
    CHECK(down.share.value == Approx(1.0 / 3.0));
    CHECK(down.summary->mean.value == -200.0);
    CHECK(down.summary->tails[0].expected_shortfall.value == 300.0);
    CHECK(up.summary->n == 1);
    CHECK(up.summary->worst == 50.0);
}

TEST_CASE("the two sides split at an unchanged index, which counts as up") {
    // Down days lose an exponential amount, up days half of one: each side has its own closed form.
    const std::uint64_t n = 100'000;
    std::vector<float> pnl = sample_pnl(n, 2, exponential_loss), spx_return(n);
    for (std::uint64_t i = 0; i < n; ++i) {
        const bool down = i % 4 == 0;
        spx_return[i] = down ? -0.01f : i % 4 == 1 ? 0.0f : 0.01f;
        if (!down) pnl[i] *= 0.5f;
    }
    const Sides sides = summarise_sides(MemoryColumn(pnl), MemoryColumn(spx_return));
    CHECK(sides.down.share.value == 0.25);
    CHECK(sides.up.share.value == 0.75);
    for (std::size_t i = 0; i < kTailLevels.size(); ++i) {
        const double shortfall = 1.0 - std::log(1.0 - kTailLevels[i]);
        const Estimate down = sides.down.summary->tails[i].expected_shortfall;
        const Estimate up = sides.up.summary->tails[i].expected_shortfall;
        CHECK(std::abs(down.value - shortfall) < 4.0 * down.standard_error);
        CHECK(std::abs(up.value - 0.5 * shortfall) < 4.0 * up.standard_error);
    }
}

TEST_CASE("a filtered column names the path of a number that is not finite, not its rank in the block") {
    const std::vector<float> pnl{1.0f, 2.0f, NAN, 4.0f}, code{0.0f, 0.0f, 1.0f, 1.0f}, broken{0.0f, NAN, 0.0f, 0.0f};
    const MemoryColumn column(pnl), codes(code), bad_codes(broken);
    CHECK_THROWS_WITH(summarise_breach(column, codes, Breach::down), Catch::Contains("entry 2 "));
    CHECK_THROWS_WITH(summarise_breach(codes, bad_codes, Breach::down), Catch::Contains("entry 1 "));
}

}  // namespace volstorm

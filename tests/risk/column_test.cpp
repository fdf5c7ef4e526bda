#include "volstorm/risk/column.h"

#include <catch2/catch.hpp>
#include <limits>
#include <numeric>
#include <vector>

#include "volstorm/risk/selection.h"

namespace volstorm {
namespace {

/// A source that can only be read by place, as a file is: the entry's number, in float.
class NumberedColumn final : public Column {
 public:
    explicit NumberedColumn(std::uint64_t size) : size_(size) {}
    std::uint64_t size() const override { return size_; }
    void read(std::uint64_t first, std::span<float> out) const override {
        std::iota(out.begin(), out.end(), static_cast<float>(first));
    }

 private:
    std::uint64_t size_;
};

}  // namespace

TEST_CASE("a column is shown whole, in order and in bounded pieces") {
    const std::uint64_t size =
        GENERATE(as<std::uint64_t>{}, 0, 1, kColumnChunk - 1, kColumnChunk, kColumnChunk + 1, 3 * kColumnChunk + 7);
    std::uint64_t next = 0;
    NumberedColumn(size).for_each_chunk([&](std::uint64_t first, std::span<const float> values) {
        CHECK(first == next);
        CHECK(values.size() <= kColumnChunk);
        CHECK(values.front() == static_cast<float>(first));
        next += values.size();
    });
    CHECK(next == size);
}

TEST_CASE("two columns are shown side by side") {
    const std::vector<float> ones(70'000, 1.0f);
    double sum = 0.0;
    for_each_pair(NumberedColumn(70'000), MemoryColumn(ones), [&](std::uint64_t, auto a, auto b) {
        REQUIRE(a.size() == b.size());
        for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i] * b[i]);
    });
    CHECK(sum == 70'000.0 * 69'999.0 / 2.0);
    CHECK_THROWS_WITH(for_each_pair(NumberedColumn(2), MemoryColumn(ones), [](std::uint64_t, auto, auto) {}),
                      "columns of 2 and 70000 entries cannot be paired");
}

TEST_CASE("a number that is not finite is refused by its place in the column") {
    std::vector<float> values(100'000, 1.0f);
    const std::vector<std::uint64_t> median{50'000};
    values[70'123] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH(order_statistics(MemoryColumn(values), median),
                      Catch::Contains("entry 70123 ") && Catch::Contains("not a finite number"));
    values[99] = -std::numeric_limits<float>::infinity();
    CHECK_THROWS_WITH(order_statistics(MemoryColumn(values), median), Catch::Contains("entry 99 "));
}

}  // namespace volstorm

#include "volstorm/core/text.h"

#include <bit>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <limits>
#include <random>
#include <vector>

using namespace volstorm;

TEST_CASE("the nearest word forgives one slip in a short word and more in a long one") {
    const std::vector<std::string> words{"short_delta", "wing_width", "contracts", "expiry", "vix"};
    CHECK(nearest_word("short_detla", words) == "short_delta");
    CHECK(nearest_word("wingwidth", words) == "wing_width");
    CHECK(nearest_word("contract", words) == "contracts");
    CHECK(nearest_word("expriy", words) == "expiry");
    CHECK(nearest_word("vxi", words) == "vix");
    CHECK(nearest_word("spx", words).empty());
    CHECK(nearest_word("delta", words).empty());
    CHECK(nearest_word("", words).empty());
    CHECK(nearest_word(std::string(1 << 20, 'x'), words).empty());
    CHECK(nearest_word("vix", {}).empty());
}

TEST_CASE("the nearest of two words wins, the first where they are equally near") {
    CHECK(nearest_word("level", std::vector<std::string>{"levels", "level"}) == "level");
    CHECK(nearest_word("kappa_x", std::vector<std::string>{"kappa_v", "kappa_m"}) == "kappa_v");
}

TEST_CASE("a number is shown in the fewest digits that read back to it") {
    CHECK(shortest(0.1) == "0.1");
    CHECK(shortest(1.0) == "1");
    CHECK(shortest(-2.5) == "-2.5");
    CHECK(shortest(100000.0) == "100000");
    CHECK(shortest(1e15) == "1e+15");
    CHECK(shortest(1e-5) == "0.00001");
    CHECK(shortest(1e-7) == "1e-07");
    CHECK(shortest(-0.0) == "-0");
    CHECK(shortest(std::numeric_limits<double>::quiet_NaN()) == "nan");
    CHECK(shortest(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("random doubles of any size read back from their shortest text") {
    std::mt19937_64 bits(20250617);
    for (int i = 0; i < 100'000; ++i) {
        const double value = std::bit_cast<double>(bits());
        if (value == value && std::strtod(shortest(value).c_str(), nullptr) != value) FAIL(shortest(value));
    }
}

TEST_CASE("whole numbers are grouped by thousands") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1000) == "1,000");
    CHECK(grouped(-123456) == "-123,456");
    CHECK(grouped(1000000) == "1,000,000");
    CHECK(grouped(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
}

TEST_CASE("valid UTF-8 is told from invalid by the table of the Unicode standard") {
    // Unicode 15, table 3-7: first and last of each row, and one step outside.
    for (const std::string valid : {"A", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                                    "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        CHECK(utf8_length(valid) == valid.size());
    for (const std::string wrong : {"", "\x80", "\xC1\xBF", "\xC2", "\xC2\x7F", "\xE0\x9F\xBF", "\xED\xA0\x80",
                                    "\xE2\x82", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
        CHECK(utf8_length(wrong) == 0);
}

TEST_CASE("text from elsewhere cannot steer the terminal") {
    CHECK(printable("caf\xC3\xA9 \xE2\x82\xAC") == "caf\xC3\xA9 \xE2\x82\xAC");
    CHECK(printable("\x1B[31mred\n") == "\\x1B[31mred\\x0A");
    CHECK(printable("\xC2\x9B"
                    "31m") == "\\xC2\\x9B31m");
    CHECK(printable("a\xFF\x7F") == "a\\xFF\\x7F");
    CHECK(printable(std::string_view("\0", 1)) == "\\x00");
}

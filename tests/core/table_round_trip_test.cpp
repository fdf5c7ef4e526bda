#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "volstorm/core/table.h"
#include "volstorm/core/text.h"

using namespace volstorm;

namespace {

const std::string kEverything = R"(title = "a \"quote\", a \\ and a\nline, \t \u0007 and \u20AC"
"key with spaces" = 'literal \n'
tiny = 1e-300
tenth = 0.1
whole = 3
float = 3.0
big = 1e22
negative = -0.0
bits = 0xFF
day = 2025-06-18
moment = 2025-06-17 15:45:30
fraction = 2025-06-17T15:45:30.25
zoned = 2025-06-17T15:45:30-04:00
clock = 09:30:00
lists = [[1, 2], ["a", 'b'], [{ x = 1 }, 2]]
empty = []
none = {}
not_finite = [inf, -inf, nan]

[market]
spx = 5982.72
snapshot = { spx = "chains/spx.csv", deeper = { still = true } }

[[layer]]
name = "first"
instrument.type = "vix_call"
[[layer.rung]]
x = 1
[[layer.rung]]
[layer.rung.size]
y = 2

[[layer]]
name = "second"

[a.b.c]
d = 1
)";

}  // namespace

TEST_CASE("the effective text reads back to itself and to the same values") {
    const std::string once = Table::parse(kEverything, "s.toml").effective_text();
    const Table first = Table::parse(kEverything, "s.toml"), again = Table::parse(once, "once");
    CHECK(again.effective_text() == once);
    for (const char* key : {"title", "key with spaces"}) CHECK(again.text(key) == first.text(key));
    CHECK(first.text("title") == "a \"quote\", a \\ and a\nline, \t \a and \xE2\x82\xAC");
    for (const char* key : {"tiny", "tenth", "whole", "float", "big", "negative", "bits"})
        CHECK(again.number(key, kAny) == first.number(key, kAny));
    CHECK(std::signbit(again.number("negative", kAny)));
    CHECK(again.date("day") == make_date(2025, 6, 18));
    CHECK(again.date_time("moment") == at(make_date(2025, 6, 17), 15, 45, 30));
    for (const char* key :
         {"lists", "fraction", "zoned", "clock", "empty", "not_finite", "market", "layer", "float", "whole"})
        CHECK(again.toml(key) == first.toml(key));
    CHECK(again.tables("layer")[0].tables("rung")[1].table("size").integer("y", 0, 9) == 2);
    CHECK(again.table("a").table("b").table("c").integer("d", 0, 9) == 1);
}

TEST_CASE("the effective text keeps the order of the file and reads like one") {
    CHECK(Table::parse("b = 1\na.x = 'y'\n[[l]]\nname = 'n'\n", "s.toml").effective_text() ==
          "b = 1\n\n[a]\nx = \"y\"\n\n[[l]]\nname = \"n\"\n");
}

TEST_CASE("keys beyond ASCII and strings wherever they may stand survive") {
    const std::string once = Table::parse(
                                 "[a.\"\xC3\xA9\" . 'x y']\n\"\xE2\x82\xAC\".b = { \"\xC3\xA9\".c = [ # \xC3\xA9\n"
                                 "'\xC3\xA9', \"\"\"\n\xC3\xA9\"\"\",\n[ { d = '' } ] ], e = 1 }\n",
                                 "s.toml")
                                 .effective_text();
    CHECK(Table::parse(once, "once").effective_text() == once);
    CHECK_THAT(once, Catch::Matchers::Contains("[a.\"\xC3\xA9\".\"x y\".\"\xE2\x82\xAC\".b]"));
}

TEST_CASE("random doubles survive the effective text to the last bit") {
    std::mt19937_64 bits(7);
    std::string text = "x = [4.9406564584124654e-324, 1.7976931348623157e308";
    std::vector<double> values{std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max()};
    while (values.size() < 20'000) {
        const double value = std::bit_cast<double>(bits());
        if (!std::isfinite(value)) continue;
        values.push_back(value);
        const std::string shown = shortest(value);
        text += ", " + shown + (shown.find_first_of(".e") == std::string::npos ? ".0" : "");
    }
    const Table once = Table::parse(text + "]", "s.toml");
    CHECK(once.numbers("x", kAny) == values);
    CHECK(Table::parse(once.effective_text(), "once").numbers("x", kAny) == values);
}

TEST_CASE("overrides and bases are part of the effective text") {
    const std::vector<std::string> overrides{"layer.first.size.budget=0.2", "market.vix=21"};
    const std::string text = Table::parse("[[layer]]\nname = 'first'\n", "s.toml", overrides).effective_text();
    const Table again = Table::parse(text, "again");
    CHECK(again.tables("layer")[0].table("size").number("budget", kAny) == 0.2);
    CHECK(again.table("market").integer("vix", 0, 99) == 21);
}

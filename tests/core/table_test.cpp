#include "volstorm/core/table.h"

#include <array>
#include <catch2/catch.hpp>

using namespace volstorm;

namespace {

constexpr std::array<std::string_view, 2> kMethods{"hybrid", "plain"};

constexpr const char* kScenario = R"(title = "Condor before an FOMC decision"

[market]
time = 2025-06-17T15:45:00
spx = 5982.72
vix = 21

[condor]
expiry = 2025-06-18
short_delta = 0.15
contracts = 1e1

[[layer]]
name = "first"
size = { budget = 0.125 }

[[layer]]
size.budget = 0.10

[sampling]
method = "hybrid"
levels = [0.95, 0.99, 1]
antithetic = true
)";

}  // namespace

TEST_CASE("a scenario is read with its types") {
    const Table root = Table::parse(kScenario, "fomc.toml");
    CHECK(root.text("title") == "Condor before an FOMC decision");
    const Table market = root.table("market");
    CHECK(market.date_time("time") == at(make_date(2025, 6, 17), 15, 45));
    CHECK(market.number("spx", kPositive) == 5982.72);
    CHECK(market.number("vix", kPositive) == 21.0);
    CHECK(market.number("rate", kAny, 0.04) == 0.04);
    CHECK_FALSE(market.number_if("variance", kPositive));
    const Table condor = root.table("condor");
    CHECK(condor.date("expiry") == make_date(2025, 6, 18));
    CHECK(condor.integer("contracts", 1, 1000) == 10);
    CHECK(condor.number_if("short_delta", kOpenUnitInterval) == 0.15);
    CHECK_FALSE(condor.date_if("until"));
    const Table sampling = root.table("sampling");
    CHECK(sampling.choice("method", kMethods) == "hybrid");
    CHECK(sampling.choice("control", kMethods, "plain") == "plain");
    CHECK(sampling.numbers("levels", kUnitInterval) == std::vector{0.95, 0.99, 1.0});
    CHECK(sampling.boolean("antithetic", false));
    CHECK(sampling.integer("seed", 0, 1000, 7) == 7);
    const auto layers = root.tables("layer");
    REQUIRE(layers.size() == 2);
    CHECK(layers[0].text("name") == "first");
    CHECK(layers[0].table("size").path() == "layer.first.size");
    CHECK(layers[1].table("size").path() == "layer.1.size");
    CHECK(layers[0].table("size").number("budget", kUnitInterval) == 0.125);
    CHECK(layers[1].table("size").number("budget", kUnitInterval) == 0.10);
    CHECK(root.tables("event").empty());
    CHECK_FALSE(root.table_if("costs"));
    CHECK_NOTHROW(root.finish());
}

TEST_CASE("places are those of the values, and a missing key has the place of its table") {
    const Table root = Table::parse(kScenario, "fomc.toml");
    CHECK(root.source().text() == "fomc.toml:1:1");
    CHECK(root.source("title").text() == "fomc.toml:1:9");
    CHECK(root.table("market").source().text() == "fomc.toml:3:1");
    CHECK(root.table("market").source("spx").text() == "fomc.toml:5:7");
    CHECK(root.table("market").source("nothing").text() == "fomc.toml:3:1");
    CHECK(root.tables("layer")[1].source().text() == "fomc.toml:17:1");
    CHECK(root.tables("layer")[0].table("size").source("budget").text() == "fomc.toml:15:19");
    CHECK(root.tables("layer")[1].table("size").source().text() == "fomc.toml:18:1");
}

TEST_CASE("fail() speaks at the value") {
    const Table condor = Table::parse(kScenario, "fomc.toml").table("condor");
    CHECK_THROWS_WITH(condor.fail("expiry", "is before the entry"),
                      "fomc.toml:9:10: condor.expiry is before the entry");
    CHECK_THROWS_WITH(condor.fail("expiry", ": no session"), "fomc.toml:9:10: condor.expiry: no session");
    CHECK_THROWS_WITH(condor.fail("", "has no strikes"), "fomc.toml:8:1: condor has no strikes");
}

TEST_CASE("settings are listed once, in the order of reading, with their origin") {
    const std::vector<std::string> overrides{"condor.contracts=3"};
    const Table root = Table::parse(kScenario, "fomc.toml", overrides);
    const Table condor = root.table("condor");
    condor.number("wing_width", kPositive, 25.0);
    condor.integer("contracts", 1, 10);
    condor.integer("contracts", 1, 10);
    root.text("title");
    const auto settings = root.settings();
    REQUIRE(settings.size() == 3);
    CHECK(settings[0].key == "condor.wing_width");
    CHECK(settings[0].value == "25");
    CHECK(settings[0].origin == "default");
    CHECK(settings[1].key == "condor.contracts");
    CHECK(settings[1].value == "3");
    CHECK(settings[1].origin == "--set condor.contracts=3");
    CHECK(settings[2].value == "\"Condor before an FOMC decision\"");
    CHECK(settings[2].origin == "fomc.toml:1:9");
}

TEST_CASE("asking whether a key is there does not count as reading it") {
    const Table root = Table::parse("vix = 20", "x.toml");
    CHECK(root.has("vix"));
    CHECK_FALSE(root.has("vvix"));
    CHECK_THROWS_WITH(root.finish(), "x.toml:1:1: vix has no effect here");
}

TEST_CASE("a table whose keys the user chooses is read key by key") {
    const Table hedge =
        Table::parse("[set]\n\"layer.first.budget\" = 0.25\nb = { c = [1, 2.0] }\n", "x.toml").table("set");
    REQUIRE(hedge.keys() == std::vector<std::string>{"layer.first.budget", "b"});
    CHECK(hedge.toml("layer.first.budget") == "0.25");
    CHECK(hedge.toml("b") == "{c = [1, 2.0]}");
    CHECK_NOTHROW(hedge.finish());
}

TEST_CASE("bounds say what they hold") {
    CHECK(kAny.text() == "any number");
    CHECK(kPositive.text() == "above 0");
    CHECK(kNonNegative.text() == "at least 0");
    CHECK(kUnitInterval.text() == "[0, 1]");
    CHECK(kOpenUnitInterval.text() == "(0, 1)");
    CHECK(Bounds{.high = 5.0, .high_open = true}.text() == "below 5");
    CHECK(Bounds{.high = 5.0}.text() == "at most 5");
    CHECK(kOpenUnitInterval.contains(0.5));
    CHECK_FALSE(kOpenUnitInterval.contains(0.0));
    CHECK_FALSE(kOpenUnitInterval.contains(1.0));
    CHECK(kUnitInterval.contains(1.0));
    CHECK_FALSE(kCorrelation.contains(-1.0000001));
}

TEST_CASE("lists of texts and of dates are read, each element at its place") {
    const Table root =
        Table::parse("words = [\"a\", \"b c\"]\ndates = [2020-03-16, \"2024-08-05\"]\nempty = []\n", "s.toml");
    CHECK(root.texts("words") == std::vector<std::string>{"a", "b c"});
    CHECK(root.dates("dates") == std::vector{make_date(2020, 3, 16), make_date(2024, 8, 5)});
    CHECK(root.texts("empty").empty());
    root.finish();
    const auto refusal = [](const std::string& value) {
        const Table table = Table::parse("x = " + value + "\n", "s.toml");
        try {
            table.dates("x");
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(refusal("[2020-03-16]").empty());
    CHECK(refusal("2020-03-16").find("s.toml:1:5: x") == 0);
    CHECK(refusal("[2020-03-16, \"soon\"]").find("s.toml:1:18: x.1") == 0);
    CHECK(refusal("[\"2020-02-30\"]").find("s.toml:1:6: x.0") == 0);
    CHECK(refusal("[5]").find("s.toml:1:6: x.0") == 0);
    CHECK_THROWS_AS(Table::parse("x = [5]\n", "s.toml").texts("x"), InputError);
}

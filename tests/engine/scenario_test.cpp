#include <catch2/catch.hpp>
#include <filesystem>

#include "short_run.h"

using namespace volstorm;
using namespace short_run;

TEST_CASE("the text of a scenario reads back to the same scenario") {
    for (const auto& entry : std::filesystem::directory_iterator(VOLSTORM_SCENARIOS)) {
        if (entry.path().extension() != ".toml") continue;
        CAPTURE(entry.path());
        const Scenario scenario = read_scenario(entry.path());
        CHECK(parse_scenario(scenario.text, entry.path().string()).text == scenario.text);
    }
}

TEST_CASE("what no section says has the defaults of the format") {
    const Scenario scenario = parse_scenario(Text{}.text(), "night/calm.toml");
    CHECK(scenario.title == "calm");
    CHECK(scenario.sampling.paths == 100'000);
    CHECK(scenario.sampling.bars == 78);
    CHECK(scenario.sampling.measure == Measure::physical);
    CHECK(scenario.costs.vix_option_half_spread == 0.05);
    CHECK_FALSE(scenario.output.archive);
    CHECK_FALSE(scenario.realised);
}

TEST_CASE("paths are hybrid where the scenario does not say, but plain where strata would be no use") {
    const auto sampled = [](const std::string& sampling, const std::string& model = "") {
        Text text;
        text.sampling = sampling;
        text.model += model;
        return parse_scenario(text.text(), "test.toml").sampling;
    };
    CHECK(sampled("").method == SamplingMethod::hybrid);
    CHECK((sampled("").asked == 100'000 && sampled("").paths == 102'400));
    CHECK(sampled("paths = 1024\n").method == SamplingMethod::hybrid);
    const Sampling few = sampled("paths = 1023\n"), named = sampled("paths = 3\nmethod = \"stratified\"\n");
    CHECK((few.method == SamplingMethod::plain && few.paths == 1'023));
    CHECK((named.method == SamplingMethod::stratified && named.paths == 1'024 && named.asked == 3));
    CHECK(sampled("paths = 1000000000000\n").method == SamplingMethod::plain);
    CHECK_THROWS_WITH(
        sampled("paths = 100000000000\nmethod = \"hybrid\"\n"),
        Catch::Contains("sampling.paths is 100000000000, but at most 60000000000 can be drawn in strata"));
    const std::string days = "generator = \"named_day\"\n";
    CHECK(sampled("", days).method == SamplingMethod::plain);
    CHECK_THROWS_WITH(sampled("paths = 3\nmethod = \"hybrid\"\n", days), Catch::Contains("sampling.method is"));
    CHECK_THROWS_WITH(sampled("paths = 3\nmethod = \"plain\"\n", days), Catch::Contains("sampling.paths is 3"));
}

TEST_CASE("a condor's expiry is a session after the entry, and near") {
    const auto expiry = [](const char* date) {
        Text text;
        text.condor = std::string("expiry = ") + date + "\nshort_delta = 0.15\nwing_width = 25.0\n";
        return parse_scenario(text.text(), "test.toml");
    };
    CHECK_THROWS_WITH(expiry("2025-06-19"), Catch::Contains("which is no trading session (the next is 2025-06-20)"));
    CHECK_THROWS_WITH(expiry("2025-06-21"), Catch::Contains("no trading session"));
    CHECK_THROWS_WITH(expiry("2025-06-17"), Catch::Contains("not after market.time"));
    CHECK_THROWS_WITH(expiry("2025-07-15"), Catch::Contains("more than 10 sessions"));
    CHECK_NOTHROW(expiry("2025-06-20"));
}

TEST_CASE("a run needs a condor") {
    Text text;
    const std::string all = text.text();
    const auto begin = all.find("[condor]"), end = all.find("[sampling]");
    const Scenario scenario = parse_scenario(all.substr(0, begin) + all.substr(end), "test.toml");
    CHECK_THROWS_WITH(volstorm::prepare(scenario), "test.toml:1:1: condor is missing: a run needs a book");
    CHECK_NOTHROW(prepare_entry(scenario));
}

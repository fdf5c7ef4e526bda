#include <catch2/catch.hpp>
#include <numeric>

#include "short_run.h"

using namespace volstorm;
using namespace short_run;
using Catch::Matchers::Contains;

TEST_CASE("the generator `model` is the path kernel, block by block") {
    const auto e = prepare(Text());
    const auto ours = std::make_unique<PathBlock>(), kernel = std::make_unique<PathBlock>();
    std::vector<std::uint64_t> paths(kBlockPaths);
    std::iota(paths.begin(), paths.end(), 1'000'000'000'000ull);
    e->generator->start(paths, *ours);
    start_block(e->plan, paths, *kernel);
    for (std::size_t step = 0; step < e->timeline.size(); ++step) {
        e->generator->advance(step, *ours);
        advance_block(e->plan, step, *kernel);
    }
    CHECK((ours->x == kernel->x && ours->v == kernel->v && ours->m == kernel->m));
    CHECK(ours->vix_squared_max == kernel->vix_squared_max);
    CHECK(e->generator->origin().empty());
}

TEST_CASE("an unknown generator is refused with those that there are") {
    Text text;
    text.model += "generator = \"heston\"\n";
    CHECK_THROWS_WITH(prepare(text),
                      Contains("model.generator is \"heston\", expected one of model, named_day, bootstrap"));
}

TEST_CASE("what only the model's paths take up is refused with other paths") {
    const auto refusal = [](const std::string& model, const std::string& sampling, const std::string& rest) {
        Text text;
        text.model += "generator = \"named_day\"\n" + model;
        text.sampling += sampling;
        text.rest = rest;
        try {
            prepare(text);
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(refusal("", "", "").empty());
    const std::string event = "[[event]]\nname = \"FOMC\"\ntime = 2025-06-18T14:00:00\nspx_move_sd = 0.005\n";
    CHECK(refusal("", "", event).empty());
    CHECK_THAT(refusal("equity_premium = 0.05\n", "", ""),
               Contains("test.toml:10:18: model.equity_premium changes nothing with model.generator = \"named_day\""));
    CHECK_THAT(refusal("physical.theta_m = 0.02\n", "", ""), Contains("model.physical changes nothing"));
    CHECK_THAT(refusal("", "measure = \"pricing\"\n", ""), Contains("sampling.measure is \"pricing\""));
    CHECK(refusal("", "measure = \"physical\"\n", "").empty());
    for (const std::string key : {"physical_sd", "physical_mean"})
        CHECK_THAT(refusal("", "", event + key + " = 0.01\n"), Contains("event.FOMC." + key + " changes nothing"));
    CHECK_THAT(refusal("", "", "[bootstrap]\nblock = 2\n"), Contains("bootstrap changes nothing"));
    CHECK_THAT(refusal("", "paths = 33\n", ""), Contains("sampling.paths is 33") && Contains("has 32, each once"));
    CHECK(refusal("", "paths = 32\n", "").empty());
}

TEST_CASE("settings of another generator are refused with the model") {
    Text text;
    text.model += "named_days = [2020-03-16]\n";
    CHECK_THROWS_WITH(prepare(text), Contains("model.named_days changes nothing with model.generator = \"model\""));
}

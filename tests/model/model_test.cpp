#include "volstorm/model/model.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "model/parameter_sets.h"
#include "volstorm/model/scaling.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

const std::string kDefault = std::string("file = \"") + VOLSTORM_TEST_DATA + "/two_anchors.toml\"\n";
const std::string kInline = R"(pricing.kappa_v = 5.0
pricing.sigma_v = 0.4
pricing.rho = -0.7
)";

ModelInput read(const std::string& lines) {
    const Table scenario = Table::parse("[model]\n" + lines, "test.toml");
    ModelInput input = read_model(scenario);
    scenario.finish();
    return input;
}

}  // namespace

TEST_CASE("a model file has anchors with pricing and physical parameters") {
    const ModelInput input = read(kDefault);
    REQUIRE(input.anchors.size() == 2);
    CHECK(input.anchors[0].name == "calm");
    CHECK(input.anchors[0].pricing == sets::calm());
    CHECK(input.anchors[1].pricing == sets::stressed());
    CHECK(input.anchors[0].physical.kappa_m == 1.0);
    CHECK(input.anchors[0].physical.kappa_v == 14.9);
    CHECK(input.equity_premium == 0.045);
    CHECK(input.mark == VixMark::vvix);
    CHECK(input.overnight_share == 0.34);
}

TEST_CASE("the day's parameters are scaled to VIX where level scaling is on and VIX is given") {
    const ModelInput input = read(kDefault);
    CHECK(model_of_the_day(input, 27.0).pricing == at_level(input.anchors, &Anchor::pricing, 27.0));
    CHECK(model_of_the_day(input, 27.0).physical == at_level(input.anchors, &Anchor::physical, 27.0));
    CHECK(model_of_the_day(input, std::nullopt).pricing == sets::calm());
    CHECK(model_of_the_day(read(kDefault + "level_scaling = false\n"), 27.0).pricing == sets::calm());
}

TEST_CASE("inline keys apply after scaling, and what the measures share goes to both") {
    const ModelInput input = read(kDefault + "pricing.sigma_v = 0.45\npricing.kappa_m = 3.0\n");
    const Model model = model_of_the_day(input, 27.0);
    CHECK(model.pricing.sigma_v == 0.45);
    CHECK(model.physical.sigma_v == 0.45);
    CHECK(model.pricing.kappa_m == 3.0);
    CHECK(model.physical.kappa_m != 3.0);
}

TEST_CASE("an inline jump family changes one of the file by name") {
    const ModelInput input = read(kDefault + "[[model.pricing.jump]]\nname = \"tremor\"\nintensity = 5.0\n");
    const Model model = model_of_the_day(input, 16.0);
    REQUIRE(model.pricing.jumps.size() == 2);
    CHECK(model.pricing.jumps[1].intensity == 5.0);
    CHECK(std::abs(model.pricing.jumps[1].intensity_per_variance - 845.0) < 1e-9);
}

TEST_CASE("days of one model may be made on many threads", "[threads]") {
    const ModelInput input = read(kDefault + "pricing.kappa_m = 3.0\nphysical.kappa_m = 2.0\n");
    constexpr std::size_t kThreads = 4;
    std::vector<Model> models(kThreads);
    {
        std::vector<std::jthread> crew;
        for (std::size_t i = 0; i < kThreads; ++i)
            crew.emplace_back([&input, &models, i] { models[i] = model_of_the_day(input, 15.0 + double(i)); });
    }
    for (std::size_t i = 0; i < kThreads; ++i) {
        CHECK(models[i].pricing.kappa_m == 3.0);
        CHECK(models[i].physical.kappa_m == 2.0);
        CHECK(models[i].pricing == model_of_the_day(input, 15.0 + double(i)).pricing);
    }
}

TEST_CASE("a jump family that the file lacks needs all its keys once, in either measure") {
    const std::string name = "[[model.physical.jump]]\nname = \"new\"\n";
    const std::string rest =
        "intensity = 1.0\nintensity_per_variance = 0.0\nmean_log_jump = -0.01\nlog_jump_sd = 0.01\n"
        "variance_jump_slope = 0.0\nmean_variance_jump = 0.0\n";
    CHECK_THROWS_WITH(read(kDefault + name + "intensity = 1.0\n"), Contains("intensity_per_variance"));
    const Model once = model_of_the_day(read(kDefault + name + rest), 20.0);
    REQUIRE(once.physical.jumps.size() == 3);
    CHECK(once.physical.jumps[2].mean_log_jump == -0.01);
    CHECK(once.pricing.jumps.size() == 2);
    const Model twice = model_of_the_day(read(kDefault + name + rest + name + "intensity = 4.0\n"), 20.0);
    CHECK(twice.physical.jumps[2].intensity == 4.0);
    CHECK(twice.physical.jumps[2].log_jump_sd == 0.01);
    // A family new to both measures of a model without physical parameters is one family.
    std::string both = name;
    both.replace(both.find("physical"), 8, "pricing");
    const Model inline_model = model_of_the_day(read(kInline + both + rest + name + "intensity = 7.0\n"), 20.0);
    REQUIRE(inline_model.physical.jumps.size() == 1);
    CHECK(inline_model.physical.jumps[0].intensity == 7.0);
    CHECK(inline_model.pricing.jumps[0].intensity == 1.0);
}

TEST_CASE("parameters written inline serve both measures and are not scaled") {
    const ModelInput input = read(kInline + "vvix_beta = 0.3\n");
    const Model model = model_of_the_day(input, 40.0);
    CHECK(model.pricing.kappa_v == 5.0);
    CHECK(model.pricing.sigma_v == 0.4);
    CHECK(model.physical == model.pricing);
    CHECK(model.vvix_beta == 0.3);
    CHECK(model_of_the_day(read(kInline + "mark = \"frozen\"\n"), 40.0).mark == VixMark::frozen);
}

TEST_CASE("without physical parameters in the file the pricing ones serve for both, also as overridden") {
    std::string file = std::filesystem::temp_directory_path().string();
    file += "/volstorm_pricing_only_";
    file += std::to_string(getpid());
    file += ".toml";
    std::ofstream(file) << "reference_vix = 20\n[pricing]\nkappa_v = 5.0\nsigma_v = 0.4\nkappa_m = 1.0\n";
    std::string lines = "file = \"";
    lines += file;
    lines += "\"\npricing.kappa_v = 9.0\n";
    const Model same = model_of_the_day(read(lines), 20.0);
    CHECK(same.pricing.kappa_v == 9.0);
    CHECK(same.physical == same.pricing);
    const Model apart = model_of_the_day(read(lines + "physical.kappa_m = 2.0\n"), 20.0);
    CHECK(apart.physical.kappa_v == 9.0);
    CHECK(apart.physical.kappa_m == 2.0);
    CHECK(apart.pricing.kappa_m == 1.0);
    std::filesystem::remove(file);
}

TEST_CASE("a model key that would change nothing is refused with its place") {
    for (const auto& [lines, key] : {std::pair{kInline + "reference_vix = 16\n", "model.reference_vix"},
                                     std::pair{kInline + "level_scaling = true\n", "model.level_scaling"},
                                     std::pair{kDefault + "reference_vix = 16\n", "model.reference_vix"},
                                     std::pair{kDefault + "mark = \"frozen\"\nvvix_beta = 0.3\n", "model.vvix_beta"}}) {
        INFO(lines);
        CHECK_THROWS_WITH(read(lines), Contains("test.toml:") && Contains(key));
    }
}

TEST_CASE("a model that cannot be is refused with its place") {
    CHECK_THROWS_WITH(read(""), Contains("test.toml") && Contains("needs `file`, or parameters under `pricing`"));
    CHECK_THROWS_WITH(read(kInline + "physical.sigma_v = 0.5\n"),
                      Contains("test.toml:") && Contains("sigma_v is 0.4") && Contains("0.5"));
    CHECK_THROWS_WITH(
        read(kInline +
             "pricing.pull_m = 1.0\npricing.kappa_m = 0.0\n[[model.pricing.jump]]\nname = \"j\"\nintensity = 1.0\n"
             "intensity_per_variance = 50.0\nmean_log_jump = 0.0\nlog_jump_sd = 0.0\nvariance_jump_slope = 0.0\n"
             "mean_variance_jump = 0.05\n"),
        Contains("pricing parameters: the mean of the variance explodes"));
    CHECK_THROWS_WITH(read(kInline + "[[model.pricing.jump]]\nname = \"j\"\nintensity = 1.0\n"),
                      Contains("intensity_per_variance"));
    CHECK_THROWS_WITH(read(kInline + "pricing.rho = -1.1\n"), Contains("test.toml"));
    CHECK_THROWS_WITH(read(kInline + "vvix_bta = 0.5\n"), Contains("vvix_beta"));
}

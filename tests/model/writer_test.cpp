#include "volstorm/model/writer.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

ModelInput read_file(const std::string& file) {
    const Table scenario = Table::parse("[model]\nfile = \"" + file + "\"\n", "test.toml");
    ModelInput input = read_model(scenario);
    scenario.finish();
    return input;
}

ModelInput written_and_read(const ModelInput& model) {
    const auto file = std::filesystem::temp_directory_path() / ("model-" + std::to_string(::getpid()) + ".toml");
    const std::vector<std::string> comments{"one", "two\nthree = 1"};
    std::ofstream(file) << model_text(model, "a \"title\" of \\ its own\n", comments);
    const ModelInput back = read_file(file.string());
    std::filesystem::remove(file);
    return back;
}

void check_same(const ModelInput& a, const ModelInput& b) {
    REQUIRE(a.anchors.size() == b.anchors.size());
    for (std::size_t i = 0; i < a.anchors.size(); ++i) {
        CHECK(a.anchors[i].reference_vix == b.anchors[i].reference_vix);
        CHECK(a.anchors[i].pricing == b.anchors[i].pricing);
        CHECK(a.anchors[i].physical == b.anchors[i].physical);
        CHECK(a.anchors[i].has_own_physical == b.anchors[i].has_own_physical);
    }
    CHECK(a.equity_premium == b.equity_premium);
    CHECK(a.vvix_beta == b.vvix_beta);
    CHECK(a.overnight_share == b.overnight_share);
    CHECK(a.state_rule.ratio == b.state_rule.ratio);
    CHECK(a.state_rule.exponent == b.state_rule.exponent);
    CHECK(a.state_rule.dispersion == b.state_rule.dispersion);
}

}  // namespace

TEST_CASE("a model that is written reads back to the last bit") {
    ModelInput model = read_file(VOLSTORM_TEST_DATA "/two_anchors.toml");
    model.equity_premium = 1.0 / 30.0;
    model.state_rule = {0.7 / 0.9, -1e-7, 0.1};
    model.anchors[0].name = "calm \"and\" quiet";
    model.anchors[0].physical.jumps[0].intensity = 1.0 / 3.0;
    model.anchors[1].physical.jumps[1].mean_log_jump = -1.0 / 7e6;
    check_same(written_and_read(model), model);
    CHECK(written_and_read(model).anchors[0].name == "calm \"and\" quiet");
}

TEST_CASE("a model without anchors or without a physical set of its own is written as it was") {
    ModelInput model = read_file(VOLSTORM_TEST_DATA "/two_anchors.toml");
    model.anchors.resize(1);
    model.anchors[0].reference_vix.reset();
    model.anchors[0].physical = model.anchors[0].pricing;
    model.anchors[0].has_own_physical = false;
    check_same(written_and_read(model), model);
    CHECK_THAT(model_text(model, "t", {}), !Contains("anchor") && !Contains("physical") && Contains("\n[pricing]\n"));
}

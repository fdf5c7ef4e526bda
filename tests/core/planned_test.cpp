#include <array>
#include <catch2/catch.hpp>

#include "volstorm/core/table.h"

using namespace volstorm;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

constexpr std::array<std::string_view, 1> kMethods{"plain"};
constexpr std::array<std::string_view, 2> kInstruments{"vix_call", "spx_put"};

/// What a reader of a few settings says of the text; empty where it says nothing.
std::string complaint(const std::string& text) {
    try {
        const Table root = Table::parse(text, "s.toml");
        if (const auto sampling = root.table_if("sampling")) sampling->choice("method", kMethods, "plain");
        if (const auto condor = root.table_if("condor")) condor->number("wing", kPositive);
        for (const Table& layer : root.tables("layer")) {
            layer.text("name");
            if (const auto instrument = layer.table_if("instrument")) instrument->choice("type", kInstruments);
            const Table size = layer.table("size");
            if (!size.has("budget")) size.fail("", "needs a budget");
            size.number("budget", kPositive);
        }
        root.finish();
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a key whose feature is not there yet is not called a typing error") {
    CHECK(complaint("[[stress]]\nname = \"x\"\n") == "s.toml:1:3: stress is not there yet");
    CHECK(complaint("[limits]\nx = 1\n") == "s.toml:1:2: limits is not there yet");
    CHECK(complaint("[strss]\n") == "s.toml:1:2: strss is not a setting here");
    const std::string layer = "[[layer]]\nname = \"first\"\n";
    CHECK(complaint(layer + "size = { budget = 1 }\nroll = \"vix > 30\"\n") ==
          "s.toml:4:1: layer.first.roll is not there yet");
    // Before the complaint that what it stands for is missing.
    CHECK(complaint(layer + "size = { vega = 1000 }\n") == "s.toml:3:10: layer.first.size.vega is not there yet");
    CHECK(complaint("[condor]\nwing = 1\nvega = 1\n") == "s.toml:3:1: condor.vega is not a setting here");
}

TEST_CASE("a word whose feature is not there yet is refused with the words that are") {
    for (const std::string type :
         {"vxm_future", "vix_etp", "spy", "spy_shares", "xsp_put", "xsp_put_spread", "correlated_asset"}) {
        CHECK(complaint("[[layer]]\nname = \"first\"\ninstrument = { type = \"" + type + "\" }\n") ==
              "s.toml:3:23: layer.first.instrument.type is \"" + type +
                  "\", which is not there yet; there is vix_call, spx_put");
    }
    CHECK_THAT(complaint("[sampling]\nmethod = \"sobol\"\n"), EndsWith("is \"sobol\", expected one of plain"));
    CHECK(complaint("[[condor]]\nwing = 1\n") ==
          "s.toml:1:1: condor stands in [[condor]], but more than one is not there yet: write [condor]");
    CHECK_THAT(complaint("[[sampling]]\nmethod = \"plain\"\n"), StartsWith("s.toml:1:1: sampling is an array"));
}

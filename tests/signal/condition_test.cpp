#include "volstorm/signal/condition.h"

#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

using namespace volstorm;

namespace {

const TextPlace kPlace{{"fomc.toml", 40, 9}, "claim.0.given"};
const std::vector<ConditionVariable> kKnown{
    {"condor_return"}, {"total_return"}, {"down_breach", Type::flag}, {"up_breach", Type::flag}};

std::string holds(const std::string& text, const std::vector<std::vector<float>>& columns) {
    const Condition condition = Condition::parse(text, kPlace, kKnown);
    std::vector<std::uint8_t> out(columns[0].size(), 9);
    const std::vector<std::span<const float>> spans(columns.begin(), columns.end());
    condition.evaluate(spans, out);
    std::string found;
    for (const std::uint8_t one : out) found += one == 1 ? 'x' : one == 0 ? '.' : '?';
    return found;
}

}  // namespace

TEST_CASE("a claim's condition on columns of results") {
    CHECK(holds("condor_return <= -0.35 and condor_return >= -0.45", {{-0.5F, -0.4F, -0.3F, 0.1F}}) == ".x..");
    CHECK(holds("total_return > condor_return", {{1.0F, 2.0F}, {0.5F, 3.0F}}) == "x.");
    CHECK(holds("down_breach or not up_breach", {{0.0F, 1.0F, 0.0F}, {0.0F, 1.0F, 1.0F}}) == "xx.");
}

TEST_CASE("columns are asked for in the order of first use, each once") {
    const auto condition =
        Condition::parse("up_breach or total_return > 0 and condor_return < total_return", kPlace, kKnown);
    CHECK(condition.variables() == std::vector<std::string>{"up_breach", "total_return", "condor_return"});
    CHECK(condition.text() == "up_breach or total_return > 0 and condor_return < total_return");
    CHECK(Condition::parse("1 < 2", kPlace, kKnown).variables().empty());
}

TEST_CASE("NaN is undefined: nothing that depends on it is true") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK(holds("total_return > 0", {{nan, 1.0F}}) == ".x");
    CHECK(holds("not total_return > 0", {{nan, 1.0F}}) == "..");
    CHECK(holds("not down_breach", {{nan, 0.0F}}) == ".x");
    CHECK(holds("down_breach or true", {{nan, 0.0F}}) == "xx");
}

TEST_CASE("the result does not depend on the number of paths evaluated at once") {
    std::vector<float> column(1500);
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = static_cast<float>(i % 7);
    const std::string found = holds("total_return * 2 > 5", {column});
    for (std::size_t i = 0; i < column.size(); ++i) CHECK((found[i] == 'x') == (i % 7 >= 3));
}

TEST_CASE("`for`, functions and unknown columns are refused at their column") {
    const auto refuse = [](const std::string& text, const std::string& message) {
        CHECK_THROWS_WITH(Condition::parse(text, kPlace, kKnown), message);
    };
    refuse("total_return > 0 for 3 bars",
           "fomc.toml:40:27: claim.0.given: `for` has no meaning here: there are no bars");
    refuse("rsi(vix, 14) > 60", "fomc.toml:40:10: claim.0.given: rsi is not a word here");
    refuse("carry > 0", "fomc.toml:40:10: claim.0.given: carry is not there yet");
    refuse("condor_retrun < 0",
           "fomc.toml:40:10: claim.0.given: condor_retrun is not a word here (did you mean condor_return?)");
    refuse("down_breach > 0", "fomc.toml:40:10: claim.0.given: `>` compares numbers, and this is a condition");
    refuse("total_return",
           "fomc.toml:40:10: claim.0.given: a condition is wanted, and this is a number (compare it, as "
           "in vix > 30)");
}

TEST_CASE("columns that do not fit are refused") {
    const auto condition = Condition::parse("total_return > 0", kPlace, kKnown);
    const std::vector<float> column(3);
    std::vector<std::uint8_t> out(4);
    CHECK_THROWS_AS(condition.evaluate({}, out), std::invalid_argument);
    const std::span<const float> spans[] = {column};
    CHECK_THROWS_AS(condition.evaluate(spans, out), std::invalid_argument);
}

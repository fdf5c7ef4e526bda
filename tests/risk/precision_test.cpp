// Goals of --until: how they are read, and what a run came to.
#include "volstorm/risk/precision.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "volstorm/core/error.h"

using namespace volstorm;
using Kind = FigureName::Kind;

namespace {

const std::vector<std::string> kBooks{"unhedged", "+first", "+first+second"};

std::vector<Precision> read(const std::string& text) { return read_precision(text, "--until", kBooks); }

/// A risk whose books have the same figures: a mean of 50 +- 10, an expected shortfall of -level x 1000 +- 20.
BookRisk made_risk() {
    BookRisk risk;
    for (const std::string& name : kBooks) {
        StrategyRisk& book = risk.strategies.emplace_back();
        book.name = name;
        Summary& summary = book.figures.summary[kWhole].emplace();
        summary.mean = {50.0, 5.0, 40.0, 60.0};
        for (const double level : kTailLevels) {
            const double value = -1000.0 * level;  // a tail that gains: the share is of its size
            summary.tails.push_back(
                {level, estimate_without_limits(value), {value, 10.0, value - 20.0, value + 20.0}, false});
        }
    }
    return risk;
}

}  // namespace

TEST_CASE("each part of a goal is what was written", "[precision]") {
    const auto goals = read("es99.9 < 0.5 % and mean(unhedged)<25 and p_loss(+first) < 1e-3 and var95(total) < 2%");
    REQUIRE(goals.size() == 4);
    CHECK(goals[0].figure.kind == Kind::expected_shortfall);
    CHECK(kTailLevels[goals[0].figure.level] == 0.999);
    CHECK(goals[0].figure.book == 2);
    CHECK(goals[0].relative);
    CHECK(goals[0].limit == 0.5 / 100.0);
    CHECK(goals[0].text == "es99.9 < 0.5 %");
    CHECK(goals[1].figure.kind == Kind::mean);
    CHECK(goals[1].figure.book == 0);
    CHECK_FALSE(goals[1].relative);
    CHECK(goals[1].limit == 25.0);
    CHECK(goals[2].figure.kind == Kind::p_loss);
    CHECK(goals[2].figure.book == 1);
    CHECK(goals[2].limit == 1e-3);
    CHECK(goals[3].figure.kind == Kind::value_at_risk);
    CHECK(kTailLevels[goals[3].figure.level] == 0.95);
    CHECK(goals[3].figure.book == 2);
}

TEST_CASE("a goal that is none is refused with what there is", "[precision]") {
    const auto says = [](const std::string& text, const std::string& words) {
        CHECK_THROWS_WITH(read(text), Catch::Matchers::StartsWith("--until: ") && Catch::Matchers::Contains(words));
        CHECK_THROWS_AS(read(text), InputError);
    };
    says("", "a figure is missing");
    says("es98 < 1 %", "'es98' is no figure; there are mean, sd, p_loss, var95");
    says("es99", "a goal is a figure < a width");
    says("es99 > 1 %", "a goal is a figure < a width");
    says("es99(second) < 1 %",
         "'second' is no book of this scenario; there are total, unhedged, +first, +first+second");
    says("es99(total < 1 %", "')' is missing");
    for (const char* width : {"0", "-1", "nan", "inf", "x", ""}) says("es99 < " + std::string(width), "number above 0");
    says("es99 < 1 % or mean < 1", "joined by 'and'");
    says("es99 < 1 % and", "a figure is missing");
}

TEST_CASE("a goal compares half the interval with its width, and asks for the paths that the square root says",
          "[precision]") {
    BookRisk risk = made_risk();
    CHECK(half_width(read("mean < 25")[0], risk) == 10.0);
    CHECK(half_width(read("mean < 25 %")[0], risk) == 0.2);
    CHECK(half_width(read("es99 < 1 %")[0], risk) == Approx(20.0 / 990.0));
    CHECK(half_width(read("var99 < 1 %")[0], risk) == kInfinity);
    CHECK(paths_factor(read("mean < 10"), risk) == 1.0);
    CHECK(paths_factor(read("mean < 5"), risk) == Approx(4.0));
    CHECK(paths_factor(read("mean < 5 and es99 < 2.5"), risk) == Approx(64.0));
    CHECK(paths_factor(read("mean < 5 and var99 < 10"), risk) == kInfinity);
    // A point is as narrow as can be, even at zero.
    risk.strategies[2].figures.summary[kWhole]->mean = {0.0, 0.0, 0.0, 0.0};
    CHECK(paths_factor(read("mean < 1 %"), risk) == 0.0);
}

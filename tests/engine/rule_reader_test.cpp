// Rules are asked only about paths on which they can be true: what they say must be the same as if all were asked.
#include <algorithm>
#include <catch2/catch.hpp>

#include "same_paths.h"
#include "short_run.h"

using namespace volstorm;
using namespace short_run;

namespace {

constexpr std::size_t kPaths = 4'096;  // eight blocks

PathColumns columns_of(const std::string& open, const std::string& close, int delay) {
    Text text;
    text.sampling = "seed = 11\npaths = " + std::to_string(kPaths) + "\nmethod = \"hybrid\"\n";
    text.rest = layer("first", "type = \"vix_call\", days = 30, delta = 0.50",
                      "size = { contracts = 1 }\nopen = \"" + open + "\"\nclose = \"" + close +
                          "\"\ndelay = " + std::to_string(delay));
    return run(*prepare(text), kPaths);
}

// The same rule, but one of which no bounds are known.
std::string unbounded(const std::string& rule) { return "not (not (" + rule + "))"; }

}  // namespace

TEST_CASE("a rule says the same of a block whether a few paths are asked or all") {
    const std::string open = GENERATE(as<std::string>(), "vix_change > 0.5", "vix_change > 0.4 for 3 bars",
                                      "(vix_change > 0.5 for 2 bars or spx_return < -0.004) and vix < 40",
                                      "(vix > 21 or spx_return < -0.002) for 4 bars",
                                      "vix_change > 2 or spx_return > 0.006 or spx_return < -0.006 or vix < 18.5 or "
                                      "spx_return > 0.004 and vix < 19");
    const std::string close = GENERATE(as<std::string>(), "vix_change < 0.3 for 2 bars", "spx_return > 0.001");
    const int delay = GENERATE(0, 1);
    CAPTURE(open, close, delay);
    const PathColumns few = columns_of(open, close, delay), all = columns_of(unbounded(open), unbounded(close), delay);
    CHECK(same_paths::same(few, all, 0, 0, kPaths));
    const auto opened = std::ranges::count_if(few.opened[0], [](std::int32_t step) { return step >= 0; });
    const auto closed = std::ranges::count_if(few.closed[0], [](std::int32_t step) { return step >= 0; });
    CHECK(opened > 200);
    CHECK(opened < 4'000);
    CHECK(closed > 100);
}

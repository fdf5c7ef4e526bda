#include "volstorm/report/days_text.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

DayResult result_of(const NamedDay& day, std::size_t layers) {
    DayResult r;
    r.day = day;
    r.spx_return = day.close, r.vix_end = 66.12, r.vix_max = 123.45;
    r.condor = -1'234'567.891;
    for (std::size_t k = 0; k < layers; ++k) r.layers.push_back(100.2 * static_cast<double>(k + 1));
    r.costs = -12'345.0, r.total = -1'000'000.0, r.total_at_low = 5.0, r.total_at_high = -7.0;
    return r;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

std::vector<std::string> names(std::size_t layers) {
    std::vector<std::string> list;
    for (std::size_t k = 0; k < layers; ++k) list.push_back("a_rather_long_layer_name_" + std::to_string(k));
    return list;
}

}  // namespace

TEST_CASE("the table of days fits 100 columns with any number of layers, and CSV and Markdown have each of them") {
    for (const std::size_t layers : {0u, 1u, 3u, 4u, 8u}) {
        CAPTURE(layers);
        std::vector<DayResult> results;
        for (const NamedDay& day : named_days()) results.push_back(result_of(day, layers));
        const std::string text = days_text(results, names(layers));
        for (const std::string& line : lines_of(text)) CHECK(line.size() <= 100);
        CHECK_THAT(text, Contains("1987-10-19*") && Contains("-1,234,568") && Contains("-12,345"));
        if (layers == 4) CHECK_THAT(text, Contains("layers") && Contains("1,002"));  // their sum
        const auto csv = lines_of(days_csv(results, names(layers)));
        REQUIRE(csv.size() == 33);
        for (const std::string& line : csv) {
            const auto quoted =
                line.find('"') == std::string::npos
                    ? 0
                    : std::ranges::count(line.substr(line.find('"'), line.rfind('"') - line.find('"')), ',');
            CHECK(std::ranges::count(line, ',') - quoted == static_cast<long>(9 + layers));
        }
        CHECK_THAT(csv[1], Contains("-1234567.89"));
        const auto markdown = lines_of(days_markdown(results, names(layers)));
        REQUIRE(markdown.size() == 34);
        for (const std::string& line : markdown) CHECK(std::ranges::count(line, '|') == static_cast<long>(11 + layers));
    }
}

TEST_CASE("the list of days fits 100 columns and shows what is not known") {
    const auto lines = lines_of(day_list_text(named_days()));
    CHECK(lines.size() == 35);
    for (const std::string& line : lines) CHECK((line.size() <= 100 && !line.ends_with(' ')));
    CHECK_THAT(lines[2], Contains("1987-10-19*     - -20.5  0.0 -20.47") && Contains("     -     - 150.00"));
}

#include "volstorm/report/band_text.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "book.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

BandReport report_of(std::size_t worlds) {
    const book::Run run = book::measured(book::full(), 4'000);
    BandReport report{{.paths = 4'000, .asked = 4'000, .seed = 11}, {}, {{"bootstrap", "no history"}}};
    for (const char* name : {"model", "stressed", "heston"}) {
        if (report.worlds.size() < worlds) report.worlds.push_back({name, "a world", run.risk, {"from a drawer"}});
    }
    return report;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

// Fields of a line of CSV: commas between quotes part nothing.
std::size_t columns_of(const std::string& line) {
    std::size_t columns = 1;
    bool within = false;
    for (const char c : line) {
        if (c == '"') within = !within;
        if (c == ',' && !within) ++columns;
    }
    return columns;
}

}  // namespace

TEST_CASE("the band fits 100 columns and says what survives and what was left out") {
    const std::string text = band_text(report_of(3));
    for (const std::string& line : lines_of(text)) {
        CAPTURE(line);
        CHECK((line.size() <= 100 && !line.ends_with(' ')));
    }
    CHECK_THAT(text, Contains("in 3 worlds") && Contains("bootstrap  left out: no history"));
    CHECK_THAT(text, Contains("  yes in all         claim: every path\n"));
    CHECK_THAT(text, Contains("  undecided in all   claim: a rare day\n"));
    CHECK_THAT(text, Contains("stressed   a world\n    from a drawer\n"));
}

TEST_CASE("a world that disagrees is named") {
    BandReport report = report_of(3);
    report.worlds[1].risk.claims[0].result.verdict = Verdict::not_supported;
    report.worlds[2].risk.claims[0].result.verdict = Verdict::undecided;
    const char* dissent = "no in stressed; undecided in heston; yes in model";
    CHECK_THAT(band_text(report), Contains("  depends            claim: every path\n") && Contains(dissent));
    CHECK_THAT(band_markdown(report), Contains(dissent));
}

TEST_CASE("the range is the lowest and the highest value among the worlds") {
    BandReport report = report_of(3);
    double mean = -3'000.0;
    for (BandWorld& world : report.worlds)
        world.risk.strategies[0].figures.summary[kWhole]->mean = normal_estimate(mean += 1'000.0, 10.0);
    CHECK_THAT(band_text(report), Contains("\n  lowest    -2,000 ") && Contains("\n  highest        0 "));
    CHECK_THAT(band_csv(report), Contains("range,unhedged,mean,,-2000,0,\n"));
    CHECK_THAT(band_markdown(report), Contains("| range | unhedged | mean | -2,000 to 0 |"));
}

TEST_CASE("books with large figures keep to 100 columns without intervals") {
    BandReport report = report_of(1);
    for (StrategyRisk& s : report.worlds[0].risk.strategies)
        s.figures.summary[kWhole]->mean = normal_estimate(-1e12, 1e9);
    for (const std::string& line : lines_of(band_text(report))) CHECK(line.size() <= 100);
    CHECK_THAT(band_text(report), Contains("  model    -1,000,000,000,000   -1,000,000,000,000  "));
}

TEST_CASE("values of a column end below each other") {
    BandReport report = report_of(2);
    report.worlds[0].risk.strategies[0].figures.summary[kWhole]->mean = normal_estimate(12'345.0, 1.0);
    report.worlds[1].risk.strategies[0].figures.summary[kWhole]->mean = normal_estimate(-7.0, 1.0);
    CHECK_THAT(band_text(report),
               Contains("  model     12,345 [12,343, 12,347]  ") && Contains("  stressed      -7 ["));
}

TEST_CASE("CSV has every figure of every world, in as many columns") {
    BandReport report = report_of(2);
    report.worlds[0].risk.claims[0].text = "a \"b\" claim";
    const auto lines = lines_of(band_csv(report));
    CHECK(lines.front() == "world,subject,figure,value,low,high,verdict");
    CHECK(lines.size() == 1 + 3 * (6 + 6 + 4 + 2 * 3) + 3 * 8 + 1);
    CHECK_THAT(band_csv(report), Contains("model,claim,\"a \"\"b\"\" claim\",1,") &&
                                     Contains("model,claim given,\"a \"\"b\"\" claim\",1,,,") &&
                                     Contains("bootstrap,left out,no history,,,,"));
    for (const std::string& line : lines) CHECK(columns_of(line) == 7);
    for (const std::string& line : lines_of(band_markdown(report))) {
        const auto bars = std::ranges::count(line, '|');
        CHECK((line.empty() || bars == 3 || bars == 4 || bars == 6));
    }
}

TEST_CASE("a book without a hedge has no effect of one") {
    BandReport report = report_of(2);
    for (BandWorld& world : report.worlds) world.risk.strategies.resize(1);
    CHECK_THAT(band_text(report), !Contains("effect") && !Contains("hedge's"));
    CHECK_THAT(band_csv(report), !Contains("effect"));
}

#include "volstorm/report/backtest_text.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

using namespace volstorm;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

BacktestRow row(const std::string& subject, const std::string& id, Regime regime, double p, std::string reason = {}) {
    BacktestRow r{subject,          id, "  a meaning of " + id + ", Kupiec", regime, 300, 12.5, 1234.5, 3.25, p,
                  std::move(reason)};
    return r;
}

BacktestReport sample() {
    BacktestReport report{"models/mine.toml", "2020-01-01 to 2025-08-21", {}, {}};
    const std::string long_reason =
        "law too narrow (sd of z 1.25); outcomes lower than foretold (mean of z -0.22); "
        "a day turns from the one before (autocorrelation -0.19)";
    for (const Regime regime : kRegimes) {
        for (const char* subject : {"spx", "vix", "book"}) {
            const bool rejected = regime == Regime::above_30 && std::string(subject) == "vix";
            report.table.rows.push_back(
                row(subject, "fall_1", regime, rejected ? 1e-9 : 0.25, rejected ? long_reason : ""));
            report.table.rows.push_back(row(subject, "mean", regime, kUnknown, "no day follows a failure"));
            report.table.histograms.push_back({subject, regime, std::vector<std::uint64_t>(10, 30)});
        }
    }
    return report;
}

}  // namespace

TEST_CASE("the summary of a backtest fits a terminal and says what is rejected, and why") {
    const std::string text = backtest_text(sample());
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK(line.size() <= 100);
        CHECK((line.empty() || line.back() != ' '));
    }
    CHECK_THAT(text,
               StartsWith("Forecasts of 300 sessions, 2020-01-01 to 2025-08-21, by the model\nmodels/mine.toml\n"));
    CHECK_THAT(text, Contains("12.50     1234  0.2500  holds"));
    CHECK_THAT(text, Contains("<0.0001x"));
    CHECK_THAT(text, Contains("  >30   vix  fall_1             law too narrow (sd of z 1.25);\n"));
    CHECK_THAT(text, Contains("vix  1 of 5 tests rejected; chance alone would reject 0.1"));
    CHECK_THAT(text, Contains("spx  0 of 5 tests rejected"));
    CHECK_THAT(text, Contains("Regimes of more than 250 sessions\n") && !Contains("Regimes of at most"));
    BacktestReport few = sample();
    for (BacktestRow& r : few.table.rows) r.sessions = r.regime == Regime::above_30 ? 147 : 300;
    CHECK_THAT(backtest_text(few), Contains("Regimes of more than 250 sessions\n  spx  0 of 4") &&
                                       Contains("Regimes of at most 250 sessions\n  spx  0 of 1") &&
                                       Contains("  vix  1 of 1 tests rejected; chance alone would reject 0.0"));
}

TEST_CASE("every row of a backtest is in the files") {
    const BacktestReport report = sample();
    const std::string csv = backtest_csv(report), markdown = backtest_markdown(report);
    CHECK(static_cast<std::size_t>(std::ranges::count(csv, '\n')) ==
          1 + report.table.rows.size() + 10 * report.table.histograms.size());
    CHECK_THAT(csv, Contains("all,spx,fall_1,\"a meaning of fall_1, Kupiec\",300,12.5,1234.5,3.25,0.25,no,\"\"\n"));
    CHECK_THAT(csv, Contains(",300,12.5,1234.5,3.25,,,\"no day follows a failure\"\n"));
    CHECK_THAT(csv, Contains("15-20,book,tenth_10,\"sessions in this tenth of their law\",300,30,30,,,,\"\"\n"));
    CHECK_THAT(markdown, Contains("**VIX >30**: 300 sessions"));
    CHECK_THAT(markdown, Contains("| **<0.0001** | law too narrow"));
}

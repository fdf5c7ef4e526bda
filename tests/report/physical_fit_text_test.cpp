#include "volstorm/report/physical_fit_text.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace volstorm;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

RealismTable table(double model) {
    RealismTable t{"1990-2019", {}};
    for (const Regime regime : kRegimes) {
        if (regime == Regime::above_30) continue;  // too few sessions
        t.rows.push_back({"std_r", "standard deviation of the SPX return, %", regime, {1.0, 0.5, 1.5}, model});
        t.rows.push_back({"q1", "1 % quantile of the SPX return, %", regime, {-2.0, -3.0, -1.0}, -2.0});
    }
    return t;
}

PhysicalFitReport sample() {
    PhysicalFitReport report;
    report.model = "models/mine.toml";
    report.period = "1990-01-03 to 2019-12-31";
    report.sessions = 7551;
    report.effective = {100.0, 80.0, 15.0, 5.0, 0.0};
    report.remarks = {"4 SPX sessions without VIX set aside, the first of 1991-03-01"};
    report.analog = AnalogReport{"2019-12-31",
                                 {{StateVariable::vix, 13.78, -0.8}, {StateVariable::reer, 109.1, 1.2}},
                                 0.42,
                                 100.0,
                                 {{"2017-02-03", 0.05, 0.021, 11.93, 0.73, -0.96}},
                                 AnalogShare{StateVariable::reer,
                                             {{"sd_z", "standard deviation of z", 0.71, 0.69, -0.05, 0.09},
                                              {"vix_change", "mean VIX change, points", 0.2, 0.0, 0.1, 0.3}},
                                             0.4,
                                             0.31,
                                             0.6}};
    PhysicalFit& fit = report.fit;
    fit.before = table(2.0);
    fit.after = table(1.2);
    fit.cost_before = 123.4;
    fit.cost_after = 45.6;
    fit.parameters = {{"calm", "crash", "intensity", 0.122, 0.25, 0.031, AtBound::no},
                      {"calm", "", "kappa_v", 14.9, 12.0, NAN, AtBound::high}};
    fit.unstable = {"calm"};
    fit.premia_before = {{12.0, "30-day future", -0.2, 0.01}, {45.0, "30-day call at the future", 0.13, 0.01}};
    fit.premia_after = {{12.0, "30-day future", -0.3, 0.01}, {45.0, "30-day call at the future", -0.11, 0.01}};
    fit.search.stop = FitStop::converged;
    fit.search.evaluations = 250;
    fit.search.iterations = 7;
    fit.search.condition_number = 41.0;
    fit.search.weakest_direction = {0.9, -0.4};
    return report;
}

}  // namespace

namespace {

void check_width(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK(line.size() <= 100);
        CHECK((line.empty() || line.back() != ' '));
    }
}

}  // namespace

TEST_CASE("the summary of a physical fit fits a terminal and holds every figure of it") {
    const std::string text = physical_fit_text(sample());
    check_width(text);
    CHECK_THAT(text, StartsWith("Physical parameters fitted to 7551 sessions, 1990-01-03 to 2019-12-31, seed 1;"));
    CHECK_THAT(text, Contains("\nmodels/mine.toml\n"));
    CHECK_THAT(text, Contains("bandwidth 0.420: 100.0 effective sessions of 7551"));
    CHECK_THAT(text, Contains("  2017-02-03        0.050     2.10    11.93     0.73       -0.96\n"));
    CHECK_THAT(text, Contains("Inside in all: 4 of 8 (50 %) before, 8 of 8 (100 %) after"));
    CHECK_THAT(text, Contains("1/2       1/2       1/2       1/2         -\n"));
    CHECK_THAT(text, Contains("Cost of the fit: 123.4 before, 45.6 after"));
    CHECK_THAT(text, Contains("  calm.crash.intensity                             0.122        0.25  0.031 (12 %)\n"));
    CHECK_THAT(text, Contains("at the upper bound"));
    CHECK_THAT(text, Contains("line of stability"));
    CHECK_THAT(text, Contains("condition number 41.00"));
    CHECK_THAT(text, Contains("least determined: calm.crash.intensity and calm.kappa_v"));
    CHECK_THAT(text, Contains("before  +0.13 % (30-day call at the future at VIX 45)"));
    CHECK_THAT(text, Contains("after   -0.11 %"));
    CHECK_THAT(text, !Contains("pays for holding"));
    CHECK_THAT(text, Contains("4 SPX sessions without VIX set aside"));
    PhysicalFitReport earning = sample();
    earning.fit.premia_after[1].gain = 0.11;
    CHECK_THAT(physical_fit_text(earning), Contains("warning: this model pays for holding long VIX"));
}

TEST_CASE("what a variable contributes comes with a verdict") {
    PhysicalFitReport report = sample();
    CHECK_THAT(physical_fit_text(report), Contains("changes, beyond chance:\n    mean VIX change, points.\n") &&
                                              Contains("Without it the bandwidth is 0.310") &&
                                              Contains("It makes 40 % of the distance; 60 % of the weight"));
    report.analog->reer->effects[1].low = -0.1;
    check_width(physical_fit_text(report));
    CHECK_THAT(physical_fit_text(report), Contains("changes none of the four beyond chance"));
    report.analog.reset();
    CHECK_THAT(physical_fit_text(report), !Contains("bandwidth"));
}

TEST_CASE("the diagnostics of a physical fit hold every row and parameter") {
    const auto json = nlohmann::json::parse(physical_fit_json(sample()));
    CHECK(json["rows"].size() == 8);
    CHECK(json["rows"][0]["before"] == 2.0);
    CHECK(json["rows"][0]["after"] == 1.2);
    CHECK(json["parameters"][0]["standard_error"] == 0.031);
    CHECK(json["parameters"][1]["standard_error"].is_null());
    CHECK(json["parameters"][1]["at_bound"] == "high");
    CHECK(json["weights"]["reer"]["effects"][1]["beyond_chance"] == true);
    CHECK(json["vix_premia"][1]["gain_after"] == -0.11);
    CHECK(json["cost"]["after"] == 45.6);
}

#include "volstorm/report/quote_fit_text.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>
#include <vector>

#include "volstorm/core/csv.h"
#include "volstorm/market/calendar.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

// Three quotes of one expiry, 1 vol point wide; the model is 0.2, 0 and -0.8 vol points off their mids.
QuoteFitReport sample(const std::string& expiry, const std::string& event) {
    QuoteFitReport report;
    report.model = "mine.toml";
    report.files = {"spx.csv"};
    report.threads = 2, report.seconds = 3.0;
    report.quotes.time = at(make_date(2023, 10, 4), 9, 0);
    report.quotes.vix = 20.0;
    ExpiryQuotes e{ChainFamily::spx, expiry, at(make_date(2023, 10, 11), 16, 0), 0.02, 4000.0, 0.1, {}};
    ModelQuotes::Expiry start, model;
    for (const auto& [strike, off] : {std::pair(3900.0, 0.002), {4000.0, 0.0}, {4100.0, -0.008}}) {
        OptionQuote q;
        q.strike = strike;
        q.bid = 9.0, q.ask = 11.0;
        q.bid_vol = 0.195, q.mid_vol = 0.2, q.ask_vol = 0.205;
        e.quotes.push_back(q);
        model.vol.push_back(0.2 + off);
        model.price.push_back(10.0 + 200.0 * off);
        start.vol.push_back(0.21);
        start.price.push_back(12.0);
    }
    report.quotes.expiries = {e};
    report.fit.quotes = {20.1, {model}};
    report.fit.start_quotes = {21.0, {start}};
    report.fit.world.events = {{event, at(make_date(2023, 10, 6), 8, 30), 0.00386062, 0.0075, -0.000028125, 0.0}};
    report.fit.fit.evaluations = 1000;
    report.fit.fit.residual_variance = 2.0;
    report.fit.fit.starts.resize(1);
    return report;
}

std::string row_of(const std::string& text, const std::string& name) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(name)) return line;
    return {};
}

}  // namespace

TEST_CASE("an expiry is reported by its quotes: mean spread, root mean square, share inside") {
    const ExpiryFit fit = expiry_fit(sample("SPXW", "NFP"), 0);
    CHECK(fit.spread == Approx(1.0));
    CHECK(fit.rms == Approx(std::sqrt((0.04 + 0.64) / 3.0)));
    CHECK(fit.rms_before == Approx(1.0));
    CHECK(fit.inside == Approx(200.0 / 3.0));  // 11.0 is 1.6 below the last quote's bid
}

TEST_CASE("names of others stay text in the table, the plot and the terminal") {
    for (const std::string name : {"SPXW 2023-10-11 16:00", "=SUM(1,2)", "a,b", "a\n=b\t"}) {
        CAPTURE(name);
        const std::string table = quote_fit_csv(sample(name, "NFP"));
        const auto rows = read_rows(table, "table.csv");
        REQUIRE(rows.size() == 4);
        for (const auto& row : rows) CHECK(row.size() == rows.front().size());
        CHECK(rows[1][1].text == "2023-10-11T16:00:00");
    }
    CHECK_THAT(quote_fit_csv(sample("=HYPERLINK(\"x\",1)", "")), Contains("\n\"'=HYPERLINK(\"\"x\"\",1)\","));
    CHECK_THAT(quote_fit_csv(sample("@SUM", "")), Contains("\n'@SUM,2023"));
    CHECK_THAT(quote_fit_csv(sample(" +1", "")), Contains("\n' +1,2023"));
    CHECK_THAT(quote_fit_csv(sample("a\n=b", "")), Contains("\na\\x0A=b,2023"));
    CHECK_THAT(quote_fit_csv(sample("SPXW-x", "")), Contains("\nSPXW-x,2023"));
    const std::string plot = quote_fit_svg(sample("<script>&\"\x01", ""));
    CHECK_THAT(plot, Contains(">&lt;script&gt;&amp;&quot;\\x01<") && !Contains("<script"));
    const std::string text = quote_fit_text(sample("\x1B[31m", "a\"\x1B"));
    CHECK_THAT(text, Contains("\\x1B[31m") && !Contains("\x1B") && Contains("name = \"a\\\"\\u001B\""));
}

TEST_CASE("an event's move is said in as many digits as tell") {
    CHECK_THAT(quote_fit_scenario(sample("SPXW", "NFP")), Contains("spx_move_sd = 0.003861\n"));
}

TEST_CASE("a parameter whose cost rises less or more than its error says is called wider or narrower") {
    QuoteFitReport report = sample("SPXW", "NFP");
    const auto parameter = [](const std::string& name, double low, double below, double above, AtBound bound) {
        FittedParameter p;
        p.name = name, p.value = 1.0, p.low = low, p.high = 2.0 - low;
        p.at_bound = bound, p.rise_below = below, p.rise_above = above;
        return p;
    };
    // A parabola rises by 4 residual variances, that is 8, two standard errors away.
    report.fit.parameters = {
        parameter("parabola", 0.9, 8.0, 8.0, AtBound::no),   parameter("flat_left", 0.9, 1.9, 9.0, AtBound::no),
        parameter("flat_right", 0.9, 9.0, 1.9, AtBound::no), parameter("hardly", 0.9, 2.1, 31.0, AtBound::no),
        parameter("steep", 0.9, 33.0, 40.0, AtBound::no),    parameter("half_steep", 0.9, 33.0, 9.0, AtBound::no),
        parameter("unknown", NAN, NAN, NAN, AtBound::no),    parameter("not_looked", 0.9, NAN, NAN, AtBound::no),
        parameter("low", 0.9, 1.0, 1.0, AtBound::low),       parameter("high", 0.9, 90.0, 90.0, AtBound::high)};
    const std::string text = quote_fit_text(report);
    for (const auto& [name, flag] : {std::pair<std::string, std::string>{"parabola", "1.1"},
                                     {"flat_left", "wider"},
                                     {"flat_right", "wider"},
                                     {"hardly", "1.1"},
                                     {"steep", "narrower"},
                                     {"half_steep", "1.1"},
                                     {"unknown", "not determined"},
                                     {"not_looked", "1.1"},
                                     {"low", "low bound"},
                                     {"high", "high bound"}}) {
        INFO(row_of(text, name));
        CHECK(row_of(text, name).ends_with(flag));
    }
    CHECK_THAT(text, Contains("  wider, narrower: than the standard error says"));
}

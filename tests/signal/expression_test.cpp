#include "volstorm/signal/expression.h"

#include <catch2/catch.hpp>
#include <random>

#include "tape.h"

using namespace volstorm;
using namespace volstorm::test;

namespace {

Expression parse(std::string_view text) { return parse_rule(text, place(), kNames).expression; }
std::string canonical(std::string_view text) { return to_text(parse(text)); }

/// The message without the place; the place in `column`, counted from 0 inside the text.
std::string complaint(std::string_view text, int& column) {
    try {
        parse(text);
    } catch (const InputError& error) {
        column = error.where().column - place().source.column - 1;
        return error.what();
    }
    column = -1;
    return "";
}

struct Wrong {
    std::string text;
    int column;
    std::string message;
};

}  // namespace

TEST_CASE("precedence: `or` below `and` below `not` below comparisons below sums below products") {
    CHECK(canonical("vix>1 or vix>2 and not vix>3") == "vix > 1 or vix > 2 and not vix > 3");
    CHECK(canonical("(vix>1 or vix>2) and vix>3") == "(vix > 1 or vix > 2) and vix > 3");
    CHECK(parse("vix > 1 or vix > 2 and vix > 3") == parse("vix > 1 or (vix > 2 and vix > 3)"));
    CHECK(parse("not vix > 1 and vix > 2") == parse("(not (vix > 1)) and vix > 2"));
    CHECK(parse("1 + 2 * 3 < 4 - 5 - 6") == parse("(1 + (2 * 3)) < ((4 - 5) - 6)"));
    CHECK(parse("-vix * 2 / 3 < 1") == parse("(((-vix) * 2) / 3) < 1"));
    CHECK(!(parse("1 - (2 - 3) > 0") == parse("1 - 2 - 3 > 0")));
}

TEST_CASE("`for` binds to one comparison, or to a group") {
    CHECK(parse("vix > 1 and vix > 2 for 3 bars") == parse("vix > 1 and (vix > 2 for 3 bars)"));
    CHECK(parse("not vix > 2 for 3 bars") == parse("not (vix > 2 for 3 bars)"));
    CHECK(!(parse("(vix > 1 and vix > 2) for 3 bars") == parse("vix > 1 and vix > 2 for 3 bars")));
    CHECK(canonical("event(FOMC)for 1 bars") == "event(FOMC) for 1 bar");
    CHECK(canonical("((vix>1 for 2 bars)) for 3 bar") == "(vix > 1 for 2 bars) for 3 bars");
}

TEST_CASE("the canonical text reads back to the same expression") {
    for (const std::string text :
         {"rsi(vix, 14) > 60 and macd_histogram(spx, 12, 26, 9) < 0 for 3 bars", "vix > 30", "vix_day_change > 3",
          "spx_day_return < -0.01", "short_delta > 0.3", "event(FOMC)", "profit(first) > 1", "not not true or false",
          "minutes() >= 30 and minutes() <= 90", "1e+15 > vix", "--vix < -(-1 - 2)", "not (vix > 1 or vix < 2)",
          "(not vix > 1) for 5 bars", "sma(spx.bar, 5) / ema(spx.bar, 20) - 1 > 0.001", "vix * (spx + 1) != 2 / 3"}) {
        CHECK(canonical(text) == text);
        CHECK(parse(canonical(text)) == parse(text));
    }
    CHECK(canonical("event('FOMC')") == "event(FOMC)");
    const RuleNames odd{{"CPI June 3"}, {}, false};
    const Rule rule = parse_rule("event( 'CPI June 3' )", place(), odd);
    CHECK(to_text(rule.expression) == "event('CPI June 3')");
    CHECK(parse_rule(to_text(rule.expression), place(), odd).expression == rule.expression);
}

TEST_CASE("a wrong rule is refused at its column, with advice") {
    const Wrong wrong[] = {
        {"", 0, "the condition is empty"},
        {"   ", 0, "the condition is empty"},
        {"vxi > 30", 0, "vxi is not a word here (did you mean vix?)"},
        {"vix > 30 and rsl(vix, 14) > 60", 13, "rsl is not a word here (did you mean rsi?)"},
        {"rsi(vix, 1) > 60", 9, "rsi period is 1, outside [2, 250]"},
        {"rsi(vix, 251) > 60", 9, "rsi period is 251, outside [2, 250]"},
        {"rsi(vix, 14.5) > 60", 9, "rsi period is 14.5, not a whole number"},
        {"rsi(vix, -3) > 60", 9, "rsi period is a whole number in [2, 250]"},
        {"rsi(vix, 1e300) > 60", 9, "rsi period is 1e300, outside [2, 250]"},
        {"rsi(vix) > 60", 7, "rsi wants its period: rsi(series, period)"},
        {"rsi() > 60", 4, "rsi wants its series: rsi(series, period)"},
        {"rsi(vix, 14, 3) > 60", 11, "rsi takes 2 arguments: rsi(series, period)"},
        {"rsi(vix, 14 > 60", 12, "`)` is wanted: rsi(series, period)"},
        {"minutes(30, 60)", 8, "minutes takes no arguments: write minutes()"},
        {"rsi(vix 14) > 60", 8, "rsi wants its period: rsi(series, period)"},
        {"rsi(14, vix) > 60", 4, "rsi series is a name (known: vix, vix.bar, spx, spx.bar)"},
        {"rsi(vix.bars, 14) > 60", 4, "vix.bars is not a known series (did you mean vix.bar?)"},
        {"rsi > 60", 0, "rsi is a function: write rsi(series, period)"},
        {"minutes > 60", 0, "minutes is a function: write minutes()"},
        {"vix() > 60", 0, "vix takes no arguments: write it alone"},
        {"macd(spx, 26, 12, 9) > 0", 0, "macd fast is 26, not below slow, which is 12"},
        {"vix > 1 or macd_signal(spx, 12, 12, 9) > 0", 11, "macd_signal fast is 12, not below slow, which is 12"},
        {"event(FOMCC)", 6, "FOMCC is not a known event (did you mean FOMC?)"},
        {"profit(second) > 1", 7, "second is not a known layer"},
        {"vix", 0, "a condition is wanted, and this is a number (compare it, as in vix > 30)"},
        {"vix and vix > 3", 0, "`and` joins conditions, and this is a number"},
        {"vix > 3 or 1 + 1", 11, "`or` joins conditions, and this is a number"},
        {"not vix", 4, "`not` turns a condition, and this is a number"},
        {"event(FOMC) == 1", 0, "`==` compares numbers, and this is a condition"},
        {"vix + event(FOMC) > 1", 6, "`+` adds numbers, and this is a condition"},
        {"vix * true > 1", 6, "`*` multiplies numbers, and this is a condition"},
        {"-event(FOMC)", 1, "`-` turns a number, and this is a condition"},
        {"1 < vix < 2", 8, "comparisons do not chain: write 1 < vix and vix < 2"},
        {"vix = 3", 4, "unexpected =: write `==`"},
        {"vix > 3 && vix < 5", 8, "unexpected &: write `and`"},
        {"vix > 3 || vix < 5", 8, "unexpected |: write `or`"},
        {"!event(FOMC)", 0, "unexpected !: write `not`, or `!=`"},
        {"spx_return < -1 %", 16, "unexpected %: write 0.05 for 5 %"},
        {"vix > .5", 6, "unexpected .: write 0.5 for .5"},
        {"vix > 3 fro 2 bars", 8, "fro is not expected here (did you mean for?)"},
        {"vix > 3 for 0 bars", 12, "for bars is 0, outside [1, 1000]"},
        {"vix > 3 for 1001 bars", 12, "for bars is 1001, outside [1, 1000]"},
        {"vix > 3 for ten bars", 12, "for bars is a whole number in [1, 1000]"},
        {"vix > 3 for 3", 13, "`for 3` wants the word bars"},
        {"vix > 3 for 3 minutes", 14, "`for 3` wants the word bars"},
        {"vix for 3 bars", 0, "`for` holds a condition, and this is a number"},
        {"vix > 3 for 3 bars for 2 bars", 19, "`for` comes once: put the first in parentheses"},
        {"(vix > 3", 0, "this parenthesis is not closed"},
        {"vix > 3)", 7, ") is not expected here"},
        {"(vix > 3 4)", 9, "4 is not expected here"},
        {"vix >", 5, "the text ends where a value is wanted"},
        {"and vix > 3", 0, "a value is wanted before and"},
        {"vix > 3 and", 11, "the text ends where a value is wanted"},
        {"vix > 1e999", 6, "this number is out of range"},
        {"event('FOMC)", 6, "the closing ' of this name is missing"},
        {"'FOMC'", 0, "'FOMC' is not expected here"},
        {"vix > 3 vix", 8, "vix is not expected here"},
    };
    for (const Wrong& one : wrong) {
        int column = -1;
        const std::string message = complaint(one.text, column);
        INFO(one.text << " -> " << message);
        CHECK(column == one.column);
        CHECK(message.find("layer.second.open: " + one.message) != std::string::npos);
    }
}

TEST_CASE("the message begins with the place") {
    int column = 0;
    CHECK(complaint("rsi(vix, 1) > 60", column) ==
          "fomc.toml:9:18: layer.second.open: rsi period is 1, outside [2, 250]");
    CHECK_THROWS_WITH(parse_rule("vxi > 1", {{"--set layer.x.open"}, ""}, kNames),
                      "--set layer.x.open: at character 1: vxi is not a word here (did you mean vix?)");
}

TEST_CASE("words of the scenario exist only where it has them") {
    CHECK_THROWS_WITH(parse_rule("short_delta > 0.3", place(), {}), Catch::EndsWith("short_delta is not there yet"));
    CHECK_THROWS_WITH(parse_rule("vix > 1 or profit(first) > 1", place(), {}),
                      Catch::EndsWith("profit is not there yet"));
    CHECK_THROWS_WITH(parse_rule("event(FOMC)", place(), {}),
                      Catch::Contains("FOMC is not a known event (there is none)"));
}

TEST_CASE("length and depth are limited") {
    const auto nested = [](std::size_t levels, const std::string& open, const std::string& close) {
        std::string text;
        for (std::size_t i = 0; i < levels; ++i) text += open;
        text += "vix > 1";
        for (std::size_t i = 0; i < levels; ++i) text += close;
        return text;
    };
    CHECK_NOTHROW(parse(nested(64, "(", ")")));
    int column = 0;
    CHECK(complaint(nested(65, "(", ")"), column).find("nested deeper than 64 levels") != std::string::npos);
    CHECK(column == 64);
    CHECK_NOTHROW(parse(nested(64, "not ", "")));
    CHECK_THROWS_AS(parse(nested(65, "not ", "")), InputError);
    CHECK_THROWS_AS(parse(nested(65, "-", "")), InputError);
    CHECK_NOTHROW(parse("vix > 1" + std::string(4089, ' ')));
    CHECK_THROWS_AS(parse("vix > 1" + std::string(4090, ' ')), InputError);
    CHECK_NOTHROW(parse(nested(500, "1 + ", "")));
}

TEST_CASE("20,000 damaged rules are read or refused, never worse") {
    const std::vector<std::string> seeds{
        "rsi(vix, 14) > 60 and macd_histogram(spx, 12, 26, 9) < 0 for 3 bars",
        "not (vix_day_change > 3 or spx_return < -0.01) and event(FOMC) and minutes() >= 30",
        "(profit(first) > 1.0 for 10 bars) or short_delta > 0.30 and sma(spx.bar, 20) / spx - 1 < 0.5e-2",
        "((-vix + 2 * 3) / 4 != 5 and true) or event('FOMC') == false"};
    const std::string letters = "vix spx()<>=!+-*/,.'019efornotand%&|\"\\\n\xc3\xff";
    std::mt19937 random(20250617);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    int accepted = 0;
    for (int n = 0; n < 20'000; ++n) {
        std::string text = seeds[below(seeds.size())];
        for (std::size_t edits = 1 + below(2); edits > 0 && !text.empty(); --edits) {
            const std::size_t at = below(text.size());
            switch (below(4)) {
                case 0:
                    text.erase(at, 1 + below(6));
                    break;
                case 1:
                    text[at] = letters[below(letters.size())];
                    break;
                case 2:
                    text.insert(at, 1, letters[below(letters.size())]);
                    break;
                default:
                    text.insert(at, text.substr(below(text.size()), 1 + below(20)));
            }
        }
        try {
            const Expression expression = parse(text);
            ++accepted;
            REQUIRE(parse(to_text(expression)) == expression);
        } catch (const InputError& error) {
            const int column = error.where().column - place().source.column - 1;
            REQUIRE(column >= 0);
            REQUIRE(column <= static_cast<int>(text.size()));
        }
    }
    CHECK(accepted > 200);
    CHECK(accepted < 19'000);
}

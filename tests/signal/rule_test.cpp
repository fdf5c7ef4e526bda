#include "volstorm/signal/rule.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "tape.h"
#include "volstorm/core/text.h"

using namespace volstorm;
using namespace volstorm::test;

namespace {

/// SPX and VIX as a random walk of 3 + 78 + 78 bars with two closes.
Tape random_tape(std::mt19937& random) {
    Tape tape{{6000.0}, {20.0}, {false}};
    for (int bar = 1; bar < 160; ++bar) {
        const double step = (static_cast<double>(random() % 2001) - 1000.0) / 1000.0;
        tape.spx.push_back(tape.spx.back() * (1.0 + 0.001 * step));
        tape.vix.push_back(tape.vix.back() * (1.0 - 0.02 * step));
        tape.is_close.push_back(bar == 3 || bar == 81 || bar == 159);
    }
    return tape;
}

std::vector<Tape> random_tapes(std::size_t count) {
    std::mt19937 random(7);
    std::vector<Tape> tapes;
    for (std::size_t i = 0; i < count; ++i) tapes.push_back(random_tape(random));
    return tapes;
}

/// Rules that use every part of the language and fire on some paths and bars.
const std::vector<std::string> kRules{
    "rsi(vix, 14) > 55 and macd_histogram(spx, 12, 26, 9) < 0 for 3 bars",
    "rsi(vix.bar, 5) > 60 or not rsi(spx.bar, 14) > 45",
    "sma(vix.bar, 7) > ema(vix.bar, 7) for 4 bars",
    "macd(spx.bar, 3, 7, 4) < macd_signal(spx.bar, 3, 7, 4)",
    "vix_day_change > 0.5 or spx_day_return < -0.002",
    "(vix_change > 0.2 and spx_return < 0) for 5 bars",
    "event(FOMC) and minutes() < 600 and vix > sma(vix, 20)",
};

}  // namespace

TEST_CASE("variables: since entry, since the previous close, minutes, events, positions") {
    const Tape tape{{6000.0, 5970.0, 5940.0, 6060.0, 6000.0},
                    {20.0, 21.0, 24.0, 23.0, 22.0},
                    {false, false, true, false, false},
                    {0.15, 0.2, 0.31, 0.4, 0.3},
                    {std::numeric_limits<double>::quiet_NaN(), -0.5, 0.0, 1.5, 2.0}};
    const History history = vix_history({17.0, 19.0});  // SPX 6000
    CHECK(decisions("vix > 22", tape) == "..xx.");
    CHECK(decisions("spx < 5950", tape) == "..x..");
    CHECK(decisions("vix_change == 4", tape) == "..x..");
    CHECK(decisions("spx_return < -0.0049 and spx_return > -0.0051", tape) == ".x...");
    CHECK(decisions("vix_day_change == 1", tape, history) == "x....");   // 20 - 19
    CHECK(decisions("vix_day_change == -2", tape, history) == "....x");  // 22 - 24, the path's own close
    CHECK(decisions("vix_day_change == 1", tape) == ".x...");            // without a history: since entry
    CHECK(decisions("spx_day_return > 0.02", tape, history) == "...x.");
    CHECK(decisions("minutes() >= 5 and minutes() <= 10", tape) == ".xx..");
    CHECK(decisions("event(FOMC)", tape) == "..xxx");
    CHECK(decisions("short_delta > 0.30", tape) == "..xx.");
    CHECK(decisions("profit(first) > 1.0", tape) == "...xx");
    CHECK(decisions("not profit(first) > 1.0", tape) == ".xx..");  // undefined at entry: nothing was bought
    CHECK(decisions("true", tape) == "xxxxx");
}

TEST_CASE("arithmetic and comparisons") {
    const Tape tape = vix_tape({20.0, 30.0});
    CHECK(decisions("vix * 2 - 10 / 5 == 38", tape) == "x.");
    CHECK(decisions("-vix + 5 <= -25", tape) == ".x");
    CHECK(decisions("vix >= 30", tape) == ".x");
    CHECK(decisions("vix != 30", tape) == "x.");
    // What is divided by 0 is undefined.
    CHECK(decisions("vix / (vix - 20) > 1000", tape) == "..");
    CHECK(decisions("not vix / (vix - 20) > 1000", tape) == ".x");
    CHECK(decisions("(vix - 20) / (vix - 20) < 2", tape) == ".x");
}

TEST_CASE("`for` counts bars in a row, the entry included") {
    const Tape tape = vix_tape({31.0, 31.0, 29.0, 31.0, 31.0, 31.0, 31.0});
    CHECK(decisions("vix > 30 for 1 bar", tape) == "xx.xxxx");
    CHECK(decisions("vix > 30 for 2 bars", tape) == ".x..xxx");
    CHECK(decisions("vix > 30 for 3 bars", tape) == ".....xx");
    CHECK(decisions("not vix > 30 for 3 bars", tape) == "xxxxx..");
    CHECK(decisions("(vix > 30 for 2 bars) for 2 bars", tape) == ".....xx");
    CHECK(decisions("(vix > 30 and vix < 40) for 4 bars", tape) == "......x");
    CHECK(decisions("vix > 30 for 1000 bars", vix_tape(std::vector<double>(1001, 31.0))) ==
          std::string(999, '.') + "xx");
}

TEST_CASE("what depends on an undefined value is undefined, and fires neither plainly nor under `not`") {
    const Tape tape = vix_tape({20.0, 21.0, 22.0, 23.0});
    const std::string unknown = "sma(vix.bar, 3) > 1";  // undefined at the entry and at the first bar
    CHECK(decisions(unknown, tape) == "..xx");
    CHECK(decisions("not " + unknown, tape) == "....");
    CHECK(decisions("not sma(vix.bar, 3) < 1", tape) == "..xx");
    CHECK(decisions(unknown + " or true", tape) == "xxxx");
    CHECK(decisions(unknown + " or false", tape) == "..xx");
    CHECK(decisions(unknown + " and true", tape) == "..xx");
    CHECK(decisions("not (" + unknown + " and false)", tape) == "xxxx");
    CHECK(decisions("not (" + unknown + " or false)", tape) == "....");
    CHECK(decisions(unknown + " for 2 bars", tape) == "...x");
    CHECK(decisions("not " + unknown + " for 2 bars", tape) == "x...");  // one bar is never two
    CHECK(decisions("sma(vix.bar, 3) == sma(vix.bar, 3)", tape) == "..xx");
    CHECK(decisions("-sma(vix.bar, 3) * 0 + 1 > 0", tape) == "..xx");
}

TEST_CASE("a daily signal takes the running value as today's close, and the path's own close at 16:00") {
    // rsi(., 3) by exact fractions in Python: closes 16 17 15 18 19, then 20 21 18 as running values of the first day,
    // whose close is 18; then 22 and 17 as running values of the second.
    const History history = vix_history({16.0, 17.0, 15.0, 18.0, 19.0});
    Tape tape = vix_tape({20.0, 21.0, 18.0, 22.0, 17.0});
    tape.is_close = {false, false, true, false, false};
    const double expected[] = {79.48717948717949, 83.33333333333333, 56.41025641025641, 81.72043010752688,
                               41.904761904761905};
    for (std::size_t bar = 0; bar < 5; ++bar) {
        const std::string low = shortest(expected[bar] - 1e-9), high = shortest(expected[bar] + 1e-9);
        const std::string found = decisions("rsi(vix, 3) > " + low + " and rsi(vix, 3) < " + high, tape, history);
        CHECK(found[bar] == 'x');
    }
    CHECK(decisions("sma(vix, 3) == 19", tape, history) == "x....");  // (18 + 19 + 20) / 3
    CHECK(decisions("sma(vix, 2) == 20", tape, history) == ".x.x.");  // (19 + 21) / 2; (18 + 22) / 2
}

TEST_CASE("a bar signal begins at the entry, whatever the history") {
    const Tape tape = vix_tape({20.0, 22.0, 24.0});
    CHECK(decisions("sma(vix.bar, 2) == 21", tape, vix_history({1.0, 1.0, 1.0})) == ".x.");
    CHECK(decisions("rsi(vix.bar, 2) == 100", tape) == "..x");
}

TEST_CASE("a daily signal without enough history is refused at its place") {
    const auto message = [](const std::string& text, std::size_t closes) -> std::string {
        try {
            prepare(text, vix_history(std::vector<double>(closes, 20.0)));
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    CHECK(
        message("vix > 3 and rsi(vix, 14) > 60", 13) ==
        "fomc.toml:9:21: layer.second.open: rsi(vix, 14) needs 14 closes before the entry day, and the history has 13");
    CHECK(message("rsi(vix, 14) > 60", 14).empty());
    CHECK(message("macd_histogram(spx, 12, 26, 9) < 0", 33).find("needs 34 closes") != std::string::npos);
    CHECK(message("macd_histogram(spx, 12, 26, 9) < 0", 34).empty());
    CHECK(message("sma(vix, 5) > 0", 3).find("needs 4 closes") != std::string::npos);
    CHECK(message("sma(vix, 5) > 0", 4).empty());
    CHECK(message("ema(spx, 5) > 0", 0).find("the history has 0") != std::string::npos);
    CHECK(message("rsi(vix.bar, 14) > 60", 0).empty());
}

TEST_CASE("no decision knows a later bar") {
    const std::vector<Tape> tapes = random_tapes(8);
    RuleState state;
    for (const std::string& text : kRules) {
        const PreparedRule rule = prepare(text, long_history());
        const auto original = decide(rule, tapes, state);
        std::vector<Tape> changed = tapes;
        for (Tape& tape : changed) {
            for (std::size_t bar = 70; bar < tape.vix.size(); ++bar) {
                tape.vix[bar] *= 1.5;
                tape.spx[bar] *= 0.9;
            }
        }
        const auto later = decide(rule, changed, state);
        bool differs = false;
        for (std::size_t i = 0; i < tapes.size(); ++i) {
            CHECK(std::equal(original[i].begin(), original[i].begin() + 70, later[i].begin()));
            differs = differs || original[i] != later[i];
        }
        CHECK(differs);
    }
}

TEST_CASE("a path decides alone as it does in a block of 512, and a state can be used again") {
    const std::vector<Tape> tapes = random_tapes(512);
    RuleState block, alone;
    for (const std::string& text : kRules) {
        const PreparedRule rule = prepare(text, long_history());
        const auto together = decide(rule, tapes, block);
        std::size_t fired = 0;
        for (std::size_t i = 0; i < tapes.size(); i += 7) {
            CHECK(decide(rule, {tapes[i]}, alone)[0] == together[i]);
            fired += static_cast<std::size_t>(std::count(together[i].begin(), together[i].end(), true));
        }
        CHECK(fired > 0);
        CHECK(decide(rule, tapes, block) == together);
        CHECK(decide(rule, {tapes[3], tapes[1]}, block)[1] == together[1]);
    }
}

TEST_CASE("a rule that was not asked at some bars decides as one that was") {
    const std::vector<Tape> tapes = random_tapes(16);
    RuleState state;
    std::size_t skipping_rules = 0;
    for (const std::string& text : kRules) {
        const PreparedRule rule = prepare(text, long_history());
        CHECK(rule.may_skip() == (text.find(" for ") == std::string::npos));
        if (!rule.may_skip()) continue;
        ++skipping_rules;
        const auto asked = decide(rule, tapes, state), skipped = decide(rule, tapes, state, 90);
        for (std::size_t i = 0; i < tapes.size(); ++i) {
            CHECK(std::equal(asked[i].begin() + 90, asked[i].end(), skipped[i].begin() + 90));
        }
    }
    CHECK(skipping_rules == 4);
}

TEST_CASE("of two events with one name the earlier counts") {
    const std::vector<Event> events{{"FOMC", kEntry + std::chrono::minutes(10)}, {"FOMC", kEntry}};
    RuleState state;
    const PreparedRule rule(parse_rule("event(FOMC)", place(), kNames), kQuotes, {}, events);
    CHECK(decide(rule, {vix_tape({20.0})}, state)[0][0]);
}

TEST_CASE("every word of the vocabulary has a line of help") {
    for (const Word& word : rule_vocabulary(kNames).words) CHECK(!word.help.empty());
}

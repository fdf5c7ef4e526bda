#include <catch2/catch.hpp>

#include "tape.h"

using namespace volstorm;
using namespace volstorm::test;

namespace {

bool is_in(const std::vector<PriceBox>& boxes, double spx, double vix, double room) {
    for (const PriceBox& box : boxes) {
        const auto within = [&](const PriceRange& range, double price) {
            return price >= range.low * (1.0 - room) && price <= range.high * (1.0 + room);
        };
        if (within(box.spx, spx) && within(box.vix, vix)) return true;
    }
    return false;
}

// One reading of a rule on a path that stands at the entry, and its bounds there.
struct Reading {
    explicit Reading(const std::string& text) : rule(prepare(text, long_history())) {
        rule.reset(1, state);
        rule.skip({.time = kEntry, .paths = 1, .spx = &kQuotes.spx, .vix = &kQuotes.vix}, state);
        boxes = rule.bounds(state);
    }
    bool fires(double spx, double vix) {
        std::uint8_t flag = 0;
        rule.ask({.time = kEntry + std::chrono::minutes(5), .paths = 1, .spx = &spx, .vix = &vix}, state, &flag);
        return flag == 1;
    }
    PreparedRule rule;
    RuleState state;
    std::vector<PriceBox> boxes;
};

template <class Use>
void for_prices(const Use& use) {
    for (double spx = 5700.0; spx < 6300.0; spx *= 1.0007) {
        for (double vix = 9.0; vix < 60.0; vix *= 1.011) use(spx, vix);
    }
}

}  // namespace

TEST_CASE("a rule of simple comparisons is true inside its bounds and nowhere else") {
    for (const char* text :
         {"vix > 22", "22 <= 30 and vix_change <= 3", "rsi(vix, 14) > 60 and spx_day_return < 0",
          "spx_return > 0 or spx_return < -0.015", "macd_histogram(spx, 12, 26, 9) < 0 and sma(vix, 20) >= 19",
          "(vix > 25 or spx < 5900) and (vix < 40 or spx > 6100)", "vix_day_change > 0.5 and vix_day_change < 0.1"}) {
        Reading reading(text);
        CAPTURE(text);
        REQUIRE(reading.rule.reads_one_bar());
        const bool sees_all = std::string(text).starts_with("22");  // a literal on the left is not followed
        for_prices([&](double spx, double vix) {
            const bool fires = reading.fires(spx, vix);
            if (fires) REQUIRE(is_in(reading.boxes, spx, vix, 0.0));
            if (!fires && !sees_all) REQUIRE(!is_in(reading.boxes, spx, vix, -1e-7));
        });
    }
}

TEST_CASE("no rule is true outside its bounds") {
    for (const char* text : {"not vix > 22", "vix * vix > 500 and spx < 6000", "event(FOMC) or vix > 30",
                             "minutes() > 3 and vix > 30", "vix > sma(vix, 20)", "vix == 20", "spx > 5900 and false",
                             "vix > 10 and vix < 12 or vix > 14 and vix < 16 or vix > 18 and vix < 20 or vix > 22 and "
                             "vix < 24 or vix > 30"}) {
        Reading reading(text);
        CAPTURE(text);
        for_prices([&](double spx, double vix) {
            if (reading.fires(spx, vix)) REQUIRE(is_in(reading.boxes, spx, vix, 0.0));
        });
    }
}

TEST_CASE("the bounds of a rule with `for` hold what it counts, whatever else must be true") {
    const Reading reading("(vix > 22 for 3 bars) and spx < 5900");
    CHECK(reading.rule.may_screen());
    CHECK(!reading.rule.reads_one_bar());
    CHECK(is_in(reading.boxes, 6000.0, 23.0, 0.0));
    CHECK(!is_in(reading.boxes, 6000.0, 21.0, 0.0));
    CHECK(!prepare("not (vix > 22 for 3 bars)").may_screen());
    CHECK(!prepare("rsi(vix.bar, 5) > 60").may_screen());
}

TEST_CASE("bars outside the bounds end a run") {
    const PreparedRule rule = prepare("vix > 22 for 2 bars");
    RuleState state;
    rule.reset(1, state);
    const auto fires = [&](double vix) {
        std::uint8_t flag = 0;
        rule.evaluate({.time = kEntry, .paths = 1, .spx = &kQuotes.spx, .vix = &vix}, state, &flag);
        return flag == 1;
    };
    CHECK(!fires(23.0));
    CHECK(fires(23.0));
    rule.pass_outside(state);
    CHECK(!fires(23.0));
    CHECK(fires(23.0));
}

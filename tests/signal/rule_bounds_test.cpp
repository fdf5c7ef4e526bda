#include <array>
#include <catch2/catch.hpp>
#include <random>

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

constexpr std::array<std::size_t, 1> kFirst{0};

// One reading of a rule on a path that stands at the entry, and its bounds there.
struct Reading {
    explicit Reading(const std::string& text) : rule(prepare(text, long_history())) {
        rule.reset(1, state);
        rule.reset(1, columns);
        rule.skip({.time = kEntry, .paths = 1, .spx = &kQuotes.spx, .vix = &kQuotes.vix}, state);
        boxes = rule.bounds(state);
    }
    bool fires(double spx, double vix) {
        std::uint8_t flag = 0;
        rule.ask_few({.time = kEntry + std::chrono::minutes(5), .paths = 1, .spx = &spx, .vix = &vix}, kFirst, state,
                     columns, state, &flag);
        return flag == 1;
    }
    PreparedRule rule;
    RuleState state, columns;
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
    RuleState state, before;
    rule.reset(1, state);
    const auto fires = [&](double vix) {
        std::uint8_t flag = 0;
        rule.evaluate({.time = kEntry, .paths = 1, .spx = &kQuotes.spx, .vix = &vix}, state, &flag);
        return flag == 1;
    };
    CHECK(!fires(23.0));
    CHECK(fires(23.0));
    rule.pass_outside(state, before);
    CHECK(!fires(23.0));
    CHECK(fires(23.0));
}

TEST_CASE("a few paths asked about say what they say among all") {
    constexpr std::size_t paths = 40, room = 48;
    const PreparedRule rule = prepare("vix > 22 for 3 bars or (vix > 24 or spx < 5900) for 2 bars");
    RuleState all, state, before, columns;
    rule.reset(paths, all);
    rule.reset(paths, state);
    rule.reset(room, columns);
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    int fired = 0;
    for (int bar = 0; bar < 60; ++bar) {
        std::vector<double> spx(paths), vix(paths), few_spx(room), few_vix(room);
        std::vector<std::size_t> few;
        for (std::size_t i = 0; i < paths; ++i) {
            spx[i] = 5960.0 + 40.0 * normal(random), vix[i] = 21.5 + 2.0 * normal(random);
            if (bar % 7 == 6) spx[i] = 6000.0, vix[i] = 20.0;  // no path at all
            if (!(vix[i] > 22.0 || spx[i] < 5900.0)) continue;
            few_spx[few.size()] = spx[i], few_vix[few.size()] = vix[i];
            few.push_back(i);
        }
        std::vector<std::uint8_t> of_all(paths), of_few(room);
        rule.evaluate({.time = kEntry, .paths = paths, .spx = spx.data(), .vix = vix.data()}, all, of_all.data());
        if (bar % 5 == 4) {  // in turn with bars at which all are asked
            rule.evaluate({.time = kEntry, .paths = paths, .spx = spx.data(), .vix = vix.data()}, state, of_few.data());
            continue;
        }
        rule.pass_outside(state, before);
        rule.ask_few({.time = kEntry, .paths = room, .spx = few_spx.data(), .vix = few_vix.data()}, few, before,
                     columns, state, of_few.data());
        CAPTURE(bar);
        for (std::size_t i = 0, j = 0; i < paths; ++i) {
            const bool is_few = j < few.size() && few[j] == i;
            CHECK((is_few ? of_few[j] : 0) == of_all[i]);
            j += is_few ? 1 : 0;
            fired += of_all[i];
        }
    }
    CHECK(fired > 100);
}

#include <catch2/catch.hpp>

#include "volstorm/hedge/account.h"
#include "volstorm/hedge/layer.h"

using namespace volstorm;

namespace {

std::vector<LayerSpec> read(const std::string& text) {
    return read_layers(Table::parse(text, "test.toml"), {{"FOMC", at(make_date(2025, 6, 18), 14, 0)}});
}

LayerSpec read_one(const std::string& body) { return read("[[layer]]\nname = \"first\"\n" + body).at(0); }

const std::string kCall = "instrument = { type = \"vix_call\", days = 30, delta = 0.50 }\n";
const std::string kSize = "size = { contracts = 2 }\n";

// What the refusal says after its place.
std::string refusal(const std::string& body) {
    try {
        read_one(body);
    } catch (const InputError& error) {
        CHECK(error.where().file == "test.toml");
        CHECK(error.where().line > 0);
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a layer has the terms that were written") {
    const LayerSpec layer = read_one(
        "instrument = { type = \"vix_call_spread\", days = 45, moneyness = 1.2, width = 10.0, weekly = true }\n"
        "size = { budget = 0.1, of = \"equity\", whole = false }\n"
        "open = \"event(FOMC)\"\nclose = \"hold\"\ndelay = 1\n");
    CHECK(layer.name == "first");
    CHECK(layer.instrument == "vix_call_spread");
    CHECK(layer.kind.is_spread);
    CHECK(layer.days == 45);
    CHECK(layer.weekly);
    CHECK(layer.strike_rule == StrikeRule::moneyness);
    CHECK(layer.strike_value == 1.2);
    CHECK(layer.width == 10.0);
    CHECK_FALSE(layer.contracts);
    CHECK(layer.budget == 0.1);
    CHECK(layer.base == BudgetBase::equity);
    CHECK_FALSE(layer.whole);
    CHECK(layer.open);
    CHECK(layer.close == CloseRule::hold);
    CHECK(layer.delay == 1);
    CHECK(layer.needs_bars());
}

TEST_CASE("without rules a layer opens at the entry, is sold at the horizon and needs no bars") {
    const LayerSpec layer = read_one(kCall + kSize);
    CHECK_FALSE(layer.open);
    CHECK(layer.close == CloseRule::horizon);
    CHECK(layer.delay == 0);
    CHECK_FALSE(layer.held);
    CHECK_FALSE(layer.needs_bars());
    CHECK(read_one(kCall + kSize + "close = \"vix > 30\"\n").needs_bars());
}

TEST_CASE("a position already held states its terms in the layer itself") {
    const LayerSpec layer = read_one(
        "instrument = { type = \"vix_call\" }\nstrike = 25.0\nexpiry = 2025-07-16\ncontracts = 5\npaid = 1.20\n");
    CHECK(layer.held);
    CHECK(layer.contracts == 5.0);
    CHECK(layer.paid == 1.20);
    CHECK(layer.expiry == make_date(2025, 7, 16));
    CHECK(layer.strike_rule == StrikeRule::fixed);
    CHECK(layer.strike_value == 25.0);
}

TEST_CASE("what a layer cannot be is refused with the reason") {
    using Catch::Contains;
    CHECK_THAT(refusal(kCall), Contains("layer.first.size"));
    CHECK_THAT(refusal(kSize), Contains("layer.first.instrument"));
    CHECK_THAT(refusal("instrument = { type = \"vix_cal\", days = 30, delta = 0.5 }\n" + kSize),
               Contains("did you mean vix_call?"));
    CHECK_THAT(refusal("instrument = { type = \"vix_call\", days = 30 }\n" + kSize),
               Contains("needs one of delta, points, moneyness or strike"));
    CHECK_THAT(refusal("instrument = { type = \"vix_call\", days = 30, delta = 0.5, points = 1.0 }\n" + kSize),
               Contains("points excludes delta"));
    CHECK_THAT(refusal("instrument = { type = \"vx_future\", days = 30, delta = 0.5 }\n" + kSize),
               Contains("delta does not belong to a future"));
    CHECK_THAT(refusal("instrument = { type = \"vix_call_spread\", days = 30, delta = 0.5 }\n" + kSize),
               Contains("width"));
    CHECK_THAT(refusal("instrument = { type = \"vix_call\", days = 0, delta = 0.5 }\n" + kSize), Contains("[1, 400]"));
    CHECK_THAT(refusal("instrument = { type = \"vix_call\", days = 30, delta = 1.0 }\n" + kSize), Contains("(0, 1)"));
    CHECK_THAT(refusal(kCall + "size = { contracts = 1, budget = 0.1, of = \"credit\" }\n"),
               Contains("size.budget excludes contracts: give one of them"));
    CHECK_THAT(refusal(kCall + "size = { of = \"credit\" }\n"), Contains("needs one of contracts or budget"));
    CHECK_THAT(refusal(kCall + "size = { budget = 0.1 }\n"), Contains("of"));
    CHECK_THAT(refusal(kCall + "size = { budget = 0.1, of = \"maxrisk\" }\n"), Contains("did you mean max_risk?"));
    CHECK_THAT(refusal(kCall + kSize + "open = \"vix >\"\n"), Contains("layer.first.open"));
    CHECK_THAT(refusal(kCall + kSize + "open = \"event(CPI)\"\n"), Contains("CPI"));
    CHECK_THAT(refusal(kCall + kSize + "delay = 2\n"), Contains("[0, 1]"));
    CHECK_THAT(refusal(kCall + kSize + "contracts = 1\n"), Contains("give one of them"));
}

TEST_CASE("a slip of a key that is wanted is named instead of what is missing") {
    const auto named = [](const std::string& body) {
        const std::string text = refusal(body), not_here = " is not a setting here (did you mean ";
        const std::size_t at = text.find(not_here);
        return at == std::string::npos ? text : text.substr(text.rfind(' ', at - 1) + 1);
    };
    const std::string is_no = " is not a setting here (did you mean ", instrument = "layer.first.instrument.";
    CHECK(named("instrument = { type = \"vix_call\", dayz = 5, delta = 0.5 }\n" + kSize) ==
          instrument + "dayz" + is_no + "days?)");
    CHECK(named("instrument = { type = \"vix_call\", expriy = 2025-07-16, delta = 0.5 }\n" + kSize) ==
          instrument + "expriy" + is_no + "expiry?)");
    CHECK(named("instrument = { type = \"vix_call\", days = 5, monyness = 1.1 }\n" + kSize) ==
          instrument + "monyness" + is_no + "moneyness?)");
    CHECK(named(kCall + "size = { budgt = 0.1, of = \"credit\" }\n") == "layer.first.size.budgt" + is_no + "budget?)");
    CHECK(named(kCall + "sizes = { contracts = 1 }\n") == "layer.first.sizes" + is_no + "size?)");
    CHECK(named("instrument = { type = \"vix_call\" }\nstrike = 25.0\nexpiry = 2025-07-16\ncontrats = 5\n") ==
          "layer.first.contrats" + is_no + "contracts?)");
}

TEST_CASE("names of layers are plain, used once, and taken by nothing else") {
    const auto named = [](const std::string& name) { return "[[layer]]\nname = \"" + name + "\"\n" + kCall + kSize; };
    for (const char* name : {"", "First", "a b", "costs", "short_put", "unhedged"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(read(named(name)), InputError);
    }
    CHECK_THROWS_WITH(read(named("a") + named("a")), Catch::Contains("used by another layer"));
    std::string nine;
    for (int i = 0; i < 9; ++i) nine += named(std::string(1, static_cast<char>('a' + i)));
    CHECK_THROWS_WITH(read(nine), Catch::Contains("at most 8"));
}

TEST_CASE("an account without a section has no equity, no interest and the usual margin") {
    const Account account = read_account(Table::parse("", "test.toml"));
    CHECK_FALSE(account.equity);
    CHECK(account.financing_rate == 0.0);
    CHECK(account.vix_future_margin == 0.40);
    CHECK_THROWS_AS(read_account(Table::parse("[account]\nequity = -1.0\n", "test.toml")), InputError);
}

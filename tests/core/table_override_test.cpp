#include <catch2/catch.hpp>

#include "volstorm/core/table.h"

using namespace volstorm;

namespace {

constexpr const char* kText = R"([condor]
expiry = 2025-06-18
levels = [1, 2]
[[layer]]
name = "first"
size = { budget = 0.1, of = "credit" }
[[layer]]
name = "10 % tail"
[[layer]]
name = "twin"
[[layer]]
name = "twin"
[[claim]]
text = "a"
)";

Table with(const std::vector<std::string>& overrides) { return Table::parse(kText, "s.toml", overrides); }

}  // namespace

TEST_CASE("an override is a TOML value, or a bare word") {
    const Table root = with({"a=1", "b=1.5", "c=true", "d=2025-06-19", "e=\"two words\"", "f=heston",
                             "g=models/x-1.toml", "h=[1, 2]", "i={x = 1}", "j = 7 ", "k.l=0x10", "m=''"});
    CHECK(root.integer("a", 0, 9) == 1);
    CHECK(root.number("b", kAny) == 1.5);
    CHECK(root.boolean("c", false));
    CHECK(root.date("d") == make_date(2025, 6, 19));
    CHECK(root.text("e") == "two words");
    CHECK(root.text("f") == "heston");
    CHECK(root.text("g") == "models/x-1.toml");
    CHECK(root.numbers("h", kAny) == std::vector{1.0, 2.0});
    CHECK(root.table("i").integer("x", 0, 9) == 1);
    CHECK(root.integer("j", 0, 9) == 7);
    CHECK(root.table("k").integer("l", 0, 99) == 16);
    CHECK(root.text("m").empty());
}

TEST_CASE("an override reaches elements of arrays of tables by name and by index") {
    const Table root = with({"layer.first.size.budget=0.2", "layer.1.size.budget=0.3", "layer.\"10 % tail\".days=30",
                             "claim.0.text=b", "condor.levels=[]"});
    const auto layers = root.tables("layer");
    CHECK(layers[0].table("size").number("budget", kAny) == 0.2);
    CHECK(layers[0].table("size").text("of") == "credit");
    CHECK(layers[1].table("size").number("budget", kAny) == 0.3);
    CHECK(layers[1].integer("days", 0, 99) == 30);
    CHECK(root.tables("claim")[0].text("text") == "b");
    CHECK(root.table("condor").numbers("levels", kAny).empty());
}

TEST_CASE("overrides apply in their order, and a table or an array replaces the whole") {
    const Table root = with({"condor.width=1", "condor.width=2", "layer=[]"});
    CHECK(root.table("condor").integer("width", 0, 9) == 2);
    CHECK(root.table("condor").date("expiry") == make_date(2025, 6, 18));
    CHECK(root.tables("layer").empty());
}

TEST_CASE("a table given to --set replaces the one that is there, and reads back so") {
    const Table root = with({"condor={wing=3}", "layer.first.size={contracts=2}", "layer.1={name='second'}"});
    CHECK(root.table("condor").keys() == std::vector<std::string>{"wing"});
    CHECK(root.tables("layer")[0].table("size").keys() == std::vector<std::string>{"contracts"});
    CHECK(root.tables("layer")[1].keys() == std::vector<std::string>{"name"});
    const Table again = Table::parse(root.effective_text(), "again.toml");
    CHECK(again.table("condor").keys() == std::vector<std::string>{"wing"});
    CHECK(again.tables("layer")[0].table("size").integer("contracts", 0, 9) == 2);
}

TEST_CASE("an empty value takes the key away, also from the effective text") {
    const Table root = with({"condor.levels=", "layer.first.size.budget= ", "layer.1=", "claim="});
    CHECK(root.table("condor").keys() == std::vector<std::string>{"expiry"});
    CHECK(root.tables("layer").size() == 3);
    CHECK(root.tables("layer")[0].table("size").keys() == std::vector<std::string>{"of"});
    CHECK_FALSE(root.has("claim"));
    const std::string text = root.effective_text();
    for (const char* gone : {"levels", "budget", "10 % tail", "claim"}) CHECK(text.find(gone) == std::string::npos);
    CHECK(with({"condor.expiry=", "condor.expiry=2025-06-20"}).table("condor").date("expiry") ==
          make_date(2025, 6, 20));
}

TEST_CASE("what begins as a number and is no TOML is a slip unless it is a path or a word") {
    const Table root = with({"a=2024-12-17.csv", "b=3/closes", "c=1st", "d=-x"});
    CHECK(root.text("a") == "2024-12-17.csv");
    CHECK(root.text("b") == "3/closes");
    CHECK(root.text("c") == "1st");
    CHECK(root.text("d") == "-x");
    const std::vector<std::pair<std::string, std::string>> slips{
        {"condor.expiry=2024-02-30", "the value is not TOML: expected day between 1 and 29"},
        {"condor.expiry=2024-02-30T10:00:00", "expected day between 1 and 29"},
        {"seed=18446744073709551616", "64 bits"},
        {"x=1e400", "1e400"},
        {"x=1.5.2", "the value is not TOML: "},
        {"x=-1-", "the value is not TOML: "},
    };
    for (const auto& [option, reason] : slips) {
        CAPTURE(option);
        CHECK_THROWS_WITH(with({option}), Catch::Matchers::StartsWith("--set " + option + ": ") &&
                                              Catch::Matchers::Contains(reason) &&
                                              !Catch::Matchers::Contains("a word, or text in quotes"));
    }
}

TEST_CASE("a wrong override is refused with itself as the place") {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"condor.short_delta=[", "the value is not TOML"},
        {"condor.levls=", "there is no condor.levls to take away (did you mean levels?)"},
        {"condr.levels=", "there is no condr to take away (did you mean condor?)"},
        {"title=", "there is no title to take away"},
        {"layer.third=", "no layer is named third"},
        {"condor.expiry.day=", "condor.expiry is a date, which has no key of its own"},
        {"condor.short_delta=a b", "the value is not TOML"},
        {"a.close=vix > 30", "or text in quotes: --set 'a.close=\"vix > 30\"'"},
        {"a.time=2024-12-17T16:00", "a time 2024-12-17T16:00:00"},
        {"a=1\nb=2", "the value is not TOML"},
        {"a=1\n[b]", "the value is not TOML"},
        {"condor", "expected key=value"},
        {"", "expected key=value"},
        {"=1", "expected key=value, with a key such as condor.short_delta"},
        {"a..b=1", "expected key=value, with a key"},
        {"a b=1", "expected key=value, with a key"},
        {"[a]\nb=1", "expected key=value, with a key"},
        {"[a]#=1", "expected key=value, with a key"},
        {"#a=1", "expected key=value, with a key"},
        {"layer.third.x=1", "no layer is named third (there is first, 10 % tail, twin, twin)"},
        {"layer.7.x=1", "no layer is named 7"},
        {"layer.-1.x=1", "no layer is named -1"},
        {"claim.a.text=b", "no claim is named a (there is 0)"},
        {"layer.twin.x=1", "more than one layer is named twin"},
        {"layer.first=1", "layer.first is a table, not a value"},
        {"condor.expiry.day=1", "condor.expiry is a date, which has no key of its own"},
        {"condor.levels.0=1", "condor.levels is an array, which has no key of its own"},
        {"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r=1", "expected key=value, with a key"},
        {"a.b.c.d.e.f.g.h.i.j.k.l.m=[[[[[[1]]]]]]", "the value is not TOML"},
    };
    for (const auto& [option, fragment] : wrong) {
        CAPTURE(option);
        try {
            with({option});
            FAIL("accepted");
        } catch (const InputError& error) {
            CHECK(error.where().line == 0);
            CHECK(std::string(error.what()).starts_with("--set " + option.substr(0, option.find('\n'))));
            CHECK_THAT(error.what(), Catch::Matchers::Contains(fragment));
        }
    }
}

TEST_CASE("an unknown key is refused also where --set made it") {
    const Table root = with({"condor.short_detla=0.1"});
    root.tables("layer");
    root.table("condor").number("short_delta", kAny, 0.1);
    root.table("condor").date("expiry");
    root.table("condor").numbers("levels", kAny);
    root.tables("claim")[0].text("text");
    for (const Table& layer : root.tables("layer")) layer.text("name"), layer.has("size") ? layer.toml("size") : "";
    CHECK_THROWS_WITH(root.finish(),
                      "--set condor.short_detla=0.1: condor.short_detla is not a setting here (did you mean "
                      "short_delta?)");
}

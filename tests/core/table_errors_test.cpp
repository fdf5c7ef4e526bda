#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>

#include "volstorm/core/table.h"

using namespace volstorm;

namespace {

constexpr std::array<std::string_view, 2> kModels{"heston", "bates"};

/// A reader of everything that the cases below get wrong; each key is read only where it is there.
void read_scenario(const Table& root) {
    root.text("title", "none");
    if (const auto condor = root.table_if("condor")) {
        condor->date("expiry");
        condor->number("short_delta", kOpenUnitInterval, 0.15);
        condor->integer("contracts", 1, 1000, 1);
    }
    if (const auto market = root.table_if("market")) {
        market->date_time("time");
        market->number("spx", kPositive, 5000.0);
        market->number("rate", kAny, 0.0);
        if (market->has("history")) market->file("history");
    }
    if (const auto sampling = root.table_if("sampling")) {
        sampling->integer("seed", 0, std::numeric_limits<std::int64_t>::max(), 0);
        sampling->boolean("antithetic", false);
        if (sampling->has("levels")) sampling->numbers("levels", kOpenUnitInterval);
        sampling->choice("model", kModels, "heston");
    }
    for (const Table& layer : root.tables("layer")) layer.text("name");
    root.finish();
}

/// What the reader says of the text; empty where it says nothing.
std::string complaint(const std::string& text) {
    try {
        read_scenario(Table::parse(text, "s.toml"));
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

struct Case {
    std::string text;
    std::string place;     // what the message begins with
    std::string fragment;  // and what it holds
};

std::string condor(const std::string& line) {
    return std::string("[condor]\nexpiry = 2025-06-18\n").append(line).append("\n");
}
std::string market(const std::string& line) {
    return std::string("[market]\ntime = 2025-06-17T15:45:00\n").append(line).append("\n");
}
std::string sampling(const std::string& line) { return std::string("[sampling]\n  ").append(line).append("\n"); }

std::string repeated(const std::string& part, int times, std::string text = "") {
    for (int i = 0; i < times; ++i) text += part;
    return text;
}

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        // Keys that are unknown or missing.
        {condor("short_detla = 0.1"),
         "s.toml:3:1: ", "condor.short_detla is not a setting here (did you mean short_delta?)"},
        {condor("colour = 1"), "s.toml:3:1: ", "condor.colour is not a setting here"},
        {"[condr]\na = 1\n", "s.toml:1:2: ", "condr is not a setting here (did you mean condor?)"},
        {"x = 1\n[b.c]\n", "s.toml:1:1: ", "x is not a setting here"},
        {"[market]\ntime = 2025-06-17T15:45:00\nextra.deep.key = 1\n",
         "s.toml:3:1: ", "market.extra is not a setting here"},
        {"[[layer]]\nname = 'a'\n[[layer]]\nname = 'b'\n  nmae = 1\n",
         "s.toml:5:3: ", "layer.b.nmae is not a setting here (did you mean name?)"},
        {"\"tit le\" = 1\n", "s.toml:1:1: ", "\"tit le\" is not a setting here (did you mean title?)"},
        {"[condor]\n", "s.toml:1:1: ", "condor.expiry is missing (a date such as 2025-06-18"},
        {"\n\n  [market]\n", "s.toml:3:3: ", "market.time is missing (a date and time such as 2025-06-18T14:00:00"},
        {"[[layer]]\nname = 'a'\n[[layer]]\n", "s.toml:3:1: ", "layer.1.name is missing (text in quotes)"},
        {"[condor]\n  expriy = 2025-06-18\n",
         "s.toml:2:3: ", "condor.expriy is not a setting here (did you mean expiry?)"},
        {"[market]\nspx = 5000.0\ntme = 2025-06-17T15:45:00\n",
         "s.toml:3:1: ", "market.tme is not a setting here (did you mean time?)"},
        {"[[layer]]\nname = 'a'\n[[layer]]\nnam = 'b'\n",
         "s.toml:4:1: ", "layer.1.nam is not a setting here (did you mean name?)"},
        {"[condor]\ncolour = 1\n", "s.toml:1:1: ", "condor.expiry is missing (a date such as 2025-06-18"},
        // Values of the wrong kind.
        {condor("contracts = \"ten\""), "s.toml:3:13: ", "condor.contracts is a string, expected a whole number"},
        {condor("contracts = 2.5"), "s.toml:3:13: ", "condor.contracts is 2.5, expected a whole number"},
        {condor("short_delta = true"), "s.toml:3:15: ", "is a boolean, expected a number in (0, 1)"},
        {condor("short_delta = [0.1]"), "s.toml:3:15: ", "is an array, expected a number"},
        {condor("short_delta = {}"), "s.toml:3:15: ", "is a table, expected a number"},
        {"title = 3\n", "s.toml:1:9: ", "title is a whole number, expected text in quotes"},
        {"title = 3.5\n", "s.toml:1:9: ", "title is a number, expected text in quotes"},
        {"condor = 3\n", "s.toml:1:10: ", "condor is a whole number, expected a table"},
        {"[[condor]]\n",
         "s.toml:1:1: ", "condor stands in [[condor]], but more than one is not there yet: write [condor]"},
        {"[layer]\nname = 'a'\n", "s.toml:1:1: ", "layer is a table, expected tables headed [[layer]]"},
        {"layer = [1, 2]\n", "s.toml:1:9: ", "layer is an array, expected tables headed [[layer]]"},
        {sampling("antithetic = 1"), "s.toml:2:16: ", "sampling.antithetic is a whole number, expected true or false"},
        {sampling("levels = 0.9"), "s.toml:2:12: ", "expected a list of numbers such as [0.95, 0.99]"},
        {sampling("levels = [0.9, 'a']"),
         "s.toml:2:18: ", "sampling.levels.1 is a string, expected a number in (0, 1)"},
        {sampling("model = \"hesto\""),
         "s.toml:2:11: ", "is \"hesto\", expected one of heston, bates (did you mean heston?)"},
        {sampling("model = \"sabr\""), "s.toml:2:11: ", "sampling.model is \"sabr\", expected one of heston, bates"},
        // Values out of bounds.
        {condor("short_delta = 1.5"), "s.toml:3:15: ", "condor.short_delta is 1.5, outside (0, 1)"},
        {condor("contracts = 0"), "s.toml:3:13: ", "condor.contracts is 0, outside [1, 1000]"},
        {condor("contracts = 1e16"), "s.toml:3:13: ", "condor.contracts is 1e+16, too large"},
        {condor("contracts = nan"), "s.toml:3:13: ", "condor.contracts is nan, expected a whole number"},
        {market("spx = -1"), "s.toml:3:7: ", "market.spx is -1, must be above 0"},
        {market("spx = nan"), "s.toml:3:7: ", "market.spx is nan, not finite"},
        {market("rate = -inf"), "s.toml:3:8: ", "market.rate is -inf, not finite; expected a number"},
        {sampling("levels = [0.9,\n 1.0]"), "s.toml:3:2: ", "sampling.levels.1 is 1.0, outside (0, 1)"},
        {sampling("seed = -1"), "s.toml:2:10: ", "sampling.seed is -1, must be at least 0"},
        // Dates and times.
        {"[condor]\nexpiry = \"2025-06-18\"\n",
         "s.toml:2:10: ", "is a string, expected a date such as 2025-06-18, without quotes"},
        {"[condor]\nexpiry = 2025-06-18T10:00:00\n", "s.toml:2:10: ", "is a date and time, expected a date"},
        {"[condor]\nexpiry = 1850-01-01\n", "s.toml:2:10: ", "is 1850-01-01, outside the years 1900 to 2200"},
        {"[condor]\nexpiry = 2025-02-30\n", "s.toml:2:", "not valid TOML"},
        {"[market]\ntime = 2025-06-18\n",
         "s.toml:2:8: ", "is a date, expected a date and time such as 2025-06-18T14:00:00"},
        {"[market]\ntime = 15:45:00\n", "s.toml:2:8: ", "is a time of day, expected a date and time"},
        {"[market]\ntime = 2025-06-18T14:00:00Z\n", "s.toml:2:8: ", "has an offset from UTC; write New York's clock"},
        {"[market]\ntime = 2025-06-18T14:00:00.5\n", "s.toml:2:8: ", "expected whole seconds"},
        // Files.
        {market("history = \"no/such.csv\""),
         "s.toml:3:11: ", "market.history is \"no/such.csv\": no such file no/such.csv"},
        {market("history = \"/tmp\""), "s.toml:3:11: ", "market.history is \"/tmp\": not a file"},
        {market("history = \"a\\u0000b\""), "s.toml:3:11: ", "no such file"},
        {market("history = \"\""), "s.toml:3:11: ", "no such file"},
        {"extends = 3\n", "s.toml:1:11: ", "extends is a whole number, expected a file name in quotes"},
        {"extends = \"no_such.toml\"\n", "s.toml:1:11: ", "extends no_such.toml: no such file"},
        {"extends = \"/tmp\"\n", "s.toml:1:11: ", "extends /tmp: a folder, not a file"},
        // Text that is not TOML.
        {"a = \n", "s.toml:1:", "not valid TOML: "},
        {"a = 1\na = 2\n", "s.toml:2:", "not valid TOML: "},
        {"a b = 1\n", "s.toml:1:3: ", "not valid TOML: expected '=', saw 'b' (while reading a key-value pair)"},
        {"a = 1e400\n", "s.toml:1:", "not valid TOML: "},
        {"a = 99999999999999999999\n", "s.toml:1:", "not valid TOML: "},
        {"a = \"open\nb = 1\n", "s.toml:1:5: ", "this string has no end on its line"},
        {"a = 1\nb = \"\"\"open\n\n", "s.toml:2:5: ", "this string has no end"},
        {"a = 'x\\'\nb = '", "s.toml:2:5: ", "this string has no end on its line"},
        {"[!]", "s.toml:1:2: ", "a table header needs a name"},
        {"[a\nb = 1\n", "s.toml:1:1: ", "this table header has no ] on its line"},
        {"x = 1\n[[a]\nb = 1\n", "s.toml:2:1: ", "this table header has no ] on its line"},
        {"[a", "s.toml:1:1: ", "this table header has no ] on its line"},
        {"\n [[ ]]", "s.toml:2:5: ", "a table header needs a name"},
        {"[", "s.toml:1:2: ", "a table header needs a name"},
        {"[\xCA\xA2\n", "s.toml:1:2: ", "a table header needs a name"},
        {"caf\xC3\xA9 = 1", "s.toml:1:4: ", "a character beyond ASCII may stand only in quotes and comments"},
        {"a = 1 # caf\xE9\n", "s.toml:1:12: ", "the byte 0xE9 is not valid UTF-8"},
        {"a = \"\xED\xA0\x80\"", "s.toml:1:6: ", "the byte 0xED is not valid UTF-8"},
        {"# \xC3\xA9\xC3\xA9 \x01\n", "s.toml:1:6: ", "the control byte 0x01 is not allowed"},
        {std::string("a = 1\n\0", 7), "s.toml:2:1: ", "the control byte 0x00 is not allowed"},
        {"a = 1\rb = 2", "s.toml:1:6: ", "a carriage return without a line feed"},
        {"\x05[a", "s.toml:1:1: ", "the control byte 0x05 is not allowed"},
        {repeated("a.", 100'000) + "a = 1", "s.toml:1:34: ", "more than 16 dots in one key"},
        {repeated("a .\t", 100'000, "[") + "a]", "s.toml:1:68: ", "more than 16 dots in one key"},
        {repeated("'a'.", 100'000, "[") + "a]", "s.toml:1:69: ", "more than 16 dots in one key"},
        {repeated("[", 5000, "a = ") + repeated("]", 5000),
         "s.toml:1:21: ", "more than 16 brackets inside one another"},
        {repeated("{b=", 5000, "a = "), "s.toml:1:53: ", "more than 16 brackets inside one another"},
        {repeated("a.", 10, "[") + "a]\n" + repeated("b.", 10) + "b = 1", "s.toml:2:", "nested more than 16 deep"},
        {"a = 1\"caf\xC3\xA9\"", "s.toml:1:6: ", "a quote or bracket in the middle of a value or key"},
        {"a = 2025-06-18 \"\xC3\xA9\"", "s.toml:1:16: ", "a quote or bracket in the middle of a value or key"},
        {"a = 1.\"\xC3\xA9\"", "s.toml:1:7: ", "a quote or bracket in the middle of a value or key"},
        {"a = [1.\"\xC3\xA9\"]", "s.toml:1:8: ", "a quote or bracket in the middle of a value or key"},
        {"a = 1[\"\xC3\xA9\"]", "s.toml:1:6: ", "a quote or bracket in the middle of a value or key"},
        {"a = 1=\"\xC3\xA9\"", "s.toml:1:6: ", "an = where no key stands before it"},
        {"a = \"\"\"\\\n  \xC3\xA9\"\"\"", "s.toml:2:3: ", "a backslash cannot stand before a character beyond ASCII"},
        {"a = \"\"\"\\\xC3\xA9\"\"\"", "s.toml:1:9: ", "a backslash cannot stand before a character beyond ASCII"},
        {std::string((1 << 20) + 1, '\n'), "s.toml: ", "larger than 1 MiB"},
    };
    return all;
}

}  // namespace

TEST_CASE("each wrong text is refused at its place with what would be right") {
    REQUIRE(cases().size() > 40);
    for (const Case& wrong : cases()) {
        CAPTURE(wrong.text.substr(0, 200));
        const std::string message = complaint(wrong.text);
        CHECK(message.substr(0, wrong.place.size()) == wrong.place);
        CHECK_THAT(message, Catch::Matchers::Contains(wrong.fragment));
    }
}

TEST_CASE("where one of several keys is wanted, a slip of any of them is named, else all of them") {
    const auto message = [](const std::string& text) {
        const Table root = Table::parse(text, "s.toml");
        root.has("short_points");
        CHECK_THROWS_AS(root.fail_needs_one_of({"short_delta", "short_sd", "short_points"}), InputError);
        try {
            root.fail_needs_one_of({"short_delta", "short_sd", "short_points"});
        } catch (const InputError& error) {
            return std::string(error.what());
        }
    };
    CHECK(message("wing = 25\nshort_sdd = 1.2\n") ==
          "s.toml:2:1: short_sdd is not a setting here (did you mean short_sd?)");
    CHECK(message("wing = 25\n") == "s.toml:1:1: needs one of short_delta, short_sd or short_points");
    // What was asked for already is no slip, however near.
    CHECK(message("short_points = 25\n") == "s.toml:1:1: needs one of short_delta, short_sd or short_points");
}

TEST_CASE("a message about hostile text is short and cannot steer the terminal") {
    const std::string message = complaint("title = \"x\"\n\"\\u001b[31m" + std::string(10'000, 'k') + "\" = 1\n");
    CHECK(message.size() < 200);
    CHECK(message.find('\x1b') == std::string::npos);
}

TEST_CASE("what the scan must let pass") {
    for (const std::string& text : {
             std::string("\xEF\xBB\xBF# with a byte order mark\r\ntitle = \"caf\xC3\xA9 [[[[[[[[[[[[[[[[[[[[ "
                         "\xE2\x82\xAC\"\r\n"),
             std::string("title = '''\n\"\"\" ' '' a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v '''''\n"),
             std::string("title = \"\"\"a \\\"\"\" # no comment\\\\\"\"\"\"\"\n[condor] # ['\nexpiry = 2025-06-18"),
             std::string("title = \"\"\n"),
             std::string("title = \"\"\"a \\\r\n   b \xC3\xA9\"\"\" # \xC3\xA9\n"),
             std::string("title = ''\n [ condor ] \n expiry = 2025-06-18\n"),
             sampling("levels = [" + repeated("0.5, ", 100) + "]"),
             std::string(1 << 20, '\n'),
             std::string(),
         }) {
        CAPTURE(text.substr(0, 200));
        CHECK(complaint(text).empty());
    }
}

TEST_CASE("a missing file is named with nothing but its path") {
    CHECK_THROWS_WITH(Table::load("no_such_folder/x.toml"), "no_such_folder/x.toml: no such file");
    CHECK_THROWS_WITH(Table::load("/tmp"), "/tmp: a folder, not a file");
    CHECK_THROWS_WITH(Table::load("/etc/passwd/x.toml"), "/etc/passwd/x.toml: no such file");
}

TEST_CASE("a pipe or device is refused at once, and a refusal of the system is an error of input and output") {
    const auto pipe = std::filesystem::temp_directory_path() / ("volstorm_pipe_" + std::to_string(::getpid()));
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THROWS_WITH(Table::load(pipe), pipe.string() + ": a pipe or device, not a file");
    CHECK_THROWS_WITH(Table::parse("extends = \"" + pipe.string() + "\"\n", "s.toml"),
                      "s.toml:1:11: extends " + pipe.string() + ": a pipe or device, not a file");
    std::filesystem::remove(pipe);
    CHECK_THROWS_WITH(Table::load("/dev/zero"), "/dev/zero: a pipe or device, not a file");
    const std::string long_name(300, 'x');
    CHECK_THROWS_AS(Table::load(long_name), IoError);
    CHECK_THROWS_WITH(Table::load(long_name), long_name + ": cannot be read: File name too long");
    CHECK_THROWS_WITH(Table::load("/proc/self/mem"), "/proc/self/mem: cannot be read: Input/output error");
}

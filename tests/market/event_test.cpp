#include "volstorm/market/event.h"

#include <catch2/catch.hpp>
#include <string>

#include "volstorm/core/error.h"
#include "volstorm/core/table.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

std::vector<Event> read(const std::string& text) {
    const Table table = Table::parse(text, "test.toml");
    std::vector<Event> events = read_events(table);
    table.finish();
    return events;
}

std::string cpi_with(const std::string& line) {
    return "[[event]]\nname = \"CPI\"\ntime = 2025-06-11T08:30:00\nspx_move_sd = 0.009\n" + line + "\n";
}

}  // namespace

TEST_CASE("a scenario without events has none") { CHECK(read("").empty()); }

TEST_CASE("events come in order of time with every field") {
    const std::vector<Event> events = read(R"(
[[event]]
name = "FOMC"
time = 2025-06-18T14:00:00
spx_move_sd = 0.0075
physical_sd = 0.006
physical_mean = 0.001
variance_drop = 0.1
[[event]]
name = "CPI"
time = 2025-06-11T08:30:00
spx_move_sd = 0.009
)");
    REQUIRE(events.size() == 2);
    CHECK(events[0].name == "CPI");
    CHECK(events[1].name == "FOMC");
    CHECK(events[1].time == at(make_date(2025, 6, 18), 14, 0));
    CHECK(events[1].spx_move_sd == 0.0075);
    CHECK(events[1].physical_sd == 0.006);
    CHECK(events[1].physical_mean == 0.001);
    CHECK(events[1].variance_drop == 0.1);
}

TEST_CASE("the physical move of an event is by default its pricing move") {
    const Event event = read(cpi_with("")).at(0);
    CHECK(event.physical_sd == 0.009);
    CHECK(event.physical_mean == Approx(-0.5 * 0.009 * 0.009).epsilon(1e-15));
    CHECK(event.variance_drop == 0.0);
    CHECK(read(cpi_with("physical_sd = 0.01")).at(0).physical_mean == Approx(-5e-5).epsilon(1e-15));
}

TEST_CASE("events at one time keep the order of the file") {
    const std::vector<Event> events = read(cpi_with("") + R"([[event]]
name = "claims"
time = 2025-06-11T08:30:00
spx_move_sd = 0.001
)");
    REQUIRE(events.size() == 2);
    CHECK(events[0].name == "CPI");
    CHECK(events[1].name == "claims");
}

TEST_CASE("an event out of bounds, unnamed or named twice is refused at its place") {
    CHECK_THROWS_WITH(read(cpi_with("") + cpi_with("")), Contains("test.toml:7:") && Contains("used twice"));
    CHECK_THROWS_WITH(read(cpi_with("physical_sd = 0.21")), Contains("test.toml:5:") && Contains("[0, 0.2]"));
    CHECK_THROWS_AS(read(cpi_with("variance_drop = 1.0")), InputError);
    CHECK_THROWS_AS(read("[[event]]\nname = \"CPI\"\ntime = 2025-06-11T08:30:00\n"), InputError);
    CHECK_THROWS_WITH(read("[[event]]\nname = \"\"\ntime = 2025-06-11T08:30:00\nspx_move_sd = 0.01\n"),
                      Contains("empty"));
    CHECK_THROWS_WITH(read("[[event]]\nname = \"CPI\"\ntime = 2028-06-11T08:30:00\nspx_move_sd = 0.01\n"),
                      Contains("test.toml:3:") && Contains("2015 to 2027"));
}

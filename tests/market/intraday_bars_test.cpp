#include "volstorm/market/intraday_bars.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "core/temporary_folder.h"
#include "volstorm/core/error.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

// Bars from 09:25 to 16:00 of a session whose 09:30 is this moment of UTC; `missing` is left out.
std::string bars(std::int64_t open_utc, double level, int missing = -1) {
    std::string text;
    for (int bar = -1; bar <= 78; ++bar) {
        if (bar == missing) continue;
        const double price = level + bar;
        text += std::to_string(open_utc + 300 * bar) + "," + std::to_string(price) + ",9,1," +
                std::to_string(price + 0.5) + ",7\n";
    }
    return text;
}

constexpr std::int64_t kWinter = 1'736'346'600;  // 2025-01-08 14:30 UTC
constexpr std::int64_t kSummer = 1'750'167'000;  // 2025-06-17 13:30 UTC
std::vector<IntradaySession> read(const std::string& text) {
    const TemporaryFolder folder;
    std::ofstream(folder / "x.csv", std::ios::binary) << text;
    return read_intraday(folder / "x.csv");
}

const std::string kHead = "time,open,high,low,close,Volume\n";

}  // namespace

TEST_CASE("five-minute bars become sessions of New York, in winter and in summer") {
    const auto sessions = read(kHead + bars(kWinter, 6000.0) + bars(kSummer, 6100.0));
    REQUIRE(sessions.size() == 2);
    CHECK((sessions[0].date == make_date(2025, 1, 8) && sessions[1].date == make_date(2025, 6, 17)));
    CHECK((sessions[0].points[0] == 6000.0 && sessions[0].points[1] == 6000.5));
    CHECK(sessions[0].points[78] == 6077.5);  // the bar that begins at 15:55
}

TEST_CASE("a session of which a bar is missing is left out") {
    const auto sessions = read(kHead + bars(kWinter, 6000.0, 40) + bars(kSummer, 6100.0, 78));
    REQUIRE(sessions.size() == 1);  // the bar after the close does not matter
    CHECK(sessions[0].date == make_date(2025, 6, 17));
}

TEST_CASE("what are no bars is refused at its place") {
    const auto refused = [](const std::string& text) {
        try {
            read(text);
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK_THAT(refused(""), Contains("is empty"));
    CHECK_THAT(refused("date,open,close\n"), Contains("x.csv:1:1: the header needs"));
    CHECK_THAT(refused(kHead + "soon,1,1,1,1,1\n"), Contains("x.csv:2:1: time"));
    CHECK_THAT(refused(kHead + "1736346600,1,1,1,0,1\n"), Contains("x.csv:2:18:") && Contains("not a price"));
    CHECK_THAT(refused(kHead + "1736346600,1\n"), Contains("fewer fields"));
    CHECK_THAT(refused(kHead + "1736346600,1,1,1,1,1\n1736346600,1,1,1,1,1\n"), Contains("x.csv:3:1:"));
}

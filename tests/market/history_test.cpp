#include "volstorm/market/history.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "volstorm/core/error.h"
#include "volstorm/market/calendar.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

const Date kEntry = make_date(2025, 6, 20);  // the Friday after a holiday

/// Reads a file with this text, which is removed afterwards.
History read(const std::string& text) {
    const auto folder = std::filesystem::temp_directory_path();
    const auto path = folder / ("volstorm_history_" + std::to_string(getpid()) + ".csv");
    std::ofstream(path, std::ios::binary) << text;
    try {
        History history = read_history(path, kEntry);
        std::filesystem::remove(path);
        return history;
    } catch (...) {
        std::filesystem::remove(path);
        throw;
    }
}

const std::string kHead = "# origin\ndate,spx,vix\n";
const std::string kLast = "2025-06-18,5980.87,20.14\n";

}  // namespace

TEST_CASE("a history is read with its comments, line ends and last session") {
    const History history = read("# origin\r\ndate,spx,vix\r\n2025-06-17,5982.72,21.6\r\n# note\r\n" + kLast);
    REQUIRE(history.dates.size() == 2);
    CHECK(history.dates[1] == make_date(2025, 6, 18));
    CHECK(history.spx == std::vector{5982.72, 5980.87});
    CHECK(history.vix == std::vector{21.6, 20.14});
}

TEST_CASE("a malformed history is refused with line and column") {
    CHECK_THROWS_WITH(read("day,spx,vix\n" + kLast), Contains(".csv:1:1: ") && Contains("date,spx,vix"));
    CHECK_THROWS_WITH(read(kHead + "2025-06-18,5980.87\n"), Contains(":3:1: "));
    CHECK_THROWS_WITH(read(kHead + "2025-06-18,5980.87,20.14,1\n"), Contains(":3:1: "));
    CHECK_THROWS_WITH(read(kHead + "2025-06-18,5980.87x,20.14\n"), Contains(":3:12: ") && Contains("5980.87x"));
    CHECK_THROWS_WITH(read(kHead + "2025-06-18,5980.87,0\n"), Contains(":3:20: "));
    CHECK_THROWS_WITH(read(kHead + "2025-06-18,-1,20.14\n"), Contains(":3:12: "));
    CHECK_THROWS_AS(read(kHead + "2025-06-18,nan,20.14\n"), InputError);
    CHECK_THROWS_AS(read(kHead + "2025-06-18,inf,20.14\n"), InputError);
    CHECK_THROWS_AS(read(kHead + "2025-06-18,,20.14\n"), InputError);
    CHECK_THROWS_WITH(read(kHead + "06/18/2025,5980.87,20.14\n"), Contains(":3:1: ") && Contains("not a date"));
    CHECK_THROWS_WITH(read(kHead + "\n" + kLast), Contains(":3:1: "));
}

TEST_CASE("a history with the wrong days is refused") {
    CHECK_THROWS_WITH(read(kHead + kLast + "2025-06-20,5967.84,20.62\n"), Contains(":4:1: ") && Contains("not before"));
    CHECK_THROWS_WITH(read(kHead + "2025-06-19,5980.87,20.14\n"), Contains("no session"));
    CHECK_THROWS_WITH(read(kHead + "2014-12-31,2058.90,19.20\n"), Contains("last row must be 2025-06-18"));
    CHECK_THROWS_WITH(read(kHead + kLast + kLast), Contains(":4:1: ") && Contains("does not follow"));
    CHECK_THROWS_WITH(read(kHead + kLast + "2025-06-17,5982.72,21.6\n"), Contains("does not follow"));
    CHECK_THROWS_WITH(read(kHead + "2025-06-17,5982.72,21.6\n"), Contains("last row must be 2025-06-18"));
    CHECK_THROWS_WITH(read(kHead), Contains("last row must be 2025-06-18"));
    CHECK_THROWS_WITH(read(""), Contains("last row must be"));
}

TEST_CASE("a history without one of its sessions is refused at the row after the gap") {
    const std::string before = "2025-06-13,5976.97,20.82\n";
    CHECK_THROWS_WITH(read(kHead + before + "2025-06-17,5982.72,21.6\n" + kLast),
                      Contains(".csv:4:1: ") && Contains("the session of 2025-06-16 is missing"));
    CHECK_THROWS_WITH(read(kHead + before + kLast), Contains(":4:1: 2025-06-18 follows 2025-06-13") &&
                                                        Contains("2 sessions are missing") && Contains("2025-06-16"));
    // A weekend and a holiday are no gap.
    CHECK(read(kHead + before + "2025-06-16,6033.11,19.11\n2025-06-17,5982.72,21.6\n" + kLast).dates.size() == 4);
}

TEST_CASE("days before the calendar of 2015 are taken as they are") {
    const auto file = std::filesystem::temp_directory_path() / ("volstorm_2014_" + std::to_string(getpid()) + ".csv");
    std::ofstream(file) << "date,spx,vix\n2014-12-29,2090.57,15.06\n2014-12-31,2058.90,19.20\n";
    CHECK(read_history(file, make_date(2015, 1, 2)).dates.size() == 2);
    CHECK_THROWS_WITH(read_history(file, make_date(2015, 1, 5)), Contains("last row must be 2015-01-02"));
    std::filesystem::remove(file);
}

TEST_CASE("a history that is not there is an input-output error") {
    CHECK_THROWS_AS(read_history("/no/such/history.csv", kEntry), IoError);
}

TEST_CASE("the shipped histories hold 110 sessions without a gap") {
    const std::filesystem::path folder = std::filesystem::path(VOLSTORM_SCENARIOS) / "history";
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const Date day = parse_date(entry.path().stem().string()).value();
        const History history = read_history(entry.path(), day);
        CHECK(history.dates.size() == 110);
        CHECK(sessions_between(history.dates.front(), history.dates.back()) == 109);
        ++files;
    }
    CHECK(files >= 6);
}

TEST_CASE("a shipped history ends with the closes the market quoted") {
    // 2018-02-01, the Thursday before the VIX's largest day
    const auto file = std::filesystem::path(VOLSTORM_SCENARIOS) / "history" / "2018-02-02.csv";
    const History history = read_history(file, make_date(2018, 2, 2));
    CHECK(history.dates.back() == make_date(2018, 2, 1));
    CHECK(history.spx.back() == 2821.98);
    CHECK(history.vix.back() == 13.47);
}

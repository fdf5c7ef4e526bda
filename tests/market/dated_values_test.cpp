#include "volstorm/market/dated_values.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "volstorm/core/error.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

class TextFile {
 public:
    explicit TextFile(const std::string& text)
        : path_(std::filesystem::temp_directory_path() / ("dated-" + std::to_string(::getpid()) + ".csv")) {
        std::ofstream(path_) << text;
    }
    ~TextFile() { std::filesystem::remove(path_); }
    const std::filesystem::path& path() const { return path_; }

 private:
    std::filesystem::path path_;
};

DatedValues read(const std::string& text) { return read_dated_values(TextFile(text).path()); }

}  // namespace

TEST_CASE("a monthly series is read as FRED and the BIS give it") {
    const DatedValues series = read("\"Date\",\"RBUSBIS\"\n1994-01-01,88.69\n1994-02-01,.\n1994-03-01,88.19\n");
    REQUIRE(series.values.size() == 2);
    CHECK(series.values[0].date == make_date(1994, 1, 1));
    CHECK(series.values[1].value == 88.19);
    CHECK(read("observation_date,RBUSBIS\n2020-01-01,1\n").values.size() == 1);
}

TEST_CASE("a month is known once it is published, and until it is stale") {
    const DatedValues series = read("Date,x\n2020-01-01,1\n2020-02-01,2\n");
    CHECK(std::isnan(known_on(series, make_date(2020, 2, 29), kMonthlyReer)));  // 59 days after 1 January
    CHECK(known_on(series, make_date(2020, 3, 1), kMonthlyReer) == 1.0);
    CHECK(known_on(series, make_date(2020, 3, 31), kMonthlyReer) == 1.0);
    CHECK(known_on(series, make_date(2020, 4, 1), kMonthlyReer) == 2.0);
    CHECK(known_on(series, make_date(2020, 8, 2), kMonthlyReer) == 2.0);
    CHECK(std::isnan(known_on(series, make_date(2020, 8, 3), kMonthlyReer)));
}

TEST_CASE("what is no series is refused at its place") {
    CHECK_THROWS_WITH(read(""), Contains("is empty"));
    CHECK_THROWS_WITH(read("Date,x,y\n"), Contains(":1:1") && Contains("two columns"));
    CHECK_THROWS_WITH(read("day,x\n"), Contains("two columns"));
    CHECK_THROWS_WITH(read("Date,x\n2020-01-01,1,2\n"), Contains(":2:1") && Contains("3 fields"));
    CHECK_THROWS_WITH(read("Date,x\nsoon,1\n"), Contains(":2:1") && Contains("not a date"));
    CHECK_THROWS_WITH(read("Date,x\n2020-01-01,one\n"), Contains(":2:12") && Contains("not a number"));
    CHECK_THROWS_WITH(read("Date,x\n2020-02-01,1\n2020-01-01,2\n"), Contains(":3:1") && Contains("oldest first"));
}

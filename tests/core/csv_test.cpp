#include "volstorm/core/csv.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "core/temporary_folder.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> fields(std::string_view line) {
    std::vector<std::string> texts;
    for (const Field& field : split_fields({line, {"x.csv", 3, 1}})) texts.emplace_back(field.text);
    return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a line is cut at commas outside quotes") {
    CHECK(fields("a,b,,c") == Texts{"a", "b", "", "c"});
    CHECK(fields("") == Texts{""});
    CHECK(fields("a,") == Texts{"a", ""});
    CHECK(fields(R"("Date: July 12, 2022",Bid: 1)") == Texts{"Date: July 12, 2022", "Bid: 1"});
    CHECK(fields(" a ,\tb ") == Texts{"a", "b"});
    CHECK_THROWS_WITH(fields(R"(a,"b,c)"), Contains("x.csv:3:3") && Contains("not closed"));
}

TEST_CASE("a field knows its column and is a number or none") {
    const std::vector<Field> line = split_fields({"ab,1.5,x,1e999,nan", {"x.csv", 3, 1}});
    CHECK(line[1].where.text() == "x.csv:3:4");
    CHECK(number_in(line[1]) == 1.5);
    CHECK_FALSE(number_in(line[2]));
    CHECK_FALSE(number_in(line[3]));
    CHECK_FALSE(number_in(line[4]));
    CHECK_THROWS_WITH(line[2].fail("is wrong"), Contains("x.csv:3:8") && Contains("is wrong"));
}

TEST_CASE("a number out of bounds is refused with the bounds") {
    const std::vector<Field> line = split_fields({"12", {"x.csv", 1, 1}});
    CHECK(read_number(line[0], "strike", 0.0, 12.0) == 12.0);
    CHECK_THROWS_WITH(read_number(line[0], "strike", 0.0, 11.0),
                      Contains("strike is \"12\"") && Contains("from 0 to 11"));
}

TEST_CASE("a table is read without its comments, empty lines and byte order mark") {
    const auto rows = read_rows("\xEF\xBB\xBF# origin\r\ndate,close\r\n\r\n2020-01-02,3\r\n", "x.csv");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0][0].text == "date");
    CHECK(rows[1][1].text == "3");
    CHECK(rows[1][1].where.line == 4);
}

TEST_CASE("what is no table is refused") {
    CHECK_THROWS_WITH(read_rows(std::string(9000, 'x'), "x.csv"), Contains("x.csv:1:1") && Contains("no row"));
    const TemporaryFolder folder;
    std::ofstream(folder / "x.csv", std::ios::binary) << "1234567890";
    CHECK(read_text(folder / "x.csv", 10) == "1234567890");
    CHECK_THROWS_WITH(read_text(folder / "x.csv", 9), Contains("more than 9 bytes"));
    CHECK_THROWS_AS(read_text("/nowhere/x.csv", 10), IoError);
    CHECK_THROWS_AS(read_text(folder.path(), 10), IoError);
}

#include "volstorm/core/csv.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "io/temporary_folder.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> fields(std::string_view line) {
    std::vector<std::string> texts;
    for (const CsvField& field : split_csv(line, {"x.csv", 3, 1})) texts.push_back(field.text);
    return texts;
}

std::vector<CsvLine> read(const std::string& text) {
    const TemporaryFolder folder;
    std::ofstream(folder / "x.csv", std::ios::binary) << text;
    return read_csv(folder / "x.csv");
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a line is cut at commas outside quotes") {
    CHECK(fields("a,b,,c") == Texts{"a", "b", "", "c"});
    CHECK(fields("") == Texts{""});
    CHECK(fields("a,") == Texts{"a", ""});
    CHECK(fields(R"("Date: July 12, 2022",Bid: 1)") == Texts{"Date: July 12, 2022", "Bid: 1"});
    CHECK(fields(R"("say ""no""",2)") == Texts{R"(say "no")", "2"});
    CHECK(fields(" a ,\tb\r") == Texts{"a", "b"});
}

TEST_CASE("a field knows its column and is a number or none") {
    const CsvLine line = split_csv("ab,1.5,x,1e999,nan", {"x.csv", 3, 1});
    CHECK(line[1].where.text() == "x.csv:3:4");
    CHECK(line[1].number() == 1.5);
    CHECK_FALSE(line[2].number());
    CHECK_FALSE(line[3].number());
    CHECK_FALSE(line[4].number());
    CHECK_THROWS_WITH(line[2].fail("is wrong"), Contains("x.csv:3:8") && Contains("is wrong"));
}

TEST_CASE("a file is read without its comments, empty lines and byte order mark") {
    const auto lines = read("\xEF\xBB\xBF# origin\r\ndate,close\r\n\r\n2020-01-02,3\r\n");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0][0].text == "date");
    CHECK(lines[1][1].text == "3");
    CHECK(lines[1][1].where.line == 4);
}

TEST_CASE("what is no text file is refused at its line") {
    CHECK_THROWS_WITH(read(std::string("a,b\nc\0d\n", 8)), Contains(":2") && Contains("NUL"));
    CHECK_THROWS_AS(read_csv("/nowhere/x.csv"), IoError);
    CHECK_THROWS_AS(read_csv("/tmp"), IoError);
}

#include "volstorm/core/civil_time.h"

#include <catch2/catch.hpp>

using namespace volstorm;

TEST_CASE("a date is read only in the form 2025-06-17") {
    CHECK(parse_date("2025-06-17") == make_date(2025, 6, 17));
    CHECK(parse_date("2024-02-29") == make_date(2024, 2, 29));
    for (const char* wrong : {"", "2025-6-17", "2025-06-17 ", "2025/06/17", "2025-02-29", "2025-13-01", "2025-00-10",
                              "2025-06-31", "2025-06-00", "+025-06-17", "20250617", "2025-06-1x"})
        CHECK_FALSE(parse_date(wrong));
}

TEST_CASE("a moment is read with or without its seconds") {
    CHECK(parse_date_time("2025-06-17T15:45:30") == at(make_date(2025, 6, 17), 15, 45, 30));
    CHECK(parse_date_time("2025-06-17T00:00") == at(make_date(2025, 6, 17), 0, 0));
    CHECK(parse_date_time("2025-06-17 23:59:59") == at(make_date(2025, 6, 17), 23, 59, 59));
    for (const char* wrong :
         {"", "2025-06-17", "2025-06-17T15", "2025-06-17T15:45:", "2025-06-17T15:45:0", "2025-06-17T15:45:00Z",
          "2025-06-17T24:00", "2025-06-17T15:60", "2025-06-17T15:45:60", "2025-06-17t15:45", "2025-06-31T15:45",
          "2025-06-17T1x:45", "2025-06-17T15.45", "2025-06-17T15:45.00"})
        CHECK_FALSE(parse_date_time(wrong));
}

TEST_CASE("every day of four centuries reads back from its text") {
    for (Date day = make_date(1900, 1, 1); day < make_date(2300, 1, 1); day += std::chrono::days(1))
        if (parse_date(to_string(day)) != day) FAIL(to_string(day));
}

TEST_CASE("a moment shows its seconds only where it has some") {
    CHECK(to_string(at(make_date(2025, 6, 17), 15, 45)) == "2025-06-17 15:45");
    CHECK(to_string(at(make_date(2025, 6, 17), 9, 30, 5)) == "2025-06-17 09:30:05");
    CHECK(to_string(at(make_date(1965, 1, 2), 0, 0)) == "1965-01-02 00:00");
    CHECK(date_of(at(make_date(1965, 1, 2), 23, 59, 59)) == make_date(1965, 1, 2));
}

TEST_CASE("New York is four hours behind UTC in summer, five in winter, changing at two in the morning") {
    const auto utc = [](const char* text) { return to_string(new_york_of_utc(*parse_date_time(text))); };
    CHECK(utc("2025-06-17T13:30") == "2025-06-17 09:30");
    CHECK(utc("2025-01-08T14:30") == "2025-01-08 09:30");
    CHECK(utc("2025-03-09T06:59:59") == "2025-03-09 01:59:59");
    CHECK(utc("2025-03-09T07:00") == "2025-03-09 03:00");
    CHECK(utc("2025-11-02T05:59:59") == "2025-11-02 01:59:59");
    CHECK(utc("2025-11-02T06:00") == "2025-11-02 01:00");
    CHECK(utc("2025-01-01T02:00") == "2024-12-31 21:00");
}

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

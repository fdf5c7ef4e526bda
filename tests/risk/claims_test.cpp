#include "volstorm/risk/claims.h"

#include <catch2/catch.hpp>
#include <cmath>

namespace volstorm {

TEST_CASE("a claim is supported, not supported or undecided by the interval of its share") {
    CHECK(judge_claim(1'000, 600).verdict == Verdict::supported);
    CHECK(judge_claim(1'000, 400).verdict == Verdict::not_supported);
    CHECK(judge_claim(1'000, 520).verdict == Verdict::undecided);
    CHECK(judge_claim(1'000, 0).verdict == Verdict::not_supported);
    CHECK(judge_claim(1'000, 600, 0.9).verdict == Verdict::not_supported);
    CHECK(judge_claim(1'000, 600, 0.55).verdict == Verdict::supported);
    CHECK(judge_claim(1'000'000, 501'500).verdict == Verdict::supported);
}

TEST_CASE("reaching the required share is enough, and staying below it must be strict") {
    const Estimate share = share_estimate(600, 1'000);
    CHECK(judge_claim(1'000, 600, share.low).verdict == Verdict::supported);
    CHECK(judge_claim(1'000, 600, share.high).verdict == Verdict::undecided);
    CHECK(judge_claim(1'000, 600, std::nextafter(share.high, 1.0)).verdict == Verdict::not_supported);
    CHECK(judge_claim(1'000, 1'000, 1.0).verdict == Verdict::undecided);
}

TEST_CASE("fewer than 200 given paths decide nothing") {
    CHECK(judge_claim(199, 199).verdict == Verdict::undecided);
    CHECK(judge_claim(200, 200).verdict == Verdict::supported);
    CHECK(judge_claim(0, 0).verdict == Verdict::undecided);
    CHECK(std::isnan(judge_claim(0, 0).share.value));
}

TEST_CASE("impossible counts and shares are refused") {
    CHECK_THROWS_WITH(judge_claim(10, 11), "a claim holds on 11 of 10 paths");
    CHECK_THROWS_AS(judge_claim(10, 5, 1.5), std::invalid_argument);
    CHECK_THROWS_AS(judge_claim(10, 5, NAN), std::invalid_argument);
}

TEST_CASE("verdicts have names") {
    CHECK(to_string(Verdict::supported) == "supported");
    CHECK(to_string(Verdict::not_supported) == "not supported");
    CHECK(to_string(Verdict::undecided) == "undecided");
}

}  // namespace volstorm

#include "volstorm/model/parameters.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "model/parameter_sets.h"
#include "volstorm/model/mean_variance.h"

using namespace volstorm;
using Catch::Matchers::Contains;

TEST_CASE("moments of a jump in closed form") {
    const JumpFamily jump{"crash", 1.0, 0.0, -0.03, 0.02, -0.5, 0.1};
    // E exp(Js) = exp(mu + s^2/2) / (1 - nu rho)
    CHECK(std::abs(jump.mean_relative_jump() - (std::exp(-0.03 + 0.0002) / 1.05 - 1.0)) < 1e-15);
    CHECK(std::abs(jump.mean_total_log_jump() + 0.08) < 1e-15);
    CHECK(std::abs(jump.log_contract_weight() - 2.0 * (std::exp(-0.0298) / 1.05 - 1.0 + 0.08)) < 1e-15);
    CHECK(JumpFamily{}.mean_relative_jump() == 0.0);
}

TEST_CASE("the shipped sets are stable, and jumps feed variance by l1 nu") {
    CHECK(instability(sets::calm()).empty());
    CHECK(instability(sets::stressed()).empty());
    CHECK(instability(Parameters{}).empty());
    CHECK(instability(sets::without_drift()).empty());
    CHECK(std::abs(sets::calm().jump_feedback() - (84.4 * 0.056 + 845.0 * 0.00395)) < 1e-12);
}

TEST_CASE("a jump without a mean is refused on one side of the line") {
    Parameters p = sets::calm();
    p.jumps[0].variance_jump_slope = 0.999 / 0.056;
    CHECK(instability(p).empty());
    p.jumps[0].variance_jump_slope = 1.0 / 0.056 + 1e-9;
    CHECK_THAT(instability(p), Contains("'crash'") && Contains("must be below 1"));
}

TEST_CASE("jumps that feed variance faster than it reverts are refused on one side of the line") {
    Parameters p = sets::heston();
    p.jumps = {JumpFamily{"crash", 1.0, 100.0, -0.01, 0.0, 0.0, 0.05}};
    p.kappa_v = 5.0;  // L = 5: equality is legal
    CHECK(instability(p).empty());
    p.kappa_v = 4.999;
    CHECK_THAT(instability(p), Contains("explodes") && Contains("kappa_v is 4.999") && Contains("at least 5"));
}

TEST_CASE("a pull that outruns its reversion is refused on one side of the line") {
    Parameters p = sets::calm();
    const double feedback = p.jump_feedback(), least = p.pull_m * p.kappa_v / (p.kappa_v - feedback) - p.pull_m;
    p.kappa_m = least;
    CHECK(instability(p).empty());
    CHECK(std::abs(mean_variance(p, 1000.0).v.per_v) < 1.0);
    p.kappa_m = 0.99 * least;
    CHECK_THAT(instability(p), Contains("explodes") && Contains("kappa_m + pull_m"));
    CHECK(mean_variance(p, 1000.0).v.per_v > 10.0);
}

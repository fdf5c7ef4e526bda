#include "volstorm/model/mean_variance.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "model/parameter_sets.h"
#include "volstorm/model/transform.h"

using namespace volstorm;

namespace {

constexpr VarianceState kState{0.02, 0.012};

struct Means {
    double v, m, integral;
};

// d E[v] = kappa_v (m - v) + sum (l0 + l1 v) nu, d E[m] = kappa_m (theta_m - m) + pull_m (v - m), by Runge-Kutta.
Means runge_kutta(const Parameters& p, double years) {
    using Y = std::array<double, 3>;
    const auto slope = [&](const Y& y) {
        double jumps = 0.0;
        for (const JumpFamily& j : p.jumps)
            jumps += (j.intensity + j.intensity_per_variance * y[0]) * j.mean_variance_jump;
        return Y{p.kappa_v * (y[1] - y[0]) + jumps, p.kappa_m * (p.theta_m - y[1]) + p.pull_m * (y[0] - y[1]), y[0]};
    };
    const auto moved = [](const Y& y, double h, const Y& k) {
        return Y{y[0] + h * k[0], y[1] + h * k[1], y[2] + h * k[2]};
    };
    Y y{kState.v, kState.m, 0.0};
    constexpr int steps = 4000;
    const double h = years / steps;
    for (int i = 0; i < steps; ++i) {
        const Y k1 = slope(y), k2 = slope(moved(y, 0.5 * h, k1)), k3 = slope(moved(y, 0.5 * h, k2)),
                k4 = slope(moved(y, h, k3));
        for (std::size_t n = 0; n < 3; ++n) y[n] += h / 6.0 * (k1[n] + 2.0 * k2[n] + 2.0 * k3[n] + k4[n]);
    }
    return {y[0], y[1], y[2]};
}

const Parameters kSets[] = {sets::calm(), sets::stressed(), sets::heston(), sets::pull_alone(), sets::without_drift()};

}  // namespace

TEST_CASE("means follow their differential equation") {
    for (const Parameters& p : kSets) {
        for (const double years : {1.0 / 252.0, 30.0 / 365.0, 2.0}) {
            const MeanVariance mean = mean_variance(p, years);
            const Means expected = runge_kutta(p, years);
            CHECK(std::abs(mean.v(kState) / expected.v - 1.0) < 1e-10);
            CHECK(std::abs(mean.m(kState) / expected.m - 1.0) < 1e-10);
            CHECK(std::abs(mean.integral(kState) / expected.integral - 1.0) < 1e-10);
        }
    }
}

TEST_CASE("Heston's mean in closed form") {
    const MeanVariance mean = mean_variance(sets::heston(), 0.25);
    const double decay = std::exp(-9.6 * 0.25);
    CHECK(std::abs(mean.v.per_v - decay) < 1e-15);
    CHECK(std::abs(mean.v.per_m - (1.0 - decay)) < 1e-15);
    CHECK(std::abs(mean.integral.per_v - (1.0 - decay) / 9.6) < 1e-15);
    CHECK(mean.v.constant == 0.0);
    CHECK(mean.m(kState) == kState.m);
}

TEST_CASE("two periods in a row are one") {
    for (const Parameters& p : kSets) {
        const MeanVariance first = mean_variance(p, 0.07), second = mean_variance(p, 0.21),
                           both = mean_variance(p, 0.28);
        CHECK(std::abs(compose(second.v, first.v, first.m)(kState) - both.v(kState)) < 1e-14);
        CHECK(std::abs(compose(second.m, first.v, first.m)(kState) - both.m(kState)) < 1e-14);
        CHECK(std::abs(first.integral(kState) + compose(second.integral, first.v, first.m)(kState) -
                       both.integral(kState)) < 1e-14);
    }
}

TEST_CASE("the mean of v is the derivative of its transform") {
    const Parameters p = sets::calm();
    const Complex u = 0.0;
    Exponents e{0.0, {0.0, 1e-5}, 0.0};
    carry_back(p, 0.2, {&u, 1}, {&e, 1});
    CHECK(std::abs((e.a + e.b * kState.v + e.c * kState.m).imag() / 1e-5 - mean_variance(p, 0.2).v(kState)) < 1e-11);
}

TEST_CASE("the quadratic variation adds E[Js^2] to each unit of intensity") {
    Parameters p = sets::merton();
    const LinearInState variation = quadratic_variation(p, mean_variance(p, 0.5).integral, 0.5);
    CHECK(std::abs(variation({0.04, 0.04}) - (0.5 * 0.04 + 0.5 * 3.0 * (0.05 * 0.05 + 0.07 * 0.07))) < 1e-15);
    p.jumps[0].intensity_per_variance = 10.0;
    p.jumps[0].variance_jump_slope = -2.0;
    p.jumps[0].mean_variance_jump = 0.01;
    // E[Js^2] = (mu + rho nu)^2 + (rho nu)^2 + s^2
    const double square = 0.07 * 0.07 + 0.02 * 0.02 + 0.07 * 0.07;
    const LinearInState integral{0.0, 0.5, 0.0};
    CHECK(std::abs(quadratic_variation(p, integral, 0.5)({0.04, 0.0}) - (0.02 * (1.0 + 10.0 * square) + 1.5 * square)) <
          1e-15);
}

#include "volstorm/model/transform.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "model/parameter_sets.h"

using namespace volstorm;

namespace {

using State = std::array<Complex, 3>;  // A, B, C

// The Riccati equations as src/README.md, equation 2, writes them.
State derivative(const Parameters& p, Complex u, const State& y) {
    const Complex b = y[1], c = y[2];
    Complex of_a = p.kappa_m * p.theta_m * c;
    Complex of_b = 0.5 * (u * u - u) + (p.rho * p.sigma_v * u - p.kappa_v) * b + p.pull_m * c +
                   0.5 * p.sigma_v * p.sigma_v * b * b;
    const Complex of_c = p.kappa_v * b - (p.kappa_m + p.pull_m) * c + 0.5 * p.sigma_m * p.sigma_m * c * c;
    for (const JumpFamily& j : p.jumps) {
        const Complex transform = std::exp(u * j.mean_log_jump + 0.5 * u * u * j.log_jump_sd * j.log_jump_sd) /
                                  (1.0 - j.mean_variance_jump * (b + j.variance_jump_slope * u));
        const Complex k = transform - 1.0 - u * j.mean_relative_jump();
        of_a += j.intensity * k;
        of_b += j.intensity_per_variance * k;
    }
    return {of_a, of_b, of_c};
}

State moved(const State& y, double step, const State& slope) {
    return {y[0] + step * slope[0], y[1] + step * slope[1], y[2] + step * slope[2]};
}

// The classical Runge-Kutta method with many small steps.
Exponents runge_kutta(const Parameters& p, double years, Complex u, Exponents start, int steps) {
    State y{start.a, start.b, start.c};
    const double h = years / steps;
    for (int i = 0; i < steps; ++i) {
        const State k1 = derivative(p, u, y), k2 = derivative(p, u, moved(y, 0.5 * h, k1));
        const State k3 = derivative(p, u, moved(y, 0.5 * h, k2)), k4 = derivative(p, u, moved(y, h, k3));
        for (std::size_t n = 0; n < 3; ++n) y[n] += h / 6.0 * (k1[n] + 2.0 * k2[n] + 2.0 * k3[n] + k4[n]);
    }
    return {y[0], y[1], y[2]};
}

Exponents carried(const Parameters& p, double years, Complex u, Exponents e = {}) {
    carry_back(p, years, {&u, 1}, {&e, 1});
    return e;
}

double size(const Exponents& e) { return std::max({std::abs(e.a), std::abs(e.b), std::abs(e.c)}); }
double distance(const Exponents& x, const Exponents& y) { return size({x.a - y.a, x.b - y.b, x.c - y.c}); }

std::vector<Parameters> all_sets() {
    return {sets::calm(),      sets::stressed(),           sets::heston(),        sets::merton(),
            sets::noiseless(), sets::without_noise_of_v(), sets::without_drift(), sets::pull_alone()};
}

constexpr double kDay = 1.0 / 252.0;

}  // namespace

TEST_CASE("the transform solves the Riccati equations, as Runge-Kutta does with small steps") {
    const std::vector<Complex> arguments{{0.0, 0.5}, {0.0, 20.0}, {0.0, 400.0}, {-1.5, 0.0}, {2.0, 0.0}, {1.5, -30.0}};
    int set = 0;
    for (const Parameters& p : all_sets()) {
        for (const double years : {kDay, 30.0 / 365.0, 0.5}) {
            for (const Complex u : arguments) {
                INFO("set " << set << ", years " << years << ", u " << u);
                const Exponents expected = runge_kutta(p, years, u, {}, 20'000);
                CHECK(distance(carried(p, years, u), expected) < 1e-9 * std::max(size(expected), 1.0));
            }
        }
        ++set;
    }
}

TEST_CASE("the transform starts from the exponents that hold at the end") {
    for (const Parameters& p : all_sets()) {
        for (const Exponents& start : {Exponents{0.3, -2.0, -1.0}, Exponents{0.0, {-40.0, 300.0}, {-10.0, 90.0}},
                                       Exponents{{1.0, 2.0}, 0.0, -5.0}}) {
            const Complex u(0.0, 10.0);
            const Exponents expected = runge_kutta(p, 0.1, u, start, 20'000);
            CHECK(distance(carried(p, 0.1, u, start), expected) < 1e-9 * size(expected));
        }
    }
}

TEST_CASE("carrying over two periods is carrying over both at once") {
    for (const Parameters& p : all_sets()) {
        for (const Complex u : {Complex(0.0, 3.0), Complex(0.0, 250.0), Complex(-1.0, 40.0)}) {
            const Exponents once = carried(p, 0.3, u);
            const Exponents twice = carried(p, 0.3 - kDay, u, carried(p, kDay, u));
            CHECK(distance(once, twice) < 1e-12 * std::max(size(once), 1.0));
        }
    }
}

TEST_CASE("the discounted price is a martingale: E[exp X] = 1") {
    for (const Parameters& p : all_sets()) {
        for (const double years : {kDay, 0.1, 1.0, 10.0}) {
            CHECK(size(carried(p, years, 1.0)) < 1e-12);
            CHECK(size(carried(p, years, 0.0)) < 1e-15);
        }
    }
}

TEST_CASE("a constant variance gives the normal law, log-normal jumps give Merton's") {
    const VarianceState state{0.04, 0.04};
    Parameters p = sets::merton();
    const JumpFamily& jump = p.jumps[0];
    for (const Complex u : {Complex(0.0, 1.0), Complex(0.0, 300.0), Complex(2.0, 5.0)}) {
        const double years = 0.25;
        const Complex normal = 0.5 * 0.04 * years * u * (u - 1.0);
        const Complex jumps = 3.0 * years *
                              (std::exp(u * jump.mean_log_jump + 0.5 * u * u * 0.0049) - 1.0 -
                               u * std::expm1(jump.mean_log_jump + 0.5 * 0.0049));
        const Exponents e = carried(p, years, u);
        CHECK(std::abs(e.a + e.b * state.v + e.c * state.m - normal - jumps) < 1e-12 * std::abs(normal + jumps));
    }
}

TEST_CASE("a batch of any size gives the exponents of one by one") {
    const Parameters p = sets::calm();
    for (const std::size_t count : {2u, 7u, 8u, 9u, 17u}) {
        std::vector<Complex> u;
        for (std::size_t i = 0; i < count; ++i) u.emplace_back(0.0, 10.0 + 3.0 * static_cast<double>(i));
        std::vector<Exponents> e(count);
        carry_back(p, 0.1, u, e);
        for (std::size_t i = 0; i < count; ++i) CHECK(distance(e[i], carried(p, 0.1, u[i])) < 1e-13);
    }
}

TEST_CASE("no time changes nothing") {
    const Exponents start{1.0, 2.0, 3.0};
    CHECK(distance(carried(sets::calm(), 0.0, Complex(0.0, 5.0), start), start) == 0.0);
}

TEST_CASE("an infinite moment is refused, a finite one near it is not") {
    // E[exp(b v_T)] of a square-root process is finite for b < 2 kappa / (sigma^2 (1 - exp(-kappa T))).
    const Parameters p = sets::heston();
    const double years = 0.1, limit = 2.0 * 9.6 / (0.41 * 0.41 * -std::expm1(-0.96));
    CHECK_NOTHROW(carried(p, years, 0.0, {0.0, 0.999 * limit, 0.0}));
    CHECK_THROWS_AS(carried(p, years, 0.0, {0.0, 1.001 * limit, 0.0}), MomentExplosion);
    const double decay = std::exp(-0.96), b = 0.999 * limit;
    const double expected = b * decay / (1.0 - b / limit);
    CHECK(std::abs(carried(p, years, 0.0, {0.0, b, 0.0}).b.real() / expected - 1.0) < 1e-10);
    // The jump of variance has no moment beyond 1 / nu.
    CHECK_THROWS_AS(carried(sets::calm(), kDay, 0.0, {0.0, 1.001 / 0.056, 0.0}), MomentExplosion);
}

TEST_CASE("a moment of the price explodes when the feedback of the jumps makes it") {
    // Euler's method with a step of 2.5e-6 loses the moment of order -3 at 0.2345 years.
    CHECK_NOTHROW(carried(sets::stressed(), 0.234, -3.0));
    CHECK_THROWS_AS(carried(sets::stressed(), 0.235, -3.0), MomentExplosion);
}

TEST_CASE("a moment whose pole lies behind the start is still infinite") {
    // A large step could jump over the pole: b beyond every bound comes back negative from the formula.
    for (const double factor : {2.0, 10.0, 1e3, 1e6}) {
        const double limit = 2.0 * 9.6 / (0.41 * 0.41 * -std::expm1(-0.96));
        CHECK_THROWS_AS(carried(sets::heston(), 0.1, 0.0, {0.0, factor * limit, 0.0}), MomentExplosion);
    }
}

TEST_CASE("huge arguments decay instead of failing") {
    for (const double u : {1e3, 1e4, 1e5}) {
        const Exponents e = carried(sets::calm(), kDay, {0.0, u});
        CHECK(std::isfinite(size(e)));
        CHECK((e.a + e.b * 0.0122 + e.c * 0.0086).real() < 0.0);
    }
    const Exponents future = carried(sets::calm(), 0.1, 0.0, {0.0, -1e30, -1e30});
    CHECK(future.a.real() < -1.0);
    CHECK(std::isfinite(size(future)));
}

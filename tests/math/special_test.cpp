#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "volstorm/math/complex.h"
#include "volstorm/math/normal.h"
#include "volstorm/math/portable.h"

using namespace volstorm;

namespace {

// exp(z^2) erfc(z) = 2/sqrt(pi) times the integral over t > 0 of exp(-t^2 - 2 z t), by Simpson's rule.
Complex scaled_erfc_by_quadrature(Complex z) {
    constexpr int count = 40'000;
    const double step = std::min(8.0, 45.0 / z.real()) / count;  // beyond, the integrand has vanished
    Complex sum = 0.0;
    for (int i = 0; i <= count; ++i) {
        const double t = step * i, weight = i == 0 || i == count ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
        sum += weight * std::exp(-t * t - 2.0 * z * t);
    }
    return sum * step / 3.0 * 2.0 * std::numbers::inv_sqrtpi;
}

}  // namespace

TEST_CASE("the quantile inverts the normal law, deep in both tails") {
    CHECK(normal_quantile(0.5) == 0.0);
    CHECK(std::abs(normal_quantile(0.975) - 1.959963984540054) < 1e-14);
    for (const double p : {1e-300, 1e-30, 1e-9, 0.01, 0.3, 0.7, 0.99}) {
        CHECK(std::abs(normal_distribution(normal_quantile(p)) / p - 1.0) < 1e-12);
    }
    const double step = 1e-5;
    CHECK(std::abs((normal_distribution(0.7 + step) - normal_distribution(0.7 - step)) / (2.0 * step) -
                   normal_density(0.7)) < 1e-10);
}

TEST_CASE("scaled erfc errs by less than 1e-11 where |arg z| <= pi/4") {
    for (const double angle : {0.0, 0.3, -0.6, 0.25 * std::numbers::pi}) {
        for (const double radius : {1e-6, 0.1, 1.0, 2.0, 2.499, 2.501, 3.0, 5.0, 20.0}) {
            const Complex z = std::polar(radius, angle), exact = scaled_erfc_by_quadrature(z);
            INFO("z = " << z);
            CHECK(std::abs(scaled_erfc(z) / exact - 1.0) < 1e-11);
        }
    }
    CHECK(std::abs(scaled_erfc(1e6) * 1e6 * std::sqrt(std::numbers::pi) - 1.0) < 1e-12);
}

TEST_CASE("exponentials of many complex numbers and expm1 keep 15 digits") {
    for (const double re : {-600.0, -30.0, -0.5, 0.0, 1e-9, 3.0, 200.0}) {
        for (const double im : {0.0, 0.7, -1.6, 3.2, 100.5, -9e4}) {
            double x = re, y = im;
            exponentiate(&x, &y, 1);
            CHECK(std::abs(Complex(x, y) / std::exp(Complex(re, im)) - 1.0) < 2e-15);
        }
    }
    for (const double x : {-700.0, -40.0, -0.36, -0.34, -1e-12, 1e-300, 1e-5, 0.34, 0.36, 5.0, 600.0}) {
        CHECK(std::abs(portable::expm1(x) / std::expm1(x) - 1.0) < 2e-15);
    }
}

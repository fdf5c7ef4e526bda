#include "volstorm/math/black.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>

using namespace volstorm;

namespace {

constexpr double kForward = 5000.0;
constexpr OptionType kTypes[] = {OptionType::call, OptionType::put};

// Time value of the out-of-the-money side.
double time_value(double strike, double stdev) {
    return black_price(strike >= kForward ? OptionType::call : OptionType::put, kForward, strike, stdev);
}

}  // namespace

TEST_CASE("Black prices: a textbook figure, parity, intrinsic value and the limits") {
    // Hull, Options, Futures and Other Derivatives: put on a future, F = K = 20, vol 25 %, 4 months, r 9 %: 1.12.
    CHECK(std::abs(std::exp(-0.09 / 3.0) * black_price(OptionType::put, 20.0, 20.0, 0.25 * std::sqrt(1.0 / 3.0)) -
                   1.12) < 5e-3);
    for (const double strike : {3000.0, 4990.0, 5000.0, 7000.0}) {
        const double call = black_price(OptionType::call, kForward, strike, 0.3),
                     put = black_price(OptionType::put, kForward, strike, 0.3);
        CHECK(std::abs(call - put - (kForward - strike)) < 1e-9);
        CHECK(black_price(OptionType::call, kForward, strike, 0.0) == std::max(kForward - strike, 0.0));
        CHECK(std::abs(black_price(OptionType::put, kForward, strike, 50.0) - strike) < 1e-9);
    }
    CHECK(std::abs(black_price(OptionType::call, kForward, kForward, 0.2) -
                   kForward * std::erf(0.1 / std::numbers::sqrt2)) < 1e-9);
}

TEST_CASE("implied stdev takes back prices down to a time value of 1e-14 of the forward") {
    int tried = 0;
    for (const double stdev : {0.002, 0.008, 0.03, 0.12, 0.5, 1.5}) {
        for (double deviations = -7.5; deviations <= 7.5; deviations += 0.25) {
            const double strike = kForward * std::exp(deviations * stdev);
            const OptionType type = strike >= kForward ? OptionType::call : OptionType::put;
            const double price = time_value(strike, stdev);
            if (price < 1e-14 * kForward || price > 0.99 * std::min(strike, kForward)) continue;
            ++tried;
            INFO("stdev " << stdev << ", deviations " << deviations);
            CHECK(std::abs(black_implied_stdev(type, kForward, strike, price) / stdev - 1.0) < 1e-12);
        }
    }
    CHECK(tried > 300);
}

TEST_CASE("implied stdev of a price on the in-the-money side uses its time value") {
    for (const double strike : {4800.0, 5000.0, 5200.0}) {
        for (const OptionType type : kTypes) {
            const double price = black_price(type, kForward, strike, 0.05);
            CHECK(std::abs(black_implied_stdev(type, kForward, strike, price) / 0.05 - 1.0) < 1e-10);
        }
    }
}

TEST_CASE("implied stdev at and beyond the bounds of a price") {
    CHECK(black_implied_stdev(OptionType::call, 5000.0, 4900.0, 100.0) == 0.0);
    CHECK(black_implied_stdev(OptionType::call, 5000.0, 4900.0, 99.0) == 0.0);
    CHECK(black_implied_stdev(OptionType::put, 5000.0, 4900.0, -1.0) == 0.0);
    CHECK(std::isinf(black_implied_stdev(OptionType::call, 5000.0, 4900.0, 5000.0)));
    CHECK(std::isinf(black_implied_stdev(OptionType::put, 5000.0, 4900.0, 4900.0)));
    const double tiny = black_implied_stdev(OptionType::put, 5000.0, 4900.0, 1e-300);
    CHECK(tiny > 0.0);
    CHECK(std::isfinite(tiny));
}

TEST_CASE("delta, gamma and vega are the differences of the price") {
    for (const double stdev : {0.01, 0.2}) {
        for (const double deviations : {-2.0, -0.5, 0.0, 1.0}) {
            const double strike = kForward * std::exp(deviations * stdev), step = 1e-4 * kForward * stdev;
            for (const OptionType type : kTypes) {
                const double up = black_price(type, kForward + step, strike, stdev),
                             middle = black_price(type, kForward, strike, stdev);
                const double down = black_price(type, kForward - step, strike, stdev);
                CHECK(std::abs((up - down) / (2.0 * step) - black_delta(type, kForward, strike, stdev)) < 1e-7);
                const double gamma = black_gamma(kForward, strike, stdev);
                CHECK(std::abs((up - 2.0 * middle + down) / (step * step) - gamma) < 1e-4 * gamma);
                const double bump = 1e-5 * stdev;
                const double slope = (black_price(type, kForward, strike, stdev + bump) -
                                      black_price(type, kForward, strike, stdev - bump)) /
                                     (2.0 * bump);
                CHECK(std::abs(slope - black_vega(kForward, strike, stdev)) < 1e-5 * kForward);
            }
            const double call = black_delta(OptionType::call, kForward, strike, stdev),
                         put = black_delta(OptionType::put, kForward, strike, stdev);
            CHECK(std::abs(call - put - 1.0) < 1e-15);
        }
    }
}

TEST_CASE("at zero stdev delta is a step and the others vanish") {
    CHECK(black_delta(OptionType::call, 5000.0, 4900.0, 0.0) == 1.0);
    CHECK(black_delta(OptionType::call, 5000.0, 5100.0, 0.0) == 0.0);
    CHECK(black_delta(OptionType::put, 5000.0, 5100.0, 0.0) == -1.0);
    CHECK(black_delta(OptionType::put, 5000.0, 4900.0, 0.0) == 0.0);
    CHECK(black_gamma(5000.0, 5000.0, 0.0) == 0.0);
    CHECK(black_vega(5000.0, 5000.0, 0.0) == 0.0);
}

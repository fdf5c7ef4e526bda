#include "volstorm/math/portable.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "volstorm/math/normal.h"
#include "volstorm/math/threefry.h"

using namespace volstorm;

namespace {

template <class Value>
double relative_error(Value value, long double exact) {
    return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / std::abs(exact));
}

std::uint32_t word(std::uint64_t i) { return RandomKey(3, Stream::diffusion).words(i, 0)[0]; }

// Two normals from two words, as the path kernel makes them (Box, Muller 1958).
struct Pair {
    double first, second;
};
Pair box_muller(std::uint32_t radius_word, std::uint32_t angle_word) {
    const float radius = std::sqrt(-2.0f * portable::log(portable::uniform(radius_word)));
    const portable::SineCosine angle = portable::turn(angle_word);
    return {radius * angle.cosine, radius * angle.sine};
}

std::vector<double> normals(std::size_t pairs) {
    std::vector<double> list;
    const RandomKey key(4, Stream::diffusion);
    for (std::size_t i = 0; i < pairs; ++i) {
        const Words w = key.words(i, 0);
        const Pair pair = box_muller(w[0], w[1]);
        list.push_back(pair.first);
        list.push_back(pair.second);
    }
    return list;
}

}  // namespace

TEST_CASE("uniforms lie above 0 and up to 1, rise with the word and have mean one half") {
    CHECK(portable::uniform(0) == 0x1p-32f);
    CHECK(portable::uniform(0xffffffff) == 1.0f);
    float last = 0.0f;
    for (std::uint64_t w = 0; w <= 0xffffffff; w += 65'521) {
        const float u = portable::uniform(static_cast<std::uint32_t>(w));
        REQUIRE(u >= last);
        last = u;
    }
    double sum = 0.0;
    for (std::uint64_t i = 0; i < 100'000; ++i) sum += portable::uniform(word(i));
    CHECK(std::abs(sum / 1e5 - 0.5) < 4.0 * std::sqrt(1.0 / 12.0 / 1e5));
}

TEST_CASE("the float logarithm errs by less than 2e-7") {
    CHECK(portable::log(1.0f) == 0.0f);
    double worst = 0.0, worst_near_one = 0.0;
    const auto measure = [&](float x) {
        const long double exact = std::log(static_cast<long double>(x));
        if (x > 0.9f && x < 1.1f) {
            worst_near_one = std::max(worst_near_one, static_cast<double>(std::abs(portable::log(x) - exact)));
        } else {
            worst = std::max(worst, relative_error(portable::log(x), exact));
        }
    };
    for (const float x : {0x1p-32f, std::numeric_limits<float>::min(), std::numeric_limits<float>::max(), 0.70710677f,
                          0.70710678f, 1.4142135f, 1.4142136f}) {
        measure(x);
    }
    for (std::uint64_t i = 0; i < 300'000; ++i) measure(portable::uniform(word(i)));
    for (int i = -1000; i <= 1000; ++i) measure(1.0f + 1e-4f * static_cast<float>(i));
    CHECK(worst < 2e-7);
    CHECK(worst_near_one < 1e-8);
}

TEST_CASE("the double logarithm errs by less than 1e-15") {
    CHECK(portable::log(1.0) == 0.0);
    double worst = 0.0, worst_near_one = 0.0;
    const auto measure = [&](double x) {
        const long double exact = std::log(static_cast<long double>(x));
        if (std::abs(x - 1.0) < 0.1) {
            worst_near_one = std::max(worst_near_one, static_cast<double>(std::abs(portable::log(x) - exact)));
        } else {
            worst = std::max(worst, relative_error(portable::log(x), exact));
        }
    };
    for (const double x : {std::numeric_limits<double>::min(), std::numeric_limits<double>::max(), 0.5, 2.0,
                           std::numbers::sqrt2, 0.5 * std::numbers::sqrt2}) {
        measure(x);
    }
    for (std::uint64_t i = 0; i < 100'000; ++i)
        measure(std::ldexp(1.0 + 0x1p-32 * word(i), static_cast<int>(i % 2000) - 1000));
    for (int i = -1000; i <= 1000; ++i) measure(1.0 + 1e-4 * i);
    CHECK(worst < 1e-15);
    CHECK(worst_near_one < 1e-16);
}

TEST_CASE("the exponential errs by less than 1e-15") {
    CHECK(portable::exp(0.0) == 1.0);
    double worst = 0.0;
    for (int i = -70'000; i <= 70'000; ++i) {
        const double x = 0.01 * i + 0x1p-40 * word(static_cast<std::uint64_t>(i + 70'000));
        if (std::abs(x) >= 700.0) continue;
        worst = std::max(worst, relative_error(portable::exp(x), std::exp(static_cast<long double>(x))));
    }
    CHECK(worst < 1e-15);
}

TEST_CASE("sine and cosine err by less than 1.2e-7 on the whole turn") {
    double worst = 0.0;
    const auto measure = [&](std::uint32_t w) {
        // The four quadrants begin an eighth of a turn before the axes.
        const long double angle =
            2.0L * std::numbers::pi_v<long double> * (static_cast<long double>(w) * 0x1p-32L - 0.125L);
        const portable::SineCosine turn = portable::turn(w);
        worst = std::max(worst, static_cast<double>(std::abs(turn.sine - std::sin(angle))));
        worst = std::max(worst, static_cast<double>(std::abs(turn.cosine - std::cos(angle))));
    };
    for (const std::uint32_t w : {0u, 0x20000000u, 0x3fffffffu, 0x40000000u, 0x80000000u, 0xc0000000u, 0xffffffffu})
        measure(w);
    for (std::uint64_t i = 0; i < 300'000; ++i) measure(word(i));
    CHECK(worst < 1.2e-7);
}

TEST_CASE("Box-Muller normals follow the normal law (Kolmogorov, Smirnov)") {
    std::vector<double> x = normals(200'000);
    std::sort(x.begin(), x.end());
    double distance = 0.0;
    const double n = static_cast<double>(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double p = normal_distribution(x[i]);
        distance = std::max(
            {distance, std::abs(p - static_cast<double>(i) / n), std::abs(p - static_cast<double>(i + 1) / n)});
    }
    CHECK(distance * std::sqrt(n) < 1.95);  // exceeded once in a thousand samples
}

TEST_CASE("Box-Muller normals beyond 4 standard deviations are as many as they should be") {
    const std::vector<double> x = normals(2'000'000);
    const double expected = 2.0 * normal_distribution(-4.0) * static_cast<double>(x.size());  // about 253
    const auto beyond = std::count_if(x.begin(), x.end(), [](double value) { return std::abs(value) > 4.0; });
    CHECK(std::abs(static_cast<double>(beyond) - expected) < 4.0 * std::sqrt(expected));
    double product = 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) product += x[i] * x[i + 1];
    CHECK(std::abs(product) < 4.0 * std::sqrt(static_cast<double>(x.size()) / 2.0));
}

TEST_CASE("the furthest normal is 6.7 standard deviations out") {
    CHECK(std::abs(box_muller(0, 0x20000000).first - std::sqrt(64.0 * std::numbers::ln2)) < 1e-5);
    CHECK(box_muller(0xffffffff, 0x20000000).first == 0.0);
}

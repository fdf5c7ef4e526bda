#include "volstorm/math/portable.h"

#include <algorithm>
#include <array>
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

std::vector<double> normals(std::size_t pairs) {
    std::vector<double> list;
    const RandomKey key(4, Stream::diffusion);
    for (std::size_t i = 0; i < pairs; ++i) {
        const Words w = key.words(i, 0);
        const portable::NormalPair pair = portable::normal_pair(w[0], w[1]);
        list.push_back(pair.first);
        list.push_back(pair.second);
    }
    return list;
}

// The distance between a sample and its law, times the root of its size: above 1.95 once in a thousand samples.
template <class Law>
double kolmogorov_smirnov(std::vector<double> x, Law law) {
    std::sort(x.begin(), x.end());
    const double n = static_cast<double>(x.size());
    double distance = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double p = law(x[i]), rank = static_cast<double>(i);
        distance = std::max({distance, std::abs(p - rank / n), std::abs(p - (rank + 1.0) / n)});
    }
    return distance * std::sqrt(n);
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

TEST_CASE("twice the negative logarithm errs by less than 2e-7 of itself") {
    CHECK(portable::minus_two_log(1.0f) == 0.0f);
    double worst = 0.0;
    const auto measure = [&](float u) {
        worst =
            std::max(worst, relative_error(portable::minus_two_log(u), -2.0L * std::log(static_cast<long double>(u))));
    };
    for (const float u :
         {0x1p-32f, std::numeric_limits<float>::min(), 0.35355338f, 0.35355340f, 0.70710677f, 0.70710678f})
        measure(u);
    for (std::uint64_t i = 0; i < 300'000; ++i) measure(std::min(portable::uniform(word(i)), 0x1.fffffep-1f));
    for (int i = 1; i <= 3000; ++i) measure(1.0f - 0x1p-24f * static_cast<float>(i * i));
    CHECK(worst < 2e-7);
}

TEST_CASE("exponentials follow their law (Kolmogorov, Smirnov)") {
    std::vector<double> x;
    for (std::uint64_t i = 0; i < 200'000; ++i) x.push_back(portable::exponential(word(i)));
    CHECK(kolmogorov_smirnov(x, [](double value) { return -std::expm1(-value); }) < 1.95);
    CHECK(portable::exponential(0xffffffff) == 0.0f);
    CHECK(std::abs(portable::exponential(0) - 32.0 * std::numbers::ln2) < 1e-5);
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

TEST_CASE("sine and cosine of a quarter turn err by less than 2.5e-7") {
    double worst = 0.0;
    const auto measure = [&](float t) {
        const long double angle = 0.5L * std::numbers::pi_v<long double> * static_cast<long double>(t);
        const portable::SineCosine found = portable::quarter_turn(t);
        worst = std::max(worst, static_cast<double>(std::abs(found.sine - std::sin(angle))));
        worst = std::max(worst, static_cast<double>(std::abs(found.cosine - std::cos(angle))));
    };
    for (const float t : {-1.0f, -0.5f, 0.0f, 0x1p-31f, 0.5f, 1.0f}) measure(t);
    for (std::uint64_t i = 0; i < 300'000; ++i) measure(2.0f * portable::uniform(word(i)) - 1.0f);
    CHECK(worst < 2.5e-7);
}

TEST_CASE("a normal pair is a radius and an angle on the whole turn") {
    constexpr std::uint32_t radius_word = 0x12345678;
    const double radius = std::sqrt(-2.0 * std::log(static_cast<double>(portable::uniform(radius_word))));
    double worst = 0.0;
    const auto measure = [&](std::uint32_t w) {
        // The low 31 bits are the angle, from 0 up to a quarter turn and from minus that to 0; the top bit is half a
        // turn.
        const long double low = w & 0x7fffffffu,
                          half_turns = low * 0x1p-31L - (low < 0x1p30L ? 0.0L : 1.0L) + (w >> 31);
        const long double angle = std::numbers::pi_v<long double> * half_turns;
        const portable::NormalPair pair = portable::normal_pair(radius_word, w);
        worst = std::max(worst, static_cast<double>(std::abs(pair.first - radius * std::cos(angle))));
        worst = std::max(worst, static_cast<double>(std::abs(pair.second - radius * std::sin(angle))));
    };
    for (const std::uint32_t w :
         {0u, 0x20000000u, 0x3fffffffu, 0x40000000u, 0x7fffffffu, 0x80000000u, 0xc0000000u, 0xffffffffu})
        measure(w);
    for (std::uint64_t i = 0; i < 300'000; ++i) measure(word(i));
    CHECK(worst < 5e-7 * radius);
}

TEST_CASE("Box-Muller normals follow the normal law (Kolmogorov, Smirnov)") {
    CHECK(kolmogorov_smirnov(normals(200'000), [](double x) { return normal_distribution(x); }) < 1.95);
}

TEST_CASE("the angles of normal pairs are uniform, each eighth of the turn as likely") {
    const std::vector<double> x = normals(400'000);
    std::array<double, 8> counts{};
    for (std::size_t i = 0; i < x.size(); i += 2) {
        const double eighths = 4.0 * std::atan2(x[i + 1], x[i]) / std::numbers::pi;  // -4 to 4
        ++counts[static_cast<std::size_t>(std::floor(eighths) + 4.0) % 8];
    }
    for (const double count : counts) CHECK(std::abs(count - 50'000.0) < 4.5 * std::sqrt(50'000.0 * 7.0 / 8.0));
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
    CHECK(std::abs(portable::normal_pair(0, 0).first - std::sqrt(64.0 * std::numbers::ln2)) < 1e-5);
    CHECK(std::abs(portable::normal_pair(0, 0x80000000).first + std::sqrt(64.0 * std::numbers::ln2)) < 1e-5);
    CHECK(portable::normal_pair(0xffffffff, 0).first == 0.0);
}

TEST_CASE("quantiles of the exponential and the normal law err by no more than stated, into the tail") {
    double worst = 0.0;
    for (double p = 1e-14; p < 0.5; p *= 1.001) {
        const auto given = static_cast<float>(p);
        const double exact = normal_quantile(static_cast<double>(given));
        worst = std::max(worst, std::abs(portable::lower_normal_quantile(given) - exact) / std::abs(exact));
    }
    CHECK(worst < 1e-6);
    CHECK(portable::lower_normal_quantile(0.5f) == 0.0f);
    worst = 0.0;
    for (double p = 1e-12; p < 0.99; p *= 1.001) {
        const auto given = static_cast<float>(p);
        const double exact = -std::log1p(-static_cast<double>(given));
        worst = std::max(worst, std::abs(portable::exponential_quantile(given) - exact) / exact);
    }
    CHECK(worst < 3e-7);
    CHECK(portable::exponential_quantile(0.0f) == 0.0f);
}

TEST_CASE("the normal of a word rises with it, is symmetric, and its distribution function is the word") {
    float last = -10.0f;
    for (std::uint64_t w = 0; w <= 0xffffffff; w += 65'537) {
        const auto here = static_cast<std::uint32_t>(w);
        const float z = portable::normal_quantile(here);
        REQUIRE(z >= last);
        REQUIRE(portable::normal_quantile(~here) == -z);
        const double share = (static_cast<double>(w) + 0.5) * 0x1p-32;
        const double of_quantile = 1e-6 * std::abs(z) * normal_density(z),
                     of_word = 1.2e-7 * std::min(share, 1.0 - share);
        REQUIRE(std::abs(normal_distribution(z) - share) <= of_quantile + of_word);
        last = z;
    }
}

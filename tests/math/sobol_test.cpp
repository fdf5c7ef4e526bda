#include "volstorm/math/sobol.h"

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

#include "volstorm/math/threefry.h"

using namespace volstorm;

TEST_CASE("points are those of Boost.Random, in its order, from any point on") {
    constexpr std::size_t kDimensions = 11;
    const SobolPoints points(kDimensions);
    boost::random::sobol_engine<std::uint32_t, 32> engine(kDimensions);
    for (std::uint32_t n = 1; n <= 5'000; ++n) {
        for (std::size_t d = 0; d < kDimensions; ++d) REQUIRE(points.coordinate(n, d) == engine());
    }
    engine.seed(4'000'000'000u - 1);
    for (std::size_t d = 0; d < kDimensions; ++d) CHECK(points.coordinate(4'000'000'000u, d) == engine());
    for (std::size_t d = 0; d < kDimensions; ++d) CHECK(points.coordinate(0, d) == 0);
}

TEST_CASE("scrambled by any seed, the first 2^k points have one coordinate in each of 2^k equal intervals") {
    const SobolPoints points(11);
    for (const unsigned bits : {0u, 3u, 8u, 12u}) {
        for (std::uint32_t seed = 1; seed < 0xF0000000u; seed += 0x0FEDCBA9u) {
            for (std::size_t d = 0; d < points.dimensions(); ++d) {
                std::set<std::uint32_t> intervals;
                for (std::uint32_t n = 0; n < 1u << bits; ++n) {
                    const std::uint32_t x = scrambled(reversed_bits(points.coordinate(n, d)), seed);
                    intervals.insert(bits == 0 ? 0 : x >> (32 - bits));
                }
                REQUIRE(intervals.size() == 1u << bits);
            }
        }
    }
}

TEST_CASE("over seeds a scrambled point is uniform, and two points are uncorrelated unless the sequence says so") {
    constexpr int kSeeds = 40'000, kBins = 64;
    const SobolPoints points(3);
    std::vector<int> count(kBins);
    double products = 0.0;
    for (int i = 0; i < kSeeds; ++i) {
        const std::uint32_t seed = RandomKey(5, Stream::scrambling).words(static_cast<std::uint64_t>(i), 0)[0];
        const auto u = [&](std::uint32_t n) {
            return std::ldexp(scrambled(reversed_bits(points.coordinate(n, 1)), seed) + 0.5, -32);
        };
        ++count[static_cast<std::size_t>(u(0) * kBins)];
        // The first two points always lie in different halves: given that, their places in the halves are independent.
        products += (std::fmod(2.0 * u(0), 1.0) - 0.5) * (std::fmod(2.0 * u(1), 1.0) - 0.5);
    }
    double chi_square = 0.0;
    const double fair = static_cast<double>(kSeeds) / kBins;
    for (const int c : count) chi_square += (c - fair) * (c - fair) / fair;
    CHECK(chi_square < 103.4);  // once in a thousand of 63 degrees of freedom
    CHECK(std::abs(products / kSeeds) < 4.0 / 12.0 / std::sqrt(kSeeds));
}

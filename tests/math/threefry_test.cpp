#include "volstorm/math/threefry.h"

#include <Random123/threefry.h>

#include <boost/random/normal_distribution.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

using namespace volstorm;

namespace {

Words random123(const Words& counter, const Words& key) {
    threefry4x32_ctr_t c{};
    threefry4x32_key_t k{};
    for (std::size_t i = 0; i < 4; ++i) c.v[i] = counter[i], k.v[i] = key[i];
    const threefry4x32_ctr_t words = threefry4x32_R(20, c, k);
    return {words.v[0], words.v[1], words.v[2], words.v[3]};
}

double unit(std::uint32_t word) { return (static_cast<double>(word) + 0.5) * 0x1p-32; }

// Sum of (observed - expected)^2 / expected over equally likely cells, as a standard normal (Wilson, Hilferty 1931).
double chi_square_deviation(const std::vector<std::size_t>& counts, double total) {
    const double expected = total / static_cast<double>(counts.size()),
                 freedom = static_cast<double>(counts.size() - 1);
    double sum = 0.0;
    for (const std::size_t count : counts) sum += std::pow(static_cast<double>(count) - expected, 2) / expected;
    const double variance = 2.0 / (9.0 * freedom);
    return (std::cbrt(sum / freedom) - (1.0 - variance)) / std::sqrt(variance);
}

}  // namespace

TEST_CASE("threefry gives Random123's known answers") {
    // kat_vectors of Random123 1.14, threefry4x32 with 20 rounds.
    CHECK(threefry({0, 0, 0, 0}, {0, 0, 0, 0}) == Words{0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8});
    const std::uint32_t ones = 0xffffffff;
    CHECK(threefry({ones, ones, ones, ones}, {ones, ones, ones, ones}) ==
          Words{0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732});
    CHECK(
        threefry({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89}) ==
        Words{0x59cd1dbb, 0xb8879579, 0x86b5d00c, 0xac8b6d84});
}

TEST_CASE("threefry equals Random123's own program on a thousand counters and keys") {
    Words counter{}, key{};
    for (int i = 0; i < 1000; ++i) {
        const Words words = threefry(counter, key);
        REQUIRE(words == random123(counter, key));
        counter = i % 3 == 0 ? Words{words[1], words[0], ~0u, words[3]} : words;
        key = {words[2] ^ static_cast<std::uint32_t>(i), words[3], words[0], i % 7 == 0 ? ~0u : words[1]};
    }
}

TEST_CASE("every part of the key and of the counter changes the words") {
    const Words words = RandomKey(1, Stream::diffusion).words(2, 3);
    std::set<Words> all{words};
    all.insert(RandomKey(2, Stream::diffusion).words(2, 3));
    all.insert(RandomKey(1 + (1ull << 32), Stream::diffusion).words(2, 3));
    all.insert(RandomKey(1, Stream::jump).words(2, 3));
    all.insert(RandomKey(1, Stream::diffusion, 1).words(2, 3));
    all.insert(RandomKey(1, Stream::diffusion).words(3, 3));
    all.insert(RandomKey(1, Stream::diffusion).words(2 + (1ull << 32), 3));
    all.insert(RandomKey(1, Stream::diffusion).words(2, 4));
    all.insert(RandomKey(1, Stream::diffusion).words(2, 3, 1));
    CHECK(all.size() == 9);
    CHECK(RandomKey(1, Stream::diffusion).words(2, 3) == words);
}

TEST_CASE("the engine hands out the words of a path in order and serves Boost.Random") {
    const RandomKey key(7, Stream::event);
    ThreefryEngine engine(key, 11);
    for (const std::uint32_t draw : {0u, 1u, 2u}) {
        for (const std::uint32_t word : key.words(11, draw)) REQUIRE(engine() == word);
    }
    boost::random::normal_distribution<double> normal(3.0, 2.0);
    const int count = 200'000;
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < count; ++i) {
        const double x = normal(engine) - 3.0;
        sum += x;
        squares += x * x;
    }
    CHECK(std::abs(sum / count) < 4.0 * 2.0 / std::sqrt(count));
    CHECK(std::abs(squares / count - 4.0) < 4.0 * 4.0 * std::sqrt(2.0 / count));
}

TEST_CASE("open uniforms stay inside (0, 1) and are uniform") {
    ThreefryEngine engine(RandomKey(3, Stream::backtest), 0);
    constexpr std::size_t count = 100'000;
    std::vector<std::size_t> cells(100);
    for (std::size_t i = 0; i < count; ++i) {
        const double u = open_uniform(engine);
        REQUIRE((u > 0.0 && u < 1.0));
        ++cells[static_cast<std::size_t>(100.0 * u)];
    }
    CHECK(std::abs(chi_square_deviation(cells, count)) < 4.0);
}

TEST_CASE("the words of successive paths are uniform, alone and in pairs") {
    constexpr std::size_t paths = 400'000;
    const RandomKey key(20250617, Stream::diffusion);
    std::vector<std::size_t> bytes(256), pairs(64 * 64), bits(32);
    for (std::uint64_t path = 0; path < paths; ++path) {
        const Words w = key.words(path, 5);
        ++bytes[w[0] >> 24];
        ++pairs[(w[0] >> 26) * 64 + (w[1] >> 26)];
        for (std::size_t bit = 0; bit < 32; ++bit) bits[bit] += (w[2] >> bit) & 1u;
    }
    CHECK(std::abs(chi_square_deviation(bytes, paths)) < 4.0);
    CHECK(std::abs(chi_square_deviation(pairs, paths)) < 4.0);
    for (const std::size_t count : bits) {
        CHECK(std::abs(static_cast<double>(count) - 0.5 * paths) < 4.5 * std::sqrt(0.25 * paths));
    }
}

TEST_CASE("neighbouring paths, draws and seeds are uncorrelated") {
    constexpr std::size_t count = 200'000;
    const RandomKey key(1, Stream::diffusion), next_seed(2, Stream::diffusion), jumps(1, Stream::jump);
    double by_path = 0.0, by_draw = 0.0, by_seed = 0.0, by_stream = 0.0;
    for (std::uint64_t path = 0; path < count; ++path) {
        const double here = unit(key.words(path, 0)[0]) - 0.5;
        by_path += here * (unit(key.words(path + 1, 0)[0]) - 0.5);
        by_draw += here * (unit(key.words(path, 1)[0]) - 0.5);
        by_seed += here * (unit(next_seed.words(path, 0)[0]) - 0.5);
        by_stream += here * (unit(jumps.words(path, 0)[0]) - 0.5);
    }
    const double standard_error = std::sqrt(static_cast<double>(count)) / 12.0;
    CHECK(std::abs(by_path) < 4.0 * standard_error);
    CHECK(std::abs(by_draw) < 4.0 * standard_error);
    CHECK(std::abs(by_seed) < 4.0 * standard_error);
    CHECK(std::abs(by_stream) < 4.0 * standard_error);
}

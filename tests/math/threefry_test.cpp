#include "volstorm/math/threefry.h"

#include <Random123/threefry.h>

#include <boost/random/normal_distribution.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

using namespace volstorm;

namespace {

template <unsigned Rounds>
Words random123(const Words& counter, const Words& key) {
    threefry4x32_ctr_t c{};
    threefry4x32_key_t k{};
    for (std::size_t i = 0; i < 4; ++i) c.v[i] = counter[i], k.v[i] = key[i];
    const threefry4x32_ctr_t words = threefry4x32_R(Rounds, c, k);
    return {words.v[0], words.v[1], words.v[2], words.v[3]};
}

// Threefry as the Skein paper writes its cipher (Ferguson et al. 2010, sections 3.3.1 and 3.3.2): round after round the
// subkey where one is due, then MIX on the neighbours, then the words permuted by {0, 3, 2, 1}.
Words as_in_skein(const Words& counter, const Words& key, int rounds) {
    const std::uint32_t rotations[8][2] = {{10, 26}, {11, 21}, {13, 27}, {23, 5},
                                           {6, 20},  {17, 11}, {25, 10}, {18, 20}};
    const std::uint64_t two_32 = 1ull << 32;
    std::vector<std::uint64_t> k(key.begin(), key.end()), x(counter.begin(), counter.end());
    k.push_back(key[0] ^ key[1] ^ key[2] ^ key[3] ^ 466688986);
    const auto add_subkey = [&](int s) {
        for (int i = 0; i < 4; ++i) {
            std::uint64_t& word = x[static_cast<std::size_t>(i)];
            word = (word + k[static_cast<std::size_t>((s + i) % 5)] + (i == 3 ? static_cast<unsigned>(s) : 0)) % two_32;
        }
    };
    for (int d = 0; d < rounds; ++d) {
        if (d % 4 == 0) add_subkey(d / 4);
        std::vector<std::uint64_t> f(4);
        for (std::size_t j = 0; j < 2; ++j) {
            const std::uint64_t rotation = rotations[d % 8][j], right = x[2 * j + 1];
            f[2 * j] = (x[2 * j] + right) % two_32;
            f[2 * j + 1] = ((right << rotation) % two_32 + (right >> (32 - rotation))) ^ f[2 * j];
        }
        x = {f[0], f[3], f[2], f[1]};
    }
    if (rounds % 4 == 0) add_subkey(rounds / 4);
    if (rounds % 2 == 1) std::swap(x[1], x[3]);  // Random123 leaves words where they are
    return {static_cast<std::uint32_t>(x[0]), static_cast<std::uint32_t>(x[1]), static_cast<std::uint32_t>(x[2]),
            static_cast<std::uint32_t>(x[3])};
}

// Counters and keys of Random123's kat_vectors.
struct KnownInput {
    Words counter, key;
};
const std::uint32_t kOnes = 0xffffffff;
const KnownInput kKnownInputs[] = {
    {{0, 0, 0, 0}, {0, 0, 0, 0}},
    {{kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes, kOnes, kOnes}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89}}};

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
    // kat_vectors of Random123 1.14, threefry4x32 with 13 and with 20 rounds.
    const Words thirteen[] = {{0x531c7e4f, 0x39491ee5, 0x2c855a92, 0x3d6abf9a},
                              {0xc4189358, 0x1c9cc83a, 0xd5881c67, 0x6a0a89e0},
                              {0x4aa71d8f, 0x734738c2, 0x431fc6a8, 0xae6debf1}},
                twenty[] = {{0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8},
                            {0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732},
                            {0x59cd1dbb, 0xb8879579, 0x86b5d00c, 0xac8b6d84}};
    for (std::size_t i = 0; i < std::size(kKnownInputs); ++i) {
        const auto& [counter, key] = kKnownInputs[i];
        CHECK(threefry(counter, key, 13) == thirteen[i]);
        CHECK(threefry(counter, key) == twenty[i]);
        CHECK(as_in_skein(counter, key, 13) == thirteen[i]);
        CHECK(as_in_skein(counter, key, 20) == twenty[i]);
    }
}

TEST_CASE("threefry with 12 rounds gives the words of two independent programs") {
    // kat_vectors has none of 12 rounds: these are the words of Random123's own program and of as_in_skein.
    const Words twelve[] = {{0xa97328cd, 0xa9a95582, 0x2e34d974, 0xfe50811e},
                            {0x38b681eb, 0x8b62116d, 0xac2fa06f, 0x29587bf8},
                            {0x15bf9cfa, 0x34e78095, 0x204a27d1, 0x22d59ed7}};
    for (std::size_t i = 0; i < std::size(kKnownInputs); ++i) {
        const auto& [counter, key] = kKnownInputs[i];
        CHECK(threefry(counter, key, 12) == twelve[i]);
        CHECK(random123<12>(counter, key) == twelve[i]);
        CHECK(as_in_skein(counter, key, 12) == twelve[i]);
    }
}

TEST_CASE("threefry equals Random123's own program on a thousand counters and keys") {
    Words counter{}, key{};
    for (int i = 0; i < 1000; ++i) {
        const Words words = threefry(counter, key);
        REQUIRE(words == random123<20>(counter, key));
        REQUIRE(threefry(counter, key, 12) == random123<12>(counter, key));
        REQUIRE(threefry(counter, key, 12) == as_in_skein(counter, key, 12));
        counter = i % 3 == 0 ? Words{words[1], words[0], ~0u, words[3]} : words;
        key = {words[2] ^ static_cast<std::uint32_t>(i), words[3], words[0], i % 7 == 0 ? ~0u : words[1]};
    }
}

TEST_CASE("the diffusion has 12 rounds, every other stream 20") {
    CHECK(RandomKey(1, Stream::diffusion).words(2, 3, 4) == threefry({2, 0, 3, 4}, {1, 0, 0, 0}, 12));
    for (const std::uint32_t stream : {1u, 3u, 8u, 10u}) {
        const RandomKey key(1, static_cast<Stream>(stream), 5);
        CHECK(key.words(2, 3, 4) == threefry({2, 0, 3, 4}, {1, 0, stream, 5}));
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

#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace volstorm {

using Words = std::array<std::uint32_t, 4>;

/// Rounds of Threefry4x32: the number its authors propose, and the least that they found to withstand all of BigCrush
/// (Salmon, Moraes, Dror, Shaw 2011, table 2).
inline constexpr std::size_t kThreefryRounds = 20, kFewThreefryRounds = 12;

/// Threefry4x32 (Salmon, Moraes, Dror, Shaw 2011): random words as a pure function of a counter and a key.
constexpr Words threefry(Words counter, Words key, std::size_t rounds = kThreefryRounds) {
    constexpr int rotations[8][2] = {{10, 26}, {11, 21}, {13, 27}, {23, 5}, {6, 20}, {17, 11}, {25, 10}, {18, 20}};
    const std::uint32_t schedule[5] = {key[0], key[1], key[2], key[3], 0x1BD11BDAu ^ key[0] ^ key[1] ^ key[2] ^ key[3]};
    Words x = counter;
    for (std::size_t i = 0; i < 4; ++i) x[i] += schedule[i];
    for (std::size_t round = 0; round < rounds; ++round) {
        const std::size_t first = round % 2 == 0 ? 1 : 3, second = round % 2 == 0 ? 3 : 1;
        x[0] += x[first];
        x[first] = std::rotl(x[first], rotations[round % 8][0]) ^ x[0];
        x[2] += x[second];
        x[second] = std::rotl(x[second], rotations[round % 8][1]) ^ x[2];
        if (round % 4 != 3) continue;
        const std::size_t injection = round / 4 + 1;
        for (std::size_t i = 0; i < 4; ++i) x[i] += schedule[(injection + i) % 5];
        x[3] += static_cast<std::uint32_t>(injection);
    }
    return x;
}

/// What random numbers are drawn for. A new consumer takes a new number at the end: the others keep theirs.
enum class Stream : std::uint32_t {
    diffusion = 0,
    jump = 1,
    event = 2,
    bridge = 3,      // extremes between the ends of steps
    resampling = 4,  // of a history
    backtest = 5,    // forecasts drawn to judge a statistic
    start = 6,       // of a search
    history = 7,     // sessions drawn by paths, and their ways between known points
    world = 8,       // the diffusion that stands for the jumps of another physical world
    strata = 9,      // what a sample in strata draws first
    scrambling = 10  // of Sobol points
};

/// One sequence of random words: a pure function of (seed, stream, index, path, draw). `index` tells apart what a
/// stream serves several of, such as jump families. The diffusion, of which a path takes the most words by far, has the
/// few rounds: a fifth of the time of a step. Everything else has all.
struct RandomKey {
    Words key;
    RandomKey(std::uint64_t seed, Stream stream, std::uint32_t index = 0)
        : key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
              static_cast<std::uint32_t>(stream), index} {}
    std::size_t rounds() const {
        return key[2] == static_cast<std::uint32_t>(Stream::diffusion) ? kFewThreefryRounds : kThreefryRounds;
    }
    Words words(std::uint64_t path, std::uint32_t draw, std::uint32_t part = 0) const {
        return threefry({static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32), draw, part}, key,
                        rounds());
    }
};

/// A generator in the sense of Boost.Random and the standard library: the words of one path, one after another.
class ThreefryEngine {
 public:
    using result_type = std::uint32_t;
    ThreefryEngine(RandomKey key, std::uint64_t path) : key_(key), path_(path) {}
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return 0xFFFFFFFFu; }
    result_type operator()() {
        if (next_ == 4) {
            buffer_ = key_.words(path_, draw_++);
            next_ = 0;
        }
        return buffer_[next_++];
    }

 private:
    RandomKey key_;
    std::uint64_t path_;
    std::uint32_t draw_ = 0;
    Words buffer_{};
    std::size_t next_ = 4;
};

/// Uniform in (0, 1) from the next two words: odd multiples of 2^-53, symmetric around a half.
inline double open_uniform(ThreefryEngine& engine) {
    const std::uint64_t high = engine(), low = engine();
    return (static_cast<double>((high << 32 | low) >> 12) + 0.5) * 0x1p-52;
}

}  // namespace volstorm

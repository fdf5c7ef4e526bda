#include "random_words.h"

#include "volstorm/core/clones.h"

namespace volstorm {
namespace {

#define VOLSTORM_MIX(a, b, c, d, r, s)    \
    a += b;                               \
    b = ((b << r) | (b >> (32 - r))) ^ a; \
    c += d;                               \
    d = ((d << s) | (d >> (32 - s))) ^ c;
#define VOLSTORM_INJECT(a, b, c, d, n) \
    x0 += a;                           \
    x1 += b;                           \
    x2 += c;                           \
    x3 += d + n;
#define VOLSTORM_FOUR_ROUNDS             \
    VOLSTORM_MIX(x0, x1, x2, x3, 10, 26) \
    VOLSTORM_MIX(x0, x3, x2, x1, 11, 21) \
    VOLSTORM_MIX(x0, x1, x2, x3, 13, 27) \
    VOLSTORM_MIX(x0, x3, x2, x1, 23, 5)
#define VOLSTORM_NEXT_FOUR_ROUNDS        \
    VOLSTORM_MIX(x0, x1, x2, x3, 6, 20)  \
    VOLSTORM_MIX(x0, x3, x2, x1, 17, 11) \
    VOLSTORM_MIX(x0, x1, x2, x3, 25, 10) \
    VOLSTORM_MIX(x0, x3, x2, x1, 18, 20)
#define VOLSTORM_TWELVE_ROUNDS          \
    VOLSTORM_FOUR_ROUNDS                \
    VOLSTORM_INJECT(k1, k2, k3, k4, 1u) \
    VOLSTORM_NEXT_FOUR_ROUNDS           \
    VOLSTORM_INJECT(k2, k3, k4, k0, 2u) \
    VOLSTORM_FOUR_ROUNDS                \
    VOLSTORM_INJECT(k3, k4, k0, k1, 3u)
#define VOLSTORM_LAST_EIGHT_ROUNDS      \
    VOLSTORM_NEXT_FOUR_ROUNDS           \
    VOLSTORM_INJECT(k4, k0, k1, k2, 4u) \
    VOLSTORM_FOUR_ROUNDS                \
    VOLSTORM_INJECT(k0, k1, k2, k3, 5u)

// Two functions: with the number of rounds as an argument g++ 12 leaves the shipped loop at a third of the speed.
VOLSTORM_CLONES
void fill_twelve(const Words key, const std::uint32_t* __restrict number_low,
                 const std::uint32_t* __restrict number_high, std::uint32_t draw, std::uint32_t part, WordBlock& out) {
    const std::uint32_t k0 = key[0], k1 = key[1], k2 = key[2], k3 = key[3], k4 = 0x1BD11BDAu ^ k0 ^ k1 ^ k2 ^ k3;
    VOLSTORM_INDEPENDENT
    for (std::uint32_t i = 0; i < kBlockPaths; ++i) {
        std::uint32_t x0 = number_low[i] + k0, x1 = number_high[i] + k1, x2 = draw + k2, x3 = part + k3;
        VOLSTORM_TWELVE_ROUNDS
        out.w0[i] = x0;
        out.w1[i] = x1;
        out.w2[i] = x2;
        out.w3[i] = x3;
    }
}

VOLSTORM_CLONES
void fill_twenty(const Words key, const std::uint32_t* __restrict number_low,
                 const std::uint32_t* __restrict number_high, std::uint32_t draw, std::uint32_t part, WordBlock& out) {
    const std::uint32_t k0 = key[0], k1 = key[1], k2 = key[2], k3 = key[3], k4 = 0x1BD11BDAu ^ k0 ^ k1 ^ k2 ^ k3;
    VOLSTORM_INDEPENDENT
    for (std::uint32_t i = 0; i < kBlockPaths; ++i) {
        std::uint32_t x0 = number_low[i] + k0, x1 = number_high[i] + k1, x2 = draw + k2, x3 = part + k3;
        VOLSTORM_TWELVE_ROUNDS
        VOLSTORM_LAST_EIGHT_ROUNDS
        out.w0[i] = x0;
        out.w1[i] = x1;
        out.w2[i] = x2;
        out.w3[i] = x3;
    }
}

#undef VOLSTORM_MIX
#undef VOLSTORM_INJECT
#undef VOLSTORM_FOUR_ROUNDS
#undef VOLSTORM_NEXT_FOUR_ROUNDS
#undef VOLSTORM_TWELVE_ROUNDS
#undef VOLSTORM_LAST_EIGHT_ROUNDS

}  // namespace

void fill_words(const RandomKey& key, const std::uint32_t* number_low, const std::uint32_t* number_high,
                std::uint32_t draw, std::uint32_t part, WordBlock& out) {
    const auto fill = key.rounds() == kFewThreefryRounds ? fill_twelve : fill_twenty;
    fill(key.key, number_low, number_high, draw, part, out);
}

}  // namespace volstorm

#include "volstorm/engine/extremes.h"

#include <cmath>

#include "random_words.h"
#include "volstorm/core/clones.h"
#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

constexpr float kUnseen = 0.5826f;  // -zeta(1/2) / sqrt(2 pi)

VOLSTORM_CLONES
void widen(float dt, float unseen, const std::uint32_t* __restrict up_words, const std::uint32_t* __restrict down_words,
           const float* __restrict from, const float* __restrict to, const float* __restrict v, float* __restrict low,
           float* __restrict high) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const float sum = from[i] + to[i], move = to[i] - from[i], variance = v[i] * dt;
        const float up = portable::minus_two_log(portable::uniform(up_words[i]));
        const float down = portable::minus_two_log(portable::uniform(down_words[i]));
        const float shift = unseen * std::sqrt(variance);
        const float top = 0.5f * (sum + std::sqrt(move * move + variance * up)) - shift;
        const float bottom = 0.5f * (sum - std::sqrt(move * move + variance * down)) + shift;
        const float highest = top > to[i] ? top : to[i], lowest = bottom < to[i] ? bottom : to[i];
        high[i] = highest > high[i] ? highest : high[i];
        low[i] = lowest < low[i] ? lowest : low[i];
    }
}

}  // namespace

void Extremes::start(const PathBlock& block) { low = high = block.x; }

void Extremes::after(const PathPlan& plan, std::size_t step, const PathBlock& block, float looks) {
    const RandomKey key(plan.seed, Stream::bridge);
    WordBlock words;
    fill_words(key, block.number_low.data(), block.number_high.data(), static_cast<std::uint32_t>(step), 0, words);
    const float unseen = looks > 0.0f ? kUnseen / std::sqrt(looks) : 0.0f;
    widen(plan.steps[step].dt, unseen, words.w0, words.w1, x_before.data(), block.x.data(), block.positive_v.data(),
          low.data(), high.data());
}

}  // namespace volstorm

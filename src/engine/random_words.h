#pragma once
#include <cstdint>

#include "volstorm/engine/path_block.h"
#include "volstorm/math/threefry.h"

namespace volstorm {

/// Four words for each path of a block.
struct alignas(64) WordBlock {
    std::uint32_t w0[kBlockPaths], w1[kBlockPaths], w2[kBlockPaths], w3[kBlockPaths];
};

/// The words of a key over a block: as RandomKey::words, with the rounds written out so that the loops vectorise.
void fill_words(const RandomKey& key, const std::uint32_t* number_low, const std::uint32_t* number_high,
                std::uint32_t draw, std::uint32_t part, WordBlock& out);

}  // namespace volstorm

// Writes the random words of the diffusion stream to stdout, without end, as 32-bit numbers of this machine.
//   stream_words paths [seed]   as the kernel draws them: 512 paths, a fill of four steps, a part, a word, each path
//   stream_words steps [seed]   path after path: all words of its 78 steps
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "random_words.h"
#include "volstorm/engine/path_block.h"
#include "volstorm/math/threefry.h"

using namespace volstorm;

namespace {

constexpr std::uint32_t kParts = kNormalsPerStep;  // of a fill, four words each
constexpr std::uint32_t kCalls = (78 + kStepsPerFill - 1) / kStepsPerFill * kParts;

struct Numbers {
    std::array<std::uint32_t, kBlockPaths> low, high;
};

Numbers numbers_from(std::uint64_t first) {
    Numbers numbers;
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        numbers.low[i] = static_cast<std::uint32_t>(first + i);
        numbers.high[i] = static_cast<std::uint32_t>((first + i) >> 32);
    }
    return numbers;
}

// The words of 512 paths from `first` on, in either order.
void draw_block(const RandomKey& key, std::uint64_t first, bool over_paths, std::vector<std::uint32_t>& out) {
    const Numbers numbers = numbers_from(first);
    WordBlock block;
    for (std::uint32_t call = 0; call < kCalls; ++call) {
        fill_words(key, numbers.low.data(), numbers.high.data(), call / kParts, call % kParts, block);
        const std::uint32_t* words[] = {block.w0, block.w1, block.w2, block.w3};
        for (std::size_t w = 0; w < 4; ++w) {
            for (std::size_t i = 0; i < kBlockPaths; ++i) {
                const std::size_t by_path = (call * 4 + w) * kBlockPaths + i, by_step = (i * kCalls + call) * 4 + w;
                out[over_paths ? by_path : by_step] = words[w][i];
            }
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view order = argc > 1 ? argv[1] : "";
    if (order != "paths" && order != "steps") {
        std::fputs("stream_words paths|steps [seed]\n", stderr);
        return 2;
    }
    const RandomKey key(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1, Stream::diffusion);
    std::vector<std::uint32_t> words(kBlockPaths * kCalls * 4);
    for (std::uint64_t first = 0;; first += kBlockPaths) {
        draw_block(key, first, order == "paths", words);
        if (std::fwrite(words.data(), sizeof words[0], words.size(), stdout) != words.size()) return 0;  // no reader
    }
}

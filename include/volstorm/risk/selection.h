#pragma once
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "volstorm/risk/column.h"

namespace volstorm {

/// Bits that sort as the numbers do: negative numbers have all bits flipped, the others their sign bit. -0.0 comes
/// directly before 0.0.
constexpr std::uint32_t order_key(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return bits & 0x8000'0000u ? ~bits : bits | 0x8000'0000u;
}

constexpr float value_of_key(std::uint32_t key) {
    return std::bit_cast<float>(key & 0x8000'0000u ? key & 0x7fff'ffffu : ~key);
}

/// The entries that would stand at `ranks` (0: the smallest) if the column were sorted: exact, from two passes over the
/// column whatever the number of ranks. Memory: 0.5 MB for each rank at most. Refuses numbers that are not finite,
/// naming the entry, and ranks outside the column.
std::vector<float> order_statistics(const Column& column, std::span<const std::uint64_t> ranks);

}  // namespace volstorm

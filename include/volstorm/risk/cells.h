#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "volstorm/instrument/breach.h"

namespace volstorm {

/// Every path lies in one cell: how the condor settled, and which way SPX went (unchanged counts as up). What is
/// reported apart are unions of cells, so one pass over the paths serves them all.
inline constexpr std::size_t kCells = 6;

constexpr std::uint8_t cell_of(std::uint8_t breach_code, float spx_return) {
    return static_cast<std::uint8_t>(2 * breach_code + (spx_return < 0.0f ? 0 : 1));
}

/// A union of cells: one bit for each.
using CellSet = std::uint8_t;

constexpr bool contains(CellSet set, std::size_t cell) { return (set >> cell & 1) != 0; }

/// The groups of paths whose P&L is reported.
enum Group : std::size_t { kWhole, kNoBreach, kDownBreach, kUpBreach, kSpxDown, kSpxUp };
inline constexpr std::array<CellSet, 6> kGroups{0b111111, 0b000011, 0b001100, 0b110000, 0b010101, 0b101010};
constexpr Group group_of(Breach breach) { return static_cast<Group>(kNoBreach + static_cast<std::size_t>(breach)); }

}  // namespace volstorm

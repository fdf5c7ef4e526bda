#pragma once
#include <span>
#include <string>
#include <vector>

namespace volstorm {

/// A value with its interval; the values of a column stand right-aligned, the intervals behind them.
struct BandCell {
    std::string value, interval;
};
struct BandColumn {
    std::string head;
    std::vector<BandCell> cells;  // a world each
    std::string lowest, highest;  // of the values
};

/// One line a world, then the lowest and the highest value; lines are at most 100 columns, else without the intervals.
std::string band_table(std::span<const std::string> worlds, std::vector<BandColumn> columns);

}  // namespace volstorm

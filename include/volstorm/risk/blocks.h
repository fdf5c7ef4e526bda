#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "volstorm/instrument/breach.h"
#include "volstorm/risk/column.h"
#include "volstorm/risk/summary.h"

namespace volstorm {

/// Says from a path's entry in another column (a code, a return, a flag) whether the path is kept.
using Keep = std::function<bool(float)>;

/// The entries of `values` on the paths that `keep` accepts, in order, as a column of their own. Both columns outlive
/// it. Memory: 8 bytes for each 65,536 paths, and 0.5 MB while reading.
class FilteredColumn final : public Column {
 public:
    /// One pass over the selector. Throws std::invalid_argument where the sizes differ or the selector is not finite.
    FilteredColumn(const Column& values, const Column& selector, Keep keep);
    std::uint64_t size() const override { return kept_before_.back(); }
    /// Refuses values that are not finite under their number in `values`.
    void read(std::uint64_t first, std::span<float> out) const override;

 private:
    const Column& values_;
    const Column& selector_;
    Keep keep_;
    std::vector<std::uint64_t> kept_before_{0};  // by chunk of `values`; the last is the total
};

/// The paths on which something happened.
struct Conditional {
    Estimate share;                  // of all paths
    std::optional<Summary> summary;  // within them: levels are shares of these paths; nothing where there are none
};

/// P&L on the kept paths alone.
Conditional summarise_where(const Column& pnl, const Column& selector, const Keep& keep,
                            std::span<const double> levels = kTailLevels);

/// P&L on the paths whose code is `breach`.
Conditional summarise_breach(const Column& pnl, const Column& breach_code, Breach breach,
                             std::span<const double> levels = kTailLevels);

/// The two sides of the market apart: the worst states of a hedged condor are up-breaches, where a long VIX position
/// loses too, and in the tail of the whole they would hide what the hedge does on down days.
struct Sides {
    Conditional down, up;  // spx_return below zero; zero or above
};
Sides summarise_sides(const Column& pnl, const Column& spx_return, std::span<const double> levels = kTailLevels);

}  // namespace volstorm

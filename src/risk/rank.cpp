#include "volstorm/risk/rank.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace volstorm {
namespace {

bool worse(const RankedPath& a, const RankedPath& b) { return a.pnl != b.pnl ? a.pnl < b.pnl : a.path < b.path; }

}  // namespace

std::vector<RankedPath> worst_paths(const Column& pnl, std::uint64_t count) {
    std::vector<RankedPath> kept;  // a heap: the mildest of them in front
    pnl.for_each_chunk([&](std::uint64_t first, std::span<const float> values) {
        require_finite(first, values);
        for (std::size_t i = 0; i < values.size() && count > 0; ++i) {
            const RankedPath next{first + i, values[i]};
            if (kept.size() == count) {
                if (!worse(next, kept.front())) continue;
                std::ranges::pop_heap(kept, worse);
                kept.pop_back();
            }
            kept.push_back(next);
            std::ranges::push_heap(kept, worse);
        }
    });
    std::ranges::sort_heap(kept, worse);
    return kept;
}

Standing standing(const Column& column, double value) {
    require_entries(column);
    if (std::isnan(value)) throw std::invalid_argument("a value that is not a number has no place in a column");
    std::uint64_t below = 0, at = 0;
    column.for_each_chunk([&](std::uint64_t first, std::span<const float> values) {
        require_finite(first, values);
        for (const float entry : values) {
            below += static_cast<double>(entry) < value;
            at += static_cast<double>(entry) == value;
        }
    });
    const double n = static_cast<double>(column.size());
    return {static_cast<double>(below) / n, static_cast<double>(at) / n,
            static_cast<double>(column.size() - below - at) / n};
}

}  // namespace volstorm

#include "volstorm/risk/blocks.h"

#include <algorithm>
#include <utility>

namespace volstorm {

FilteredColumn::FilteredColumn(const Column& values, const Column& selector, Keep keep)
    : values_(values), selector_(selector), keep_(std::move(keep)) {
    for_each_pair(values, selector, [&](std::uint64_t first, std::span<const float>, std::span<const float> chosen) {
        require_finite(first, chosen);
        const auto kept = static_cast<std::uint64_t>(std::ranges::count_if(chosen, keep_));
        kept_before_.push_back(kept_before_.back() + kept);
    });
}

void FilteredColumn::read(std::uint64_t first, std::span<float> out) const {
    if (out.empty()) return;
    std::vector<float> values(std::min(kColumnChunk, values_.size())), chosen(values.size());
    auto chunk = static_cast<std::uint64_t>(std::ranges::upper_bound(kept_before_, first) - kept_before_.begin() - 1);
    std::uint64_t skip = first - kept_before_[chunk];
    for (std::size_t done = 0; done < out.size(); ++chunk) {
        const std::uint64_t start = chunk * kColumnChunk, count = std::min(kColumnChunk, values_.size() - start);
        values_.read(start, std::span(values).first(count));
        selector_.read(start, std::span(chosen).first(count));
        require_finite(start, std::span(values).first(count));
        for (std::size_t i = 0; i < count && done < out.size(); ++i) {
            if (!keep_(chosen[i])) continue;
            if (skip > 0) {
                --skip;
            } else {
                out[done++] = values[i];
            }
        }
    }
}

Conditional summarise_where(const Column& pnl, const Column& selector, const Keep& keep,
                            std::span<const double> levels) {
    const FilteredColumn kept(pnl, selector, keep);
    Conditional result{share_estimate(kept.size(), pnl.size()), {}};
    if (kept.size() > 0) result.summary = summarise(kept, levels);
    return result;
}

Conditional summarise_breach(const Column& pnl, const Column& breach_code, Breach breach,
                             std::span<const double> levels) {
    const float code = static_cast<float>(breach);
    return summarise_where(
        pnl, breach_code, [code](float value) { return value == code; }, levels);
}

Sides summarise_sides(const Column& pnl, const Column& spx_return, std::span<const double> levels) {
    return {.down = summarise_where(
                pnl, spx_return, [](float value) { return value < 0.0f; }, levels),
            .up = summarise_where(
                pnl, spx_return, [](float value) { return value >= 0.0f; }, levels)};
}

}  // namespace volstorm

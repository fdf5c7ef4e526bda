#include "volstorm/risk/column.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace volstorm {

void Column::for_each_chunk(const Visitor& visit) const {
    std::vector<float> buffer(std::min(kColumnChunk, size()));
    for (std::uint64_t first = 0; first < size(); first += kColumnChunk) {
        const std::span<float> values(buffer.data(), std::min(kColumnChunk, size() - first));
        read(first, values);
        visit(first, values);
    }
}

void MemoryColumn::read(std::uint64_t first, std::span<float> out) const {
    std::ranges::copy(values_.subspan(first, out.size()), out.begin());
}

void MemoryColumn::for_each_chunk(const Visitor& visit) const {
    if (!values_.empty()) visit(0, values_);
}

void for_each_pair(
    const Column& a, const Column& b,
    const std::function<void(std::uint64_t first, std::span<const float>, std::span<const float>)>& visit) {
    if (a.size() != b.size()) {
        throw std::invalid_argument("columns of " + std::to_string(a.size()) + " and " + std::to_string(b.size()) +
                                    " entries cannot be paired");
    }
    std::vector<float> buffer(2 * std::min(kColumnChunk, a.size()));
    for (std::uint64_t first = 0; first < a.size(); first += kColumnChunk) {
        const std::uint64_t count = std::min(kColumnChunk, a.size() - first);
        const std::span<float> from_a(buffer.data(), count), from_b(buffer.data() + count, count);
        a.read(first, from_a);
        b.read(first, from_b);
        visit(first, from_a, from_b);
    }
}

void require_finite(std::uint64_t first, std::span<const float> values) {
    const auto bad = std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
    if (bad == values.end()) return;
    const std::uint64_t entry = first + static_cast<std::uint64_t>(bad - values.begin());
    throw std::invalid_argument("entry " + std::to_string(entry) + " of the column is " + std::to_string(*bad) +
                                ", not a finite number");
}

void require_entries(const Column& column) {
    if (column.size() == 0) throw std::invalid_argument("the column has no entries");
}

}  // namespace volstorm

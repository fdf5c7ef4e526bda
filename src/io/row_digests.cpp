#include "volstorm/io/row_digests.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

namespace volstorm {
namespace {

std::size_t rows_of(std::span<const h5::Size> shape) {
    return std::accumulate(shape.begin(), shape.end() - 1, std::size_t{1}, std::multiplies<>());
}

}  // namespace

RowDigests::RowDigests(std::vector<h5::Size> shape)
    : shape_(std::move(shape)), rows_(rows_of(shape_)), hashes_(rows_.size()) {}

void RowDigests::add(const h5::Slab& box, std::span<const std::byte> numbers) {
    if (numbers.empty()) return;
    const std::size_t rows = rows_of(box.count), bytes = numbers.size() / rows;
    for (std::size_t i = 0; i < rows; ++i) {
        add_to_row(row_of(box, i), box.offset.back(), box.count.back(), numbers.subspan(i * bytes, bytes));
    }
}

/// The number of the row in which row `i` of the box lies.
std::size_t RowDigests::row_of(const h5::Slab& box, h5::Size i) const {
    std::size_t row = 0, below = 1;
    for (std::size_t axis = shape_.size() - 1; axis-- > 0;) {
        row += (box.offset[axis] + i % box.count[axis]) * below;
        i /= box.count[axis];
        below *= shape_[axis];
    }
    return row;
}

void RowDigests::add_to_row(std::size_t number, h5::Size first, h5::Size count, std::span<const std::byte> numbers) {
    Row& row = rows_[number];
    in_order_ = in_order_ && first == row.next;
    if (!in_order_) return;
    if (!row.digest) row.digest.emplace();
    row.digest->bytes(numbers);
    row.next += count;
    if (row.next < shape_.back()) return;
    hashes_[number] = row.digest->hash();
    row.digest.reset();  // a large state; a dataset may have thousands of rows
}

bool RowDigests::complete() const {
    return in_order_ && std::ranges::all_of(rows_, [&](const Row& row) { return row.next == shape_.back(); });
}

}  // namespace volstorm

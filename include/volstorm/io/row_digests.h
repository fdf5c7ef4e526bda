#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "volstorm/io/digest.h"
#include "volstorm/io/h5.h"

namespace volstorm {

/// The XXH3-128 of every row of a dataset, taken while its numbers pass by. A row has all indices fixed but the last:
/// one strategy over all paths. So columns may be written block by block, each row in its order, and need not be read
/// again for their digest.
class RowDigests {
 public:
    explicit RowDigests(std::vector<h5::Size> shape);  // at least one axis

    /// Takes in the numbers of a box of the dataset, which come in the order of C arrays.
    void add(const h5::Slab& box, std::span<const std::byte> numbers);

    /// Whether each row came once, in order, from its beginning to its end.
    bool complete() const;
    /// In the order of C arrays; of complete rows.
    std::span<const Hash> hashes() const { return hashes_; }

 private:
    struct Row {
        h5::Size next = 0;               // the place that must come next
        std::optional<Digest> digest{};  // of a row that has begun and not ended
    };
    std::size_t row_of(const h5::Slab& box, h5::Size i) const;
    void add_to_row(std::size_t number, h5::Size first, h5::Size count, std::span<const std::byte> numbers);

    std::vector<h5::Size> shape_;
    std::vector<Row> rows_;
    std::vector<Hash> hashes_;
    bool in_order_ = true;
};

}  // namespace volstorm

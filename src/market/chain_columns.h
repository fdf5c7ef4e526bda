#pragma once
#include <cstddef>
#include <optional>
#include <vector>
#include "volstorm/core/csv.h"

namespace volstorm {

/// Where the fields of a row stand. The defaults are Cboe's order.
struct ChainColumns {
    std::size_t date = 0, call = 1, call_bid = 4, call_ask = 5;
    std::size_t strike = 11, put = 12, put_bid = 15, put_ask = 16;
    std::size_t count = 22;  // fields of a row
};

/// The columns that a header names; nothing where the line has no column called Strike. InputError where one is missing
/// or comes twice.
std::optional<ChainColumns> read_header(const Field& line, const std::vector<Field>& names);

}  // namespace volstorm

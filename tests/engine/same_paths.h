#pragma once
#include <cstring>

#include "volstorm/engine/simulate.h"

/// Equality of stored results to the last bit.
namespace same_paths {

template <class T>
bool same_rows(const std::vector<T>& a, const std::vector<T>& b, std::size_t from_a, std::size_t from_b,
               std::size_t count) {
    return std::memcmp(a.data() + from_a, b.data() + from_b, count * sizeof(T)) == 0;
}
template <class T>
bool same_rows(const std::vector<std::vector<T>>& a, const std::vector<std::vector<T>>& b, std::size_t from_a,
               std::size_t from_b, std::size_t count) {
    bool same = a.size() == b.size();
    for (std::size_t k = 0; same && k < a.size(); ++k) same = same_rows(a[k], b[k], from_a, from_b, count);
    return same;
}

/// Whether rows [from_a, from_a + count) of `a` are rows [from_b, ...) of `b`, in every column.
inline bool same(const volstorm::PathColumns& a, const volstorm::PathColumns& b, std::size_t from_a, std::size_t from_b,
                 std::size_t count) {
    const auto rows = [&](const auto& x, const auto& y) { return same_rows(x, y, from_a, from_b, count); };
    return rows(a.pnl, b.pnl) && rows(a.pnl_leg, b.pnl_leg) && rows(a.spx_return, b.spx_return) &&
           rows(a.vix_end, b.vix_end) && rows(a.vix_max, b.vix_max) && rows(a.breach, b.breach) &&
           rows(a.jumps, b.jumps) && rows(a.opened, b.opened) && rows(a.closed, b.closed) &&
           rows(a.contracts, b.contracts) && rows(a.unit_pnl, b.unit_pnl) && rows(a.unit_cost, b.unit_cost);
}

}  // namespace same_paths

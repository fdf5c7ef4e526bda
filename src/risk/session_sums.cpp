#include "volstorm/risk/session_sums.h"

namespace volstorm {

SessionSums::Row SessionSums::row(std::int32_t session) {
    const auto [found, is_new] = place_.try_emplace(session, sums_.size());
    if (is_new) sums_.resize(sums_.size() + width_, 0.0);
    const Row row = Row(sums_).subspan(found->second, width_);
    row.back() += 1.0;
    return row;
}

}  // namespace volstorm

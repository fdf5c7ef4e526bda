#pragma once
#include <optional>

#include "volstorm/core/table.h"

namespace volstorm {

/// The `[account]` section.
struct Account {
    std::optional<double> equity;     // dollars
    double financing_rate = 0.0;      // a year, actual/360, on premium paid
    double vix_future_margin = 0.40;  // initial margin of a VIX future as a share of its notional
};

Account read_account(const Table& scenario);

}  // namespace volstorm

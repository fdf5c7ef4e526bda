#pragma once
#include "volstorm/core/table.h"

namespace volstorm {

/// The `[costs]` section: fees in dollars a contract and side, half-spreads in points of the product.
struct Costs {
    double spx_option_fee = 0.65;  // broker pass-through; nothing at cash settlement
    double vix_option_fee = 0.65;
    double vix_future_fee = 2.25;
    double spx_option_half_spread = 0.10;  // |delta| 0.10 and more
    double spx_wing_half_spread = 0.05;    // |delta| below 0.10
    double vix_option_half_spread = 0.05;
    double vix_future_half_spread = 0.025;  // half a tick
    double widening_per_vix_point = 0.10;   // half-spreads grow by 1 + this x max(VIX_t - VIX_entry, 0)

    double widening(double vix_change) const {
        return 1.0 + widening_per_vix_point * (vix_change > 0.0 ? vix_change : 0.0);
    }
};

/// Reads `[costs]`; every key has a default, and `none = true` switches all off.
Costs read_costs(const Table& scenario);

}  // namespace volstorm

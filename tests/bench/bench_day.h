#pragma once
#include <cmath>
#include <string>
#include <vector>

#include "volstorm/core/table.h"
#include "volstorm/pricing/day.h"
#include "volstorm/pricing/spx_surface.h"

namespace volstorm::bench {

inline const DateTime kDayEntry = at(make_date(2025, 6, 17), 15, 45), kDayHorizon = at(make_date(2025, 6, 18), 16, 0);

/// The shipped model on Tuesday 17 June 2025 at VIX 20.
inline PricingDay shipped_day() {
    Market market;
    market.time = kDayEntry;
    market.has_time = true;
    market.spx = 6000.0;
    market.vix = 20.0;
    const std::string model = "[model]\nfile = \"" VOLSTORM_SCENARIOS "/models/default.toml\"\n";
    return make_day(market, read_model(Table::parse(model, "bench.toml")), {});
}

/// A block of states around the day's, inside the box: v from a half to four times, m from 0.7 to 1.4 times, SPX by 2
/// %.
struct States {
    StateBox box;
    std::vector<double> root_v, m, spx;
    SpxStateSpan span() const { return {{root_v, m}, spx}; }
};
inline States states_around(const PricingDay& day, std::size_t count) {
    States states;
    states.box = StateBox::around(5.0 * day.state.v, 0.5 * day.state.m, 2.0 * day.state.m);
    for (std::size_t i = 0; i < count; ++i) {
        const double a = static_cast<double>(i * 37 % count) / static_cast<double>(count),
                     b = static_cast<double>(i * 101 % count) / static_cast<double>(count),
                     c = static_cast<double>(i) / static_cast<double>(count);
        states.root_v.push_back(std::sqrt(day.state.v * (0.5 + 3.5 * a) + states.box.shift));
        states.m.push_back(day.state.m * (0.7 + 0.7 * b));
        states.spx.push_back(day.market.spx * (0.98 + 0.04 * c));
    }
    return states;
}

}  // namespace volstorm::bench

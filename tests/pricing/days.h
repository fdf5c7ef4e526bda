#pragma once
#include <string>
#include <vector>

#include "volstorm/core/table.h"
#include "volstorm/pricing/day.h"

/// Days for tests: the shipped model on Tuesday 17 June 2025, 15:45.
namespace days {

inline volstorm::ModelInput shipped(const std::string& more = {}) {
    const std::string file = "[model]\nfile = \"" VOLSTORM_SCENARIOS "/models/default.toml\"\n";
    return read_model(volstorm::Table::parse(file + more, "test.toml"));
}
inline volstorm::Market market(double vix) {
    volstorm::Market market;
    market.time = volstorm::at(volstorm::make_date(2025, 6, 17), 15, 45);
    market.has_time = true;
    market.spx = 6000.0;
    market.vix = vix;
    return market;
}
inline volstorm::PricingDay with_vix(double vix, const std::vector<volstorm::Event>& events = {},
                                     const std::string& model = {}) {
    return make_day(market(vix), shipped(model), events);
}

}  // namespace days

#include "volstorm/instrument/costs.h"

namespace volstorm {

Costs read_costs(const Table& scenario) {
    Costs costs;
    const auto table = scenario.table_if("costs");
    if (!table) return costs;
    struct Key {
        const char* name;
        double Costs::*member;
        double most;
    };
    constexpr Key keys[] = {
        {"spx_option_fee", &Costs::spx_option_fee, 100.0},
        {"vix_option_fee", &Costs::vix_option_fee, 100.0},
        {"vix_future_fee", &Costs::vix_future_fee, 100.0},
        {"spx_option_half_spread", &Costs::spx_option_half_spread, 50.0},
        {"spx_wing_half_spread", &Costs::spx_wing_half_spread, 50.0},
        {"vix_option_half_spread", &Costs::vix_option_half_spread, 10.0},
        {"vix_future_half_spread", &Costs::vix_future_half_spread, 10.0},
        {"widening_per_vix_point", &Costs::widening_per_vix_point, 10.0},
    };
    const bool none = table->boolean("none", false);
    for (const Key& key : keys) {
        if (none && table->has(key.name)) table->fail(key.name, "is set although costs.none is true; give one of them");
        costs.*key.member = table->number(key.name, {.low = 0.0, .high = key.most}, none ? 0.0 : costs.*key.member);
    }
    return costs;
}

}  // namespace volstorm

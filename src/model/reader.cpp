#include "reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "keys.h"

namespace volstorm {
namespace {

bool has_family(const std::vector<JumpFamily>& jumps, std::string_view name) {
    return std::ranges::find(jumps, name, &JumpFamily::name) != jumps.end();
}

JumpOverride read_jump(const Table& table, bool is_new) {
    JumpOverride jump{table.text("name"), {}};
    for (const JumpKey& k : kJumpKeys) {
        const auto value = is_new ? table.number(k.key, k.bounds) : table.number_if(k.key, k.bounds);
        if (value) jump.values.emplace_back(k.member, *value);
    }
    return jump;
}

}  // namespace

ParameterOverrides read_overrides(const Table& table, const std::vector<JumpFamily>& known) {
    ParameterOverrides overrides;
    for (const ParameterKey& k : kParameterKeys) {
        if (const auto value = table.number_if(k.key, k.bounds)) overrides.values.emplace_back(k.member, *value);
    }
    for (const Table& jump : table.tables("jump")) {
        const std::string name = jump.text("name");
        const bool is_new = !has_family(known, name) &&
                            std::ranges::find(overrides.jumps, name, &JumpOverride::name) == overrides.jumps.end();
        overrides.jumps.push_back(read_jump(jump, is_new));
    }
    return overrides;
}

void read_parameters(const Table& table, Parameters& parameters) {
    read_overrides(table, parameters.jumps).apply_to(parameters);
}

bool within_ranges(const Parameters& p) {
    const auto of_jump = [](const JumpFamily& jump) {
        return std::ranges::all_of(kJumpKeys, [&](const JumpKey& k) { return k.bounds.contains(jump.*k.member); });
    };
    return std::ranges::all_of(kParameterKeys, [&](const ParameterKey& k) { return k.bounds.contains(p.*k.member); }) &&
           std::ranges::all_of(p.jumps, of_jump);
}

void check_measures(const Parameters& pricing, const Parameters& physical, const Table& place) {
    for (const auto& [parameters, name] : {std::pair(&pricing, "pricing"), std::pair(&physical, "physical")}) {
        const std::string trouble = instability(*parameters);
        if (!trouble.empty()) place.fail("", fmt::format("{} parameters: {}", name, trouble));
    }
    for (const auto& [member, name] :
         {std::pair(&Parameters::sigma_v, "sigma_v"), std::pair(&Parameters::sigma_m, "sigma_m"),
          std::pair(&Parameters::rho, "rho")}) {
        if (pricing.*member == physical.*member) continue;
        place.fail("", fmt::format("{} is {} under the pricing measure and {} under the physical one; it must be the "
                                   "same, for a change of measure cannot change it",
                                   name, pricing.*member, physical.*member));
    }
}

}  // namespace volstorm

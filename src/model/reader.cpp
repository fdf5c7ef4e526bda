#include "reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "keys.h"

namespace volstorm {
namespace {

void read_jump(const Table& table, std::vector<JumpFamily>& jumps) {
    const std::string name = table.text("name");
    const auto known = std::find_if(jumps.begin(), jumps.end(), [&](const auto& j) { return j.name == name; });
    const bool is_new = known == jumps.end();
    JumpFamily family = is_new ? JumpFamily{} : *known;
    family.name = name;
    for (const JumpKey& k : kJumpKeys) {
        if (is_new) {
            family.*k.member = table.number(k.key, k.bounds);
        } else if (const auto value = table.number_if(k.key, k.bounds)) {
            family.*k.member = *value;
        }
    }
    if (is_new) {
        jumps.push_back(family);
    } else {
        *known = family;
    }
}

}  // namespace

void read_parameters(const Table& table, Parameters& parameters) {
    for (const ParameterKey& k : kParameterKeys) {
        if (const auto value = table.number_if(k.key, k.bounds)) parameters.*k.member = *value;
    }
    for (const Table& jump : table.tables("jump")) read_jump(jump, parameters.jumps);
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

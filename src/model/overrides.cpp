#include "volstorm/model/overrides.h"

#include <algorithm>

namespace volstorm {
namespace {

JumpFamily& family_of(std::vector<JumpFamily>& jumps, const std::string& name) {
    const auto known = std::ranges::find(jumps, name, &JumpFamily::name);
    if (known != jumps.end()) return *known;
    JumpFamily added;
    added.name = name;
    return jumps.emplace_back(added);
}

}  // namespace

void ParameterOverrides::apply_to(Parameters& parameters) const {
    for (const auto& [member, value] : values) parameters.*member = value;
    for (const JumpOverride& jump : jumps) {
        JumpFamily& family = family_of(parameters.jumps, jump.name);
        for (const auto& [member, value] : jump.values) family.*member = value;
    }
}

}  // namespace volstorm

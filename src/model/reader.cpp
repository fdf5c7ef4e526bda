#include "reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace volstorm {
namespace {

constexpr Bounds kRate{.low = 0.0, .high = 1000.0};
constexpr Bounds kVolOfVariance{.low = 0.0, .high = 50.0};

struct ParameterKey {
    const char* key;
    double Parameters::*member;
    Bounds bounds;
};
constexpr ParameterKey kParameterKeys[] = {
    {"kappa_v", &Parameters::kappa_v, kRate},
    {"sigma_v", &Parameters::sigma_v, kVolOfVariance},
    {"rho", &Parameters::rho, kCorrelation},
    {"kappa_m", &Parameters::kappa_m, kRate},
    {"theta_m", &Parameters::theta_m, {.low = 0.0, .high = 25.0}},
    {"sigma_m", &Parameters::sigma_m, kVolOfVariance},
    {"pull_m", &Parameters::pull_m, kRate},
};

struct JumpKey {
    const char* key;
    double JumpFamily::*member;
    Bounds bounds;
};
constexpr JumpKey kJumpKeys[] = {
    {"intensity", &JumpFamily::intensity, {.low = 0.0, .high = 1e4}},
    {"intensity_per_variance", &JumpFamily::intensity_per_variance, {.low = 0.0, .high = 1e6}},
    {"mean_log_jump", &JumpFamily::mean_log_jump, {.low = -1.0, .high = 1.0}},
    {"log_jump_sd", &JumpFamily::log_jump_sd, {.low = 0.0, .high = 1.0}},
    {"variance_jump_slope", &JumpFamily::variance_jump_slope, {.low = -100.0, .high = 100.0}},
    {"mean_variance_jump", &JumpFamily::mean_variance_jump, {.low = 0.0, .high = 25.0}},
};

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

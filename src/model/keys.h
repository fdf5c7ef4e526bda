#pragma once
#include "volstorm/core/table.h"
#include "volstorm/model/parameters.h"

namespace volstorm {

inline constexpr Bounds kRate{.low = 0.0, .high = 1000.0};
inline constexpr Bounds kVolOfVariance{.low = 0.0, .high = 50.0};

/// What a parameter is called in a model file, and what it may be.
struct ParameterKey {
    const char* key;
    double Parameters::*member;
    Bounds bounds;
};
inline constexpr ParameterKey kParameterKeys[] = {
    {"kappa_v", &Parameters::kappa_v, kRate},
    {"sigma_v", &Parameters::sigma_v, kVolOfVariance},
    {"rho", &Parameters::rho, kCorrelation},
    {"kappa_m", &Parameters::kappa_m, kRate},
    {"theta_m", &Parameters::theta_m, {.low = 0.0, .high = 25.0}},
    {"sigma_m", &Parameters::sigma_m, kVolOfVariance},
    {"pull_m", &Parameters::pull_m, kRate},
};

/// The same of a jump family.
struct JumpKey {
    const char* key;
    double JumpFamily::*member;
    Bounds bounds;
};
inline constexpr JumpKey kJumpKeys[] = {
    {"intensity", &JumpFamily::intensity, {.low = 0.0, .high = 1e4}},
    {"intensity_per_variance", &JumpFamily::intensity_per_variance, {.low = 0.0, .high = 1e6}},
    {"mean_log_jump", &JumpFamily::mean_log_jump, {.low = -1.0, .high = 1.0}},
    {"log_jump_sd", &JumpFamily::log_jump_sd, {.low = 0.0, .high = 1.0}},
    {"variance_jump_slope", &JumpFamily::variance_jump_slope, {.low = -100.0, .high = 100.0}},
    {"mean_variance_jump", &JumpFamily::mean_variance_jump, {.low = 0.0, .high = 25.0}},
};

}  // namespace volstorm

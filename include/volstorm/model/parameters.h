#pragma once
#include <string>
#include <vector>

namespace volstorm {

/// One family of jumps: intensity l0 + l1 v a year; the variance jump is exponential with mean nu, the log jump of SPX
/// given a variance jump J is normal with mean mu + rho_j J and standard deviation s.
struct JumpFamily {
    std::string name;
    double intensity = 0.0;               // l0, per year
    double intensity_per_variance = 0.0;  // l1, per year and unit of variance
    double mean_log_jump = 0.0;           // mu
    double log_jump_sd = 0.0;             // s
    double variance_jump_slope = 0.0;     // rho_j: log jump per unit of variance jump
    double mean_variance_jump = 0.0;      // nu

    /// E[exp(Js)] - 1: the compensator of the SPX jump.
    double mean_relative_jump() const;
    /// E[Js].
    double mean_total_log_jump() const { return mean_log_jump + variance_jump_slope * mean_variance_jump; }
    /// c = 2 (E[exp(Js)] - 1 - E[Js]): what a unit of intensity adds to VIX^2 (log contract).
    double log_contract_weight() const;
    friend bool operator==(const JumpFamily&, const JumpFamily&) = default;
};

/// The law of (x, v, m) under one measure (src/README.md, equation 1). All rates per year of session time.
struct Parameters {
    double kappa_v = 0.0;  // speed at which v returns to m
    double sigma_v = 0.0;
    double rho = 0.0;      // correlation of SPX and variance noise
    double kappa_m = 0.0;  // speed at which m returns to theta_m
    double theta_m = 0.0;
    double sigma_m = 0.0;
    double pull_m = 0.0;  // pull of m towards v
    std::vector<JumpFamily> jumps;

    /// L = sum of l1 nu: by how much jumps feed variance back into itself.
    double jump_feedback() const;
    friend bool operator==(const Parameters&, const Parameters&) = default;
};

/// Instantaneous variance and its mean level, per year.
struct VarianceState {
    double v = 0.0;
    double m = 0.0;
    friend bool operator==(const VarianceState&, const VarianceState&) = default;
};

/// What is wrong with the parameters, in words, or empty: the mean of v must not explode (kappa_v >= L and
/// (kappa_v - L)(kappa_m + pull_m) >= pull_m kappa_v) and E[exp(Js)] must exist (nu rho_j < 1).
std::string instability(const Parameters& parameters);

/// Is each number one that a model file may hold?
bool within_ranges(const Parameters& parameters);

}  // namespace volstorm

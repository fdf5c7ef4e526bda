#include "volstorm/model/parameters.h"

#include <fmt/format.h>

#include <cmath>

namespace volstorm {

double JumpFamily::mean_relative_jump() const {
    const double exponent = mean_log_jump + 0.5 * log_jump_sd * log_jump_sd;
    const double product = mean_variance_jump * variance_jump_slope;
    return (std::expm1(exponent) + product) / (1.0 - product);
}

double JumpFamily::log_contract_weight() const { return 2.0 * (mean_relative_jump() - mean_total_log_jump()); }

double Parameters::jump_feedback() const {
    double sum = 0.0;
    for (const JumpFamily& jump : jumps) sum += jump.intensity_per_variance * jump.mean_variance_jump;
    return sum;
}

std::string instability(const Parameters& p) {
    for (const JumpFamily& jump : p.jumps) {
        if (jump.mean_variance_jump * jump.variance_jump_slope >= 1.0) {
            return fmt::format(
                "jump family '{}' has no mean: mean_variance_jump x variance_jump_slope is {:.4g}, it must be below 1",
                jump.name, jump.mean_variance_jump * jump.variance_jump_slope);
        }
    }
    const double feedback = p.jump_feedback();
    const double slack = 1e-12 * (1.0 + p.kappa_v);
    if (p.kappa_v < feedback - slack) {
        return fmt::format(
            "the mean of the variance explodes: kappa_v is {:.6g}, it must be at least {:.6g}, the sum of "
            "intensity_per_variance x mean_variance_jump",
            p.kappa_v, feedback);
    }
    const double decay = (p.kappa_v - feedback) * (p.kappa_m + p.pull_m), growth = p.pull_m * p.kappa_v;
    if (decay < growth * (1.0 - 1e-12)) {
        return fmt::format(
            "the mean of the variance explodes: kappa_m + pull_m is {:.6g}, it must be at least pull_m kappa_v / "
            "(kappa_v - {:.6g}) = {:.6g}",
            p.kappa_m + p.pull_m, feedback, growth / (p.kappa_v - feedback));
    }
    return {};
}

}  // namespace volstorm

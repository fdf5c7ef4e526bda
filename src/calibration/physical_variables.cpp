#include "volstorm/calibration/physical_variables.h"

#include <algorithm>
#include <cmath>

namespace volstorm {
namespace {

constexpr double kLogRange = 2.995732273553991;  // a factor of 20
constexpr double kStable = 0.98;                 // of the feedback at which the mean of v would explode
constexpr double kHighestVix = 100.0;            // to which a set is scaled: nu rho_j grows in proportion to it

// The feedback L = sum l1 nu at which (kappa_v - L)(kappa_m + pull_m) = pull_m kappa_v.
double explosive_feedback(const Parameters& p) {
    return p.pull_m == 0.0 ? p.kappa_v : p.kappa_v * p.kappa_m / (p.kappa_m + p.pull_m);
}

// Scales the intensities per variance back to the line of stability; ln of the feedback over that line, at least 0.
double keep_stable(Parameters& p, const Parameters& start) {
    const double most =
        std::max(kStable * explosive_feedback(p), std::min(start.jump_feedback(), explosive_feedback(p)));
    const double feedback = p.jump_feedback();
    if (!(feedback > most)) return 0.0;
    for (JumpFamily& jump : p.jumps) jump.intensity_per_variance *= most / feedback;
    return most > 0.0 ? std::log(feedback / most) : 0.0;
}

// The largest mean jump for which E exp(Js) exists at every VIX.
double largest_variance_jump(const JumpFamily& jump, const Anchor& anchor) {
    const double scale = std::max(1.0, kHighestVix / anchor.reference_vix.value_or(kHighestVix));
    return jump.variance_jump_slope > 0.0 ? 0.95 / (jump.variance_jump_slope * scale) : 25.0;
}

}  // namespace

PhysicalVariable::PhysicalVariable(std::size_t anchor, std::string key, double Parameters::*member)
    : anchor_(anchor), key_(std::move(key)), of_set_(member) {}

PhysicalVariable::PhysicalVariable(std::size_t anchor, std::size_t family, std::string key, double JumpFamily::*member)
    : anchor_(anchor), family_(family), key_(std::move(key)), of_family_(member) {}

double PhysicalVariable::value(const ModelInput& model) const {
    const Parameters& physical = model.anchors[anchor_].physical;
    return of_set_ != nullptr ? physical.*of_set_ : physical.jumps[family_].*of_family_;
}

void PhysicalVariable::move(ModelInput& model, const ModelInput& start, double x) const {
    Parameters& physical = model.anchors[anchor_].physical;
    if (of_set_ != nullptr) {
        physical.*of_set_ = value(start) * std::exp(x);
        return;
    }
    JumpFamily& jump = physical.jumps[family_];
    if (!is_mean_jump()) {
        jump.*of_family_ = value(start) * std::exp(x);
        return;
    }
    const double mean = start.anchors[anchor_].physical.jumps[family_].mean_total_log_jump() * std::exp(x);
    jump.mean_log_jump = mean - jump.variance_jump_slope * jump.mean_variance_jump;
}

std::string PhysicalVariable::family_name(const ModelInput& model) const {
    return of_set_ != nullptr ? std::string() : model.anchors[anchor_].physical.jumps[family_].name;
}

FitParameter PhysicalVariable::fit_parameter(const ModelInput& start) const {
    FitParameter p{.name = key_, .start = 0.0, .low = -kLogRange, .high = kLogRange};
    p.step = 0.03;  // of the angle: 0.09 of x in the middle
    if (of_family_ != &JumpFamily::mean_variance_jump) return p;
    const Anchor& anchor = start.anchors[anchor_];
    const double most = largest_variance_jump(anchor.physical.jumps[family_], anchor);
    p.high = std::clamp(std::log(most / value(start)), 0.0, kLogRange);
    return p;
}

std::vector<PhysicalVariable> physical_variables(const ModelInput& start) {
    std::vector<PhysicalVariable> variables;
    for (std::size_t a = 0; a < start.anchors.size(); ++a) {
        const Anchor& anchor = start.anchors[a];
        if (anchor.physical.kappa_v != anchor.pricing.kappa_v && anchor.physical.kappa_v > 0.0)
            variables.emplace_back(a, "kappa_v", &Parameters::kappa_v);
        for (std::size_t j = 0; j < anchor.physical.jumps.size(); ++j) {
            const JumpFamily& jump = anchor.physical.jumps[j];
            if (jump.intensity == 0.0 && jump.intensity_per_variance == 0.0) continue;
            const auto add = [&](bool is_there, const char* key, double JumpFamily::*member) {
                if (is_there) variables.emplace_back(a, j, key, member);
            };
            add(jump.intensity > 0.0, "intensity", &JumpFamily::intensity);
            add(jump.intensity_per_variance > 0.0, "intensity_per_variance", &JumpFamily::intensity_per_variance);
            add(jump.mean_variance_jump > 0.0, "mean_variance_jump", &JumpFamily::mean_variance_jump);
            add(jump.mean_total_log_jump() != 0.0, "mean_log_jump", &JumpFamily::mean_log_jump);
        }
    }
    return variables;
}

PhysicalCandidate candidate_at(const ModelInput& start, const std::vector<PhysicalVariable>& variables,
                               std::span<const double> x) {
    PhysicalCandidate candidate{start, {}};
    for (std::size_t i = 0; i < variables.size(); ++i) variables[i].move(candidate.model, start, x[i]);
    for (std::size_t a = 0; a < start.anchors.size(); ++a) {
        Anchor& anchor = candidate.model.anchors[a];
        anchor.has_own_physical = true;
        candidate.excess.push_back(keep_stable(anchor.physical, start.anchors[a].physical));
    }
    return candidate;
}

bool is_at_stability_line(const Parameters& physical) {
    return physical.jump_feedback() > 0.0 && physical.jump_feedback() > 0.979 * explosive_feedback(physical);
}

}  // namespace volstorm

#include "physical_variables.h"

#include <algorithm>
#include <cmath>

#include "volstorm/core/units.h"

namespace volstorm {
namespace {

constexpr double kLogRange = 2.995732273553991;  // a factor of 20
constexpr double kMoveRange = 1.5;               // daily deviations
constexpr double kStable = 0.98;                 // of the feedback at which the mean of v would explode
constexpr double kTypicalVix = 20.0;             // of a set without reference_vix
constexpr double kHighestVix = 100.0;            // to which a set is scaled: nu rho_j grows in proportion to it
constexpr std::size_t kNoFamily = static_cast<std::size_t>(-1);

double daily_deviation(const Anchor& anchor) {
    return 0.01 * anchor.reference_vix.value_or(kTypicalVix) / std::sqrt(kSessionsPerYear);
}

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

PhysicalVariable::PhysicalVariable(std::size_t anchor, std::string key, double Parameters::*member,
                                   const ModelInput& start)
    : anchor_(anchor), family_(kNoFamily), key_(std::move(key)), of_set_(member), start_(in(start)) {}

PhysicalVariable::PhysicalVariable(std::size_t anchor, std::size_t family, std::string key, double JumpFamily::*member,
                                   const ModelInput& start)
    : anchor_(anchor),
      family_(family),
      key_(std::move(key)),
      of_family_(member),
      in_log_(member != &JumpFamily::mean_log_jump),
      start_(in(start)),
      unit_(daily_deviation(start.anchors[anchor])) {}

double& PhysicalVariable::in(ModelInput& model) const {
    Parameters& physical = model.anchors[anchor_].physical;
    return of_set_ != nullptr ? physical.*of_set_ : physical.jumps[family_].*of_family_;
}

double PhysicalVariable::in(const ModelInput& model) const {
    const Parameters& physical = model.anchors[anchor_].physical;
    return of_set_ != nullptr ? physical.*of_set_ : physical.jumps[family_].*of_family_;
}

double PhysicalVariable::value(double x) const { return in_log_ ? start_ * std::exp(x) : start_ + unit_ * x; }
double PhysicalVariable::slope(double x) const { return in_log_ ? value(x) : unit_; }

std::string PhysicalVariable::family_name(const ModelInput& model) const {
    return family_ == kNoFamily ? std::string() : model.anchors[anchor_].physical.jumps[family_].name;
}

FitParameter PhysicalVariable::fit_parameter(const ModelInput& model) const {
    const double range = in_log_ ? kLogRange : kMoveRange;
    FitParameter p{.name = key_, .start = 0.0, .low = -range, .high = range};
    p.step = in_log_ ? 0.03 : 0.02;  // of the angle: at the start 0.09 in ln, 0.03 daily deviations
    if (of_family_ == &JumpFamily::mean_variance_jump) {
        const Anchor& anchor = model.anchors[anchor_];
        p.high =
            std::clamp(std::log(largest_variance_jump(anchor.physical.jumps[family_], anchor) / start_), 0.0, range);
    }
    return p;
}

std::vector<PhysicalVariable> physical_variables(const ModelInput& start) {
    std::vector<PhysicalVariable> variables;
    for (std::size_t a = 0; a < start.anchors.size(); ++a) {
        const Anchor& anchor = start.anchors[a];
        if (anchor.physical.kappa_v != anchor.pricing.kappa_v && anchor.physical.kappa_v > 0.0)
            variables.emplace_back(a, "kappa_v", &Parameters::kappa_v, start);
        for (std::size_t j = 0; j < anchor.physical.jumps.size(); ++j) {
            const JumpFamily& jump = anchor.physical.jumps[j];
            const auto add = [&](const char* key, double JumpFamily::*member) {
                if (member == &JumpFamily::mean_log_jump || jump.*member > 0.0)
                    variables.emplace_back(a, j, key, member, start);
            };
            if (jump.intensity == 0.0 && jump.intensity_per_variance == 0.0) continue;
            add("intensity", &JumpFamily::intensity);
            add("intensity_per_variance", &JumpFamily::intensity_per_variance);
            add("mean_log_jump", &JumpFamily::mean_log_jump);
            add("mean_variance_jump", &JumpFamily::mean_variance_jump);
        }
    }
    return variables;
}

PhysicalCandidate candidate_at(const ModelInput& start, const std::vector<PhysicalVariable>& variables,
                               std::span<const double> x) {
    PhysicalCandidate candidate{start, {}};
    for (std::size_t i = 0; i < variables.size(); ++i) variables[i].in(candidate.model) = variables[i].value(x[i]);
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

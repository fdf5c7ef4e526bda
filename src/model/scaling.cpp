#include "volstorm/model/scaling.h"

#include <algorithm>
#include <cmath>

namespace volstorm {
namespace {

double blend(double a, double b, double weight) {
    if (a == b) return a;
    if (a * b > 0.0) return std::copysign(std::exp(std::lerp(std::log(std::abs(a)), std::log(std::abs(b)), weight)), a);
    return std::lerp(a, b, weight);
}

}  // namespace

Parameters scaled_to(const Parameters& parameters, double reference_vix, double vix) {
    const double ratio = vix / reference_vix, c = ratio * ratio;
    Parameters p = parameters;
    p.sigma_v *= std::pow(c, 0.65);
    p.sigma_m *= ratio;
    for (JumpFamily& jump : p.jumps) {
        jump.mean_log_jump *= ratio;
        jump.log_jump_sd *= ratio;
        jump.mean_variance_jump *= c;
        jump.variance_jump_slope /= ratio;
        jump.intensity_per_variance /= c;
    }
    return p;
}

Parameters interpolated(const Parameters& a, const Parameters& b, double weight) {
    Parameters p;
    for (const auto member : {&Parameters::kappa_v, &Parameters::sigma_v, &Parameters::rho, &Parameters::kappa_m,
                              &Parameters::theta_m, &Parameters::sigma_m, &Parameters::pull_m}) {
        p.*member = blend(a.*member, b.*member, weight);
    }
    for (const JumpFamily& x : a.jumps) {
        const auto y = std::find_if(b.jumps.begin(), b.jumps.end(), [&](const auto& f) { return f.name == x.name; });
        JumpFamily jump;
        jump.name = x.name;
        for (const auto member :
             {&JumpFamily::intensity, &JumpFamily::intensity_per_variance, &JumpFamily::mean_log_jump,
              &JumpFamily::log_jump_sd, &JumpFamily::variance_jump_slope, &JumpFamily::mean_variance_jump}) {
            jump.*member = blend(x.*member, (*y).*member, weight);
        }
        p.jumps.push_back(jump);
    }
    return p;
}

Parameters at_level(const std::vector<Anchor>& anchors, Parameters Anchor::*measure, double vix) {
    const auto at_vix = [&](const Anchor& anchor) {
        return anchor.reference_vix ? scaled_to(anchor.*measure, *anchor.reference_vix, vix) : anchor.*measure;
    };
    if (anchors.size() == 1) return at_vix(anchors[0]);
    const double low = *anchors[0].reference_vix, high = *anchors[1].reference_vix;
    const double weight = std::clamp(std::log(vix / low) / std::log(high / low), 0.0, 1.0);
    return interpolated(at_vix(anchors[0]), at_vix(anchors[1]), weight);
}

}  // namespace volstorm

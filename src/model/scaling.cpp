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
    const auto above = std::find_if(anchors.begin(), anchors.end(),
                                    [&](const Anchor& a) { return a.reference_vix && *a.reference_vix > vix; });
    if (above == anchors.begin()) return at_vix(anchors.front());
    if (above == anchors.end()) return at_vix(anchors.back());
    const Anchor& below = *(above - 1);
    const double low = *below.reference_vix, high = *above->reference_vix;
    return interpolated(at_vix(below), at_vix(*above), std::log(vix / low) / std::log(high / low));
}

}  // namespace volstorm

#pragma once
#include "volstorm/model/model.h"

namespace volstorm {

/// Parameters fitted at `reference_vix`, carried to `vix` with c = (vix / reference_vix)^2: sigma_v by c^0.65; sigma_m,
/// mean_log_jump and log_jump_sd by c^0.5; mean_variance_jump by c; variance_jump_slope by c^-0.5;
/// intensity_per_variance by 1/c; the rest stays.
Parameters scaled_to(const Parameters& parameters, double reference_vix, double vix);

/// Each parameter between `a` (weight 0) and `b` (weight 1): geometrically, by absolute value where both are negative,
/// linearly where the signs differ or one is zero. Families are matched by name.
Parameters interpolated(const Parameters& a, const Parameters& b, double weight);

/// The anchors of a model (in order of reference_vix) at `vix`: the two around it, each scaled to it, interpolated in
/// ln VIX; below the first or above the last, that one scaled. An anchor without reference_vix stays as it is.
Parameters at_level(const std::vector<Anchor>& anchors, Parameters Anchor::*measure, double vix);

}  // namespace volstorm

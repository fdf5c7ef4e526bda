#pragma once
#include <memory>

#include "volstorm/engine/generator.h"
#include "volstorm/model/parameters.h"

namespace volstorm {

/// What jumps add to a path on average, a year, where the variance is v: `constant + per_v v` each.
struct MeanJumps {
    struct Rate {
        double constant = 0.0, per_v = 0.0;
    };
    Rate variance;  // to v: sum (l0 + l1 v) nu
    Rate square;    // to the quadratic variation of x: sum (l0 + l1 v) E[Js^2]
};
MeanJumps mean_jumps(const Parameters& parameters);

/// The paths of a plan by the model, with these means added evenly in every step: the first to v, the second to x as a
/// martingale diffusion with normals of its own. `plan` must outlive it.
std::unique_ptr<const Generator> paths_with_mean_jumps(const PathPlan& plan, const MeanJumps& means);

}  // namespace volstorm

#pragma once
#include "volstorm/model/parameters.h"

namespace volstorm {

/// constant + per_v v + per_m m.
struct LinearInState {
    double constant = 0.0, per_v = 0.0, per_m = 0.0;
    double operator()(const VarianceState& s) const { return constant + per_v * s.v + per_m * s.m; }
};

/// Expectations after `years` of session time, each linear in today's (v, m).
struct MeanVariance {
    LinearInState v;         // E[v_T]
    LinearInState m;         // E[m_T]
    LinearInState integral;  // E of the integral of v over [0, T]
};
MeanVariance mean_variance(const Parameters& parameters, double years);

/// Expected quadratic variation of ln S over a period whose expected integral of v is `integral`.
LinearInState quadratic_variation(const Parameters& parameters, const LinearInState& integral, double years);

/// `outer` after `inner`: outer's state expressed by the state from which inner starts.
LinearInState compose(const LinearInState& outer, const LinearInState& v, const LinearInState& m);

}  // namespace volstorm

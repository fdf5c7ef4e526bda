#pragma once
#include "volstorm/model/parameters.h"

/// Parameter sets for tests. `calm` and `stressed` are the pricing sets of tests/reference/two_anchors.toml.
namespace sets {

using volstorm::JumpFamily;
using volstorm::Parameters;

inline Parameters calm() {
    return {14.9,
            0.304,
            -0.778,
            1.32,
            0.00226,
            0.118,
            0.983,
            {JumpFamily{"crash", 0.31, 84.4, -0.00947, 0.00682, -0.828, 0.056},
             JumpFamily{"tremor", 12.2, 845.0, -0.0017, 0.000889, -1.03, 0.00395}}};
}
inline Parameters stressed() {
    return {32.6,
            1.22,
            -0.93,
            10.5,
            0.00126,
            0.16,
            5.77,
            {JumpFamily{"crash", 1.26, 46.2, -0.0362, 0.0166, -0.235, 0.204},
             JumpFamily{"tremor", 3.95, 34.6, 0.00024, 0.00309, -0.236, 0.0588}}};
}
inline Parameters heston() { return {9.6, 0.41, -0.73, 0.0, 0.0, 0.0, 0.0, {}}; }
/// Log-normal jumps over a constant variance (Merton 1976).
inline Parameters merton() {
    return {1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, {JumpFamily{"jump", 3.0, 0.0, -0.05, 0.07, 0.0, 0.0}}};
}
/// Corners of the parameter space.
inline Parameters without_noise_of_v() {
    Parameters p = calm();
    p.sigma_v = 0.0;
    return p;
}
inline Parameters without_drift() {
    Parameters p = heston();
    p.kappa_v = 0.0;
    return p;
}
inline Parameters pull_alone() {
    Parameters p = heston();
    p.pull_m = 2.0;
    p.sigma_m = 0.1;
    return p;
}
inline Parameters noiseless() {
    Parameters p = calm();
    p.sigma_v = p.sigma_m = 0.0;
    return p;
}

}  // namespace sets

#pragma once
#include <cmath>

#include "volstorm/calibration/least_squares.h"

namespace volstorm {

/// What a residual costs.
inline double cost_of(Loss loss, double scale, double r) {
    const double z = (r / scale) * (r / scale);
    if (loss == Loss::squares || (loss == Loss::huber && z <= 1.0)) return r * r;
    if (loss == Loss::huber) return scale * scale * (2.0 * std::sqrt(z) - 1.0);
    return 2.0 * scale * scale * z / (std::sqrt(1.0 + z) + 1.0);
}

/// The residual times its weight: its square is the cost.
inline double weighted(Loss loss, double scale, double r) {
    return loss == Loss::squares ? r : std::copysign(std::sqrt(cost_of(loss, scale, r)), r);
}

/// Half the slope of the cost (psi; r itself for squares), and the slope of that.
struct Influence {
    double value, slope;
};
inline Influence influence(Loss loss, double scale, double r) {
    if (loss == Loss::squares || (loss == Loss::huber && std::abs(r) <= scale)) return {r, 1.0};
    if (loss == Loss::huber) return {std::copysign(scale, r), 0.0};
    const double root = std::sqrt(1.0 + (r / scale) * (r / scale));
    return {r / root, 1.0 / (root * root * root)};
}

}  // namespace volstorm

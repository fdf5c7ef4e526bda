#include "bounded.h"

#include <algorithm>
#include <cmath>

namespace volstorm {
namespace {

constexpr double kAngle = 2.0;  // y at the middle of two bounds: away from zero, so that steps have a size to go by
constexpr double kLeastSize = 1e-3;  // of a free parameter in its scale, for the step of differences

double scale_of(const FitParameter& p) {
    if (std::isfinite(p.low) && std::isfinite(p.high)) return p.high - p.low;
    if (p.scale > 0.0) return p.scale;
    return p.start == 0.0 ? 1.0 : std::abs(p.start);
}

/// y from the distance to the only bound, in scales.
double one_sided(double distance) { return std::sqrt(distance * (distance + 2.0)); }

}  // namespace

Bounded::Bounded(const FitParameter& p)
    : kind_(std::isfinite(p.low)    ? std::isfinite(p.high) ? Kind::between : Kind::above
            : std::isfinite(p.high) ? Kind::below
                                    : Kind::free),
      low_(p.low),
      high_(p.high),
      start_(p.start),
      scale_(scale_of(p)),
      step_(p.step) {}

double Bounded::value(double y) const {
    switch (kind_) {
        case Kind::between:
            return std::clamp(low_ + 0.5 * scale_ * (1.0 + std::sin(y - kAngle)), low_, high_);
        case Kind::above:
            return low_ + scale_ * (std::sqrt(1.0 + y * y) - 1.0);
        case Kind::below:
            return high_ - scale_ * (std::sqrt(1.0 + y * y) - 1.0);
        default:
            return start_ + scale_ * (y - 1.0);
    }
}

double Bounded::slope(double y) const {
    switch (kind_) {
        case Kind::between:
            return 0.5 * scale_ * std::cos(y - kAngle);
        case Kind::above:
            return scale_ * y / std::sqrt(1.0 + y * y);
        case Kind::below:
            return -scale_ * y / std::sqrt(1.0 + y * y);
        default:
            return scale_;
    }
}

double Bounded::variable(double x, double off) const {
    switch (kind_) {
        case Kind::between:
            return kAngle + std::asin(2.0 * std::clamp((x - low_) / scale_, off, 1.0 - off) - 1.0);
        case Kind::above:
            return one_sided(std::max((x - low_) / scale_, off));
        case Kind::below:
            return one_sided(std::max((high_ - x) / scale_, off));
        default:
            return 1.0 + (x - start_) / scale_;
    }
}

double Bounded::step(double y) const {
    if (kind_ == Kind::between) return step_;
    if (kind_ == Kind::free) return step_ * std::max(std::abs(value(y)) / scale_, kLeastSize);
    return step_ * std::max(std::abs(y), 1.0);
}

double Bounded::distance(double x) const { return std::min(x - low_, high_ - x) / scale_; }

AtBound Bounded::nearest(double x) const { return x - low_ < high_ - x ? AtBound::low : AtBound::high; }

}  // namespace volstorm

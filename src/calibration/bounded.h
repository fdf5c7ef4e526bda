#pragma once
#include "volstorm/calibration/least_squares.h"

namespace volstorm {

/// A parameter and the variable y that the search moves in its place, without bounds and of the order of one.
class Bounded {
 public:
    explicit Bounded(const FitParameter& parameter);
    double value(double y) const;
    double slope(double y) const;  // dx / dy
    /// The y of a value that is first moved off its bounds by a share `off` of the range or scale.
    double variable(double x, double off) const;
    /// Step of differences in y.
    double step(double y) const;
    /// Distance from the nearest bound, as a share of the range or scale; infinite without bounds.
    double distance(double x) const;
    AtBound nearest(double x) const;

 private:
    enum class Kind { free, above, below, between };
    Kind kind_;
    double low_, high_, start_, scale_, step_;
};

}  // namespace volstorm

#pragma once
#include <cstddef>
#include <optional>
#include <vector>

namespace volstorm {

/// The lower convex hull of points with ascending x: the cheapest price at which every x between can be bought, in
/// shares of two neighbours.
class LowerHull {
 public:
    LowerHull(const std::vector<double>& x, const std::vector<double>& y);

    struct Value {
        double y, left, right;  // the hull at x, between these two of its points
    };
    /// Nothing outside the points.
    std::optional<Value> at(double x) const;

 private:
    std::vector<double> x_, y_;
};

}  // namespace volstorm

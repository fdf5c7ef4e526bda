#include "convex_hull.h"

#include <algorithm>

namespace volstorm {

LowerHull::LowerHull(const std::vector<double>& x, const std::vector<double>& y) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        const auto above = [&] {  // the last point, above the line from the one before it to the new one
            const std::size_t n = x_.size();
            return (y_[n - 1] - y_[n - 2]) * (x[i] - x_[n - 2]) >= (y[i] - y_[n - 2]) * (x_[n - 1] - x_[n - 2]);
        };
        while (x_.size() >= 2 && above()) x_.pop_back(), y_.pop_back();
        x_.push_back(x[i]), y_.push_back(y[i]);
    }
}

std::optional<LowerHull::Value> LowerHull::at(double x) const {
    if (x_.empty() || !(x >= x_.front() && x <= x_.back())) return std::nullopt;
    const auto found = std::ranges::lower_bound(x_, x);
    const auto right = static_cast<std::size_t>(found - x_.begin());
    if (*found == x) return Value{y_[right], x, x};
    const double share = (x - x_[right - 1]) / (x_[right] - x_[right - 1]);
    return Value{y_[right - 1] + share * (y_[right] - y_[right - 1]), x_[right - 1], x_[right]};
}

}  // namespace volstorm

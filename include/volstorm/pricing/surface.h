#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "volstorm/math/interpolant.h"
#include "volstorm/pricing/day.h"

namespace volstorm {

/// The states that paths visit: prices on the path are interpolated in (sqrt(v + shift), m) on this box.
struct StateBox {
    double shift = 0.0;  // positive: keeps the square root smooth at v = 0
    Interval root_v, m;  // of sqrt(v + shift), and of m

    /// The box that holds v from 0 to `most_v` and m from `least_m` to `most_m`.
    static StateBox around(double most_v, double least_m, double most_m);
    double v_of(double root) const { return root * root - shift > 0.0 ? root * root - shift : 0.0; }
    bool contains(const VarianceState& s) const { return s.v + shift <= root_v.high * root_v.high && m.contains(s.m); }
};

/// Moments at which marks are needed, divided where a price is not smooth in time: at an event, and where a further
/// event comes within the 30 days that VIX looks ahead.
struct MarkTimes {
    std::vector<DateTime> times;             // in order
    std::vector<std::size_t> segment_begin;  // index of the first time of each smooth segment, and the end
    /// Chebyshev nodes in time that a segment of `count` times gets.
    static int nodes(std::size_t count) { return count < 3 ? static_cast<int>(count) : 3; }
};
MarkTimes make_mark_times(const PricingDay& day, std::vector<DateTime> times);

/// States of paths at one moment, in double: v and m not below 0.
struct StateSpan {
    std::span<const double> root_v, m;
    std::size_t size() const { return m.size(); }
};

}  // namespace volstorm

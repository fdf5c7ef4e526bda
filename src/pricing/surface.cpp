#include "volstorm/pricing/surface.h"

#include <algorithm>
#include <cmath>

namespace volstorm {

StateBox StateBox::around(double most_v, double least_m, double most_m) {
    StateBox box;
    box.shift = 0.02 * most_v;
    box.root_v = {std::sqrt(box.shift), std::sqrt(most_v + box.shift)};
    box.m = {std::max(least_m, 0.0), most_m};
    return box;
}

MarkTimes make_mark_times(const PricingDay& day, std::vector<DateTime> times) {
    MarkTimes marks;
    marks.times = std::move(times);
    const auto cut_between = [&](DateTime a, DateTime b) {
        return std::any_of(day.events.begin(), day.events.end(), [&](const Event& event) {
            const DateTime enters = event.time - std::chrono::days(kVixDays);
            return (a < event.time && event.time <= b) || (a < enters && enters <= b);
        });
    };
    for (std::size_t i = 0; i < marks.times.size(); ++i) {
        if (i == 0 || cut_between(marks.times[i - 1], marks.times[i])) marks.segment_begin.push_back(i);
    }
    marks.segment_begin.push_back(marks.times.size());
    return marks;
}

}  // namespace volstorm

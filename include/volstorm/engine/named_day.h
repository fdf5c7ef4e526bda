#pragma once
#include <array>
#include <limits>
#include <string>
#include <vector>

#include "volstorm/core/civil_time.h"
#include "volstorm/engine/experiment.h"

namespace volstorm {

/// One day that everybody remembers, as src/engine/named_days.csv has it. SPX moves are simple returns over the close
/// before. What is not known is NaN.
struct NamedDay {
    Date date;
    double close = 0.0, low = 0.0, high = 0.0;  // low <= open, close <= high; without a range: 0
    double open = std::numeric_limits<double>::quiet_NaN();
    double vix_before = 0.0, vix_open = 0.0, vix_high = 0.0, vix_close = 0.0;  // points
    bool low_first = false;
    bool is_proxy = false;  // before 1990: VIX is the VXO
    std::string story;
};

/// The shipped days, oldest first.
std::vector<NamedDay> named_days();

/// A moment of a named day: SPX over its close before, less 1, and VIX over its close before.
struct DayPoint {
    double spx_return, vix_ratio;
};
/// The way through a day.
struct DayPath {
    std::array<DayPoint, 4> points;  // open, the two extremes in their order, close
    std::size_t low, high;           // which of them are the extremes: 1 and 2
};

/// Where the day went, from what is known of it: from its open through low and high to its close, and
/// - where its open is not known it opens at the point of its range that is nearest to the close before;
/// - of low and high that one comes first with which the whole way is shorter, unless `low_first` says otherwise;
/// - VIX is at its high where SPX is at its low; at SPX's high it is where the neighbour of that point is, the open or
///   the close; an open of VIX that is not known lies, in ln VIX, as far towards its high as SPX's towards its low.
DayPath path_of(const NamedDay& day);

/// The way through the day on an experiment's timeline, whose last session it is: the close before it is the last one
/// before the settlement, and until then nothing moves. Through the night SPX and ln VIX go evenly in variance time to
/// the open, then at an even pace of SPX from point to point, each extreme at the end of a bar of its own.
struct DayOnTimeline {
    std::vector<DayPoint> points;  // at the end of each step
    std::size_t low, high;         // steps (from 0) that end at the extremes
};
/// Throws InputError where the entry lies within the session of the settlement: it has no close before.
DayOnTimeline on_timeline(const NamedDay& day, const Experiment& experiment);

/// Path i is days[i].
GeneratorSpec paths_of(std::vector<NamedDay> days);

}  // namespace volstorm

#pragma once
#include <vector>

#include "volstorm/core/civil_time.h"
#include "volstorm/core/units.h"
#include "volstorm/market/clock.h"
#include "volstorm/market/event.h"

namespace volstorm {

inline constexpr int kNoEvent = -1;
inline constexpr int kOvernightSubSteps = 8;

/// One step of a path, from the end of the step before it.
struct Step {
    DateTime end{};
    SessionYears variance_time{};
    CalendarYears rate_time{};
    int event = kNoEvent;     // index of the event that strikes at the end of this step
    bool is_bar_end = false;  // end of a five-minute bar, or the 09:30 open: rules are read here
    bool is_open = false;     // ends at 09:30
    bool is_close = false;    // ends at the session's close
};

/// The steps from `entry` to the close of the session `expiry`: the rest of the entry session's bars, each overnight
/// gap in eight sub-steps of equal variance time (cut further at event times), then the bars of the next session.
/// A step that is cut by an event inside a bar is divided; only its last part ends the bar. `entry` may lie between
/// bar ends; at or after the close the first step is overnight. Two events at one time get steps of their own (the
/// second with zero length; it ends the bar). Events outside (entry, horizon] are not on the timeline.
/// `bars_per_session` is 13, 26, 39, 78, 156 or 390 (a half day has 7/13 of them).
/// Throws std::invalid_argument for another number, or where expiry is not a session or its close not after entry.
std::vector<Step> make_timeline(DateTime entry, Date expiry, const SessionClock& clock,
                                const std::vector<Event>& events, int bars_per_session = kBarsPerSession);

}  // namespace volstorm

#include "volstorm/market/timeline.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

using std::chrono::seconds;

constexpr seconds kSessionLength = std::chrono::minutes(390);

seconds bar_length(int bars_per_session) {
    constexpr std::array kAllowed = {13, 26, 39, 78, 156, 390};
    if (std::find(kAllowed.begin(), kAllowed.end(), bars_per_session) == kAllowed.end())
        throw std::invalid_argument("bars per session are 13, 26, 39, 78, 156 or 390");
    return kSessionLength / bars_per_session;
}

/// Sub-steps from `from` to the open; in a gap, equal wall-clock time is equal variance time.
void add_gap(std::vector<Step>& steps, DateTime from, DateTime open) {
    if (from >= open) return;
    DateTime before = from;
    for (int part = 1; part < kOvernightSubSteps; ++part) {
        const DateTime end = from + (open - from) * part / kOvernightSubSteps;
        if (end > before) steps.push_back({.end = end});  // a gap may be shorter than four seconds
        before = end;
    }
    steps.push_back({.end = open, .is_bar_end = true, .is_open = true});
}

/// The bars of a session that end after `from`.
void add_bars(std::vector<Step>& steps, DateTime from, Date session, seconds length) {
    const DateTime close = session_close(session);
    for (DateTime end = session_open(session) + length; end <= close; end += length)
        if (end > from) steps.push_back({.end = end, .is_bar_end = true, .is_close = end == close});
}

/// Gaps and bars from `entry` to the close of `expiry`, without events.
std::vector<Step> make_grid(DateTime entry, Date expiry, seconds bar) {
    std::vector<Step> steps;
    const Date today = date_of(entry);
    Date session = is_session(today) && entry < session_close(today) ? today : next_session(today);
    for (DateTime now = entry;; session = next_session(session)) {
        add_gap(steps, now, session_open(session));
        add_bars(steps, now, session, bar);
        now = session_close(session);
        if (session == expiry) return steps;
    }
}

/// Puts the event at the end of a step: an existing one, a part of the step that it cuts, or one of zero length.
void place_event(std::vector<Step>& steps, DateTime time, int event) {
    const auto after =
        std::upper_bound(steps.begin(), steps.end(), time, [](DateTime t, const Step& step) { return t < step.end; });
    if (after == steps.begin() || (after - 1)->end != time) {
        steps.insert(after, {.end = time, .event = event});
    } else if (Step& step = *(after - 1); step.event == kNoEvent) {
        step.event = event;
    } else {
        Step last = step;
        last.event = event;
        step = {.end = time, .event = step.event};
        steps.insert(after, last);
    }
}

void place_events(std::vector<Step>& steps, DateTime entry, const std::vector<Event>& events) {
    std::vector<std::pair<DateTime, int>> order;
    order.reserve(events.size());
    for (const Event& event : events) order.emplace_back(event.time, static_cast<int>(order.size()));
    std::sort(order.begin(), order.end());
    const DateTime horizon = steps.back().end;
    for (const auto& [time, event] : order)
        if (time > entry && time <= horizon) place_event(steps, time, event);
}

}  // namespace

std::vector<Step> make_timeline(DateTime entry, Date expiry, const SessionClock& clock,
                                const std::vector<Event>& events, int bars_per_session) {
    const seconds bar = bar_length(bars_per_session);
    if (!is_session(expiry)) throw std::invalid_argument("expiry " + to_string(expiry) + " is no session");
    if (session_close(expiry) <= entry)
        throw std::invalid_argument("expiry " + to_string(expiry) + " is not after the entry " + to_string(entry));

    std::vector<Step> steps = make_grid(entry, expiry, bar);
    place_events(steps, entry, events);
    DateTime start = entry;
    for (Step& step : steps) {
        step.variance_time = clock.between(start, step.end);
        step.rate_time = calendar_time(start, step.end);
        start = step.end;
    }
    return steps;
}

}  // namespace volstorm

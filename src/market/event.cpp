#include "volstorm/market/event.h"

#include <algorithm>
#include <cmath>

#include "volstorm/core/table.h"
#include "volstorm/core/units.h"
#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

constexpr Bounds kMoveSd{.low = 0.0, .high = 0.2};
constexpr Bounds kMoveMean{.low = -0.2, .high = 0.2};
constexpr Bounds kDrop{.low = 0.0, .high = 1.0, .high_open = true};

double read_move_sd(const Table& table, const std::string& name, std::optional<double> vix) {
    const auto typical = vix ? typical_move_sd(name, *vix) : std::nullopt;
    return typical ? table.number("spx_move_sd", kMoveSd, *typical) : table.number("spx_move_sd", kMoveSd);
}

Event read_event(const Table& table, std::optional<double> vix) {
    Event event;
    event.name = table.text("name");
    if (event.name.empty()) table.fail("name", "is empty");
    event.time = table.date_time("time");
    if (!in_calendar(date_of(event.time))) table.fail("time", "is outside the calendar of 2015 to 2027");
    event.spx_move_sd = read_move_sd(table, event.name, vix);
    event.physical_sd = table.number("physical_sd", kMoveSd, event.spx_move_sd);
    event.physical_mean = table.number("physical_mean", kMoveMean, -0.5 * event.physical_sd * event.physical_sd);
    event.variance_drop = table.number("variance_drop", kDrop, 0.0);
    return event;
}

}  // namespace

std::optional<double> typical_event_share(std::string_view name) {
    if (name == "FOMC") return 0.75;
    if (name == "CPI") return 0.79;
    if (name == "NFP") return 0.62;
    return std::nullopt;
}

std::optional<double> typical_move_sd(std::string_view name, double vix) {
    const auto share = typical_event_share(name);
    return share ? std::optional(*share * vix / 100.0 / std::sqrt(kSessionsPerYear)) : std::nullopt;
}

std::vector<Event> read_events(const Table& scenario, std::optional<double> vix) {
    std::vector<Event> events;
    for (const Table& table : scenario.tables("event")) {
        Event event = read_event(table, vix);
        for (const Event& other : events)
            if (other.name == event.name) table.fail("name", "is used twice; each event needs a name of its own");
        const auto later = std::upper_bound(events.begin(), events.end(), event.time,
                                            [](DateTime time, const Event& other) { return time < other.time; });
        events.insert(later, std::move(event));
    }
    return events;
}

}  // namespace volstorm

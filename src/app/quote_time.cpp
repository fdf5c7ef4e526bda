#include "quote_time.h"

#include "volstorm/core/error.h"
#include "volstorm/core/text.h"
#include "volstorm/market/calendar.h"

namespace volstorm {

std::optional<DateTime> quote_time(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const std::optional<DateTime> time = parse_date_time(text);
    const Source where{"--time " + printable(text)};
    if (!time) throw InputError(where, "is not a date and time such as 2023-10-04T09:00:00");
    if (!in_calendar(date_of(*time))) throw InputError(where, "is outside the calendar, 2015 to 2027");
    return time;
}

}  // namespace volstorm

#include "period.h"

#include <fmt/format.h>

#include <algorithm>

#include "volstorm/core/error.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

Date date_option(const char* option, const std::string& text) {
    if (const auto date = parse_date(text)) return *date;
    throw InputError({fmt::format("{} {}", option, printable(text))}, "must be a date such as 2020-01-01");
}

}  // namespace

Period period_of(const std::string& from, const std::string& to, const DailyHistory& history) {
    if (history.sessions() == 0) throw InputError({"--spx"}, "has no session");
    Period period{history.spx.front().date, history.spx.back().date};
    if (!from.empty()) period.from = std::max(period.from, date_option("--from", from));
    if (!to.empty()) period.to = std::min(period.to, date_option("--to", to));
    return period;
}

}  // namespace volstorm

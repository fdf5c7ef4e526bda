#pragma once
#include <string>

#include "volstorm/market/daily_history.h"

namespace volstorm {

/// The sessions of a history that --from and --to name.
struct Period {
    Date from, to;
    std::string text() const { return to_string(from) + " to " + to_string(to); }
};

/// As far as the history reaches; an option that is empty is its end. InputError for what is no date.
Period period_of(const std::string& from, const std::string& to, const DailyHistory& history);

}  // namespace volstorm

#pragma once
#include <span>
#include <string_view>

#include "volstorm/signal/rule.h"

namespace volstorm {

/// What the variables of a rule are computed from.
struct RuleView {
    const Bar& bar;
    const EntryQuotes& entry;
    const double* day_spx;  // the previous 16:00 close of each path
    const double* day_vix;
};

struct RuleVariable {
    std::string_view name;
    std::string_view help;
    void (*kernel)(const RuleView&, double* out);
    bool is_function = false;       // written with ()
    bool of_condor = false;         // known only where there is a condor
    bool rises_with_price = false;  // of the series that its name begins with, and hangs on no other number of the bar
};

std::span<const RuleVariable> rule_variables();

}  // namespace volstorm

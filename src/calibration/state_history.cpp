#include "volstorm/calibration/state_history.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "volstorm/core/error.h"
#include "volstorm/core/units.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct Named {
    std::string_view name, meaning, option;
};
constexpr std::array<Named, kStateVariables.size()> kNames{
    {{"vix", "VIX", "--at-vix"},
     {"realised_vol", "vol of the last 21 sessions, %", "--at-vol"},
     {"term_slope", "VIX3M over VIX", "--at-slope"},
     {"reer", "real effective exchange rate", "--at-reer"}}};

const Named& named(StateVariable variable) { return kNames[static_cast<std::size_t>(variable)]; }

std::vector<double> log_vix(const DailyHistory& history) {
    std::vector<double> value;
    for (const DailyBar& bar : history.vix) value.push_back(std::log(bar.close));
    return value;
}

std::vector<double> log_realised_vol(const DailyHistory& history) {
    std::vector<double> value(history.sessions(), kNone);
    for (std::size_t i = 0; i < value.size(); ++i)
        value[i] = std::log(100.0 * std::sqrt(kSessionsPerYear) * realised_vol(history, i));
    return value;
}

std::vector<double> log_term_slope(const DailyHistory& history, const DailySeries& term) {
    std::map<Date, double> close;
    for (const DailyBar& bar : term.bars) close[bar.date] = bar.close;
    std::vector<double> value;
    for (const DailyBar& vix : history.vix) {
        const auto found = close.find(vix.date);
        value.push_back(found == close.end() ? kNone : std::log(found->second / vix.close));
    }
    return value;
}

std::vector<double> known_reer(const DailyHistory& history, const DatedValues& reer) {
    std::vector<double> value;
    for (const DailyBar& bar : history.spx) value.push_back(known_on(reer, bar.date, kMonthlyReer));
    return value;
}

std::vector<double> values_of(const DailyHistory& history, StateVariable variable, const StateSources& sources) {
    switch (variable) {
        case StateVariable::vix:
            return log_vix(history);
        case StateVariable::realised_vol:
            return log_realised_vol(history);
        case StateVariable::term_slope:
            if (sources.term == nullptr) throw InputError({"--weights term_slope"}, "needs VIX3M: --term FILE");
            return log_term_slope(history, *sources.term);
        default:
            if (sources.reer == nullptr) throw InputError({"--weights reer"}, "needs the series: --reer FILE");
            return known_reer(history, *sources.reer);
    }
}

// Mean and sum of squared deviations of what was added, without cancellation (Welford 1962).
struct Moments {
    std::size_t count = 0;
    double mean = 0.0, squares = 0.0;
    void add(double x) {
        ++count;
        const double off = x - mean;
        mean += off / static_cast<double>(count);
        squares += off * (x - mean);
    }
    double z(double x) const {
        if (count < kFewestForZ || !(squares > 0.0)) return kNone;
        return (x - mean) / std::sqrt(squares / static_cast<double>(count - 1));
    }
};

}  // namespace

std::string_view name_of(StateVariable variable) { return named(variable).name; }
std::string_view meaning_of(StateVariable variable) { return named(variable).meaning; }
std::string_view option_of(StateVariable variable) { return named(variable).option; }

std::optional<StateVariable> state_variable_named(std::string_view name) {
    const auto found = std::ranges::find(kNames, name, &Named::name);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<StateVariable>(found - kNames.begin());
}

StateSeries state_series(const DailyHistory& history, StateVariable variable, const StateSources& sources) {
    StateSeries series{variable, values_of(history, variable, sources), {}};
    series.z = expanding_z(series.value);
    return series;
}

std::vector<double> expanding_z(std::span<const double> values) {
    Moments moments;
    std::vector<double> z;
    for (const double x : values) {
        if (!std::isnan(x)) moments.add(x);
        z.push_back(std::isnan(x) ? kNone : moments.z(x));
    }
    return z;
}

double z_after(std::span<const double> values, double value) {
    Moments moments;
    for (const double x : values) {
        if (!std::isnan(x)) moments.add(x);
    }
    return moments.z(value);
}

double state_value(StateVariable variable, double quoted) {
    return variable == StateVariable::reer ? quoted : std::log(quoted);
}
double quoted_value(StateVariable variable, double value) {
    return variable == StateVariable::reer ? value : std::exp(value);
}

}  // namespace volstorm

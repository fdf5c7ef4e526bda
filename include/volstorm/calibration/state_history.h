#pragma once
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "volstorm/market/daily_history.h"
#include "volstorm/market/dated_values.h"

namespace volstorm {

/// What the state of the market at a close is measured by.
enum class StateVariable { vix, realised_vol, term_slope, reer };
inline constexpr std::array kStateVariables{StateVariable::vix, StateVariable::realised_vol, StateVariable::term_slope,
                                            StateVariable::reer};
std::string_view name_of(StateVariable variable);     // vix, realised_vol, term_slope, reer: as --weights takes them
std::string_view meaning_of(StateVariable variable);  // VIX
std::string_view option_of(StateVariable variable);   // --at-vix: what says its value
std::optional<StateVariable> state_variable_named(std::string_view name);

/// A variable at each close of a history. NaN where it is not known.
struct StateSeries {
    StateVariable variable;
    /// ln VIX; ln of the root mean square of the last 21 returns, % a year; ln(VIX3M / VIX); index.
    std::vector<double> value;
    std::vector<double> z;  // by expanding_z()
};

/// The series that variables beside VIX and realised vol come from; null where they are not wanted.
struct StateSources {
    const DailySeries* term = nullptr;  // VIX3M
    const DatedValues* reer = nullptr;
};

/// InputError where a variable has no source.
StateSeries state_series(const DailyHistory& history, StateVariable variable, const StateSources& sources);

inline constexpr std::size_t kFewestForZ = 252;  // closes before which a mean and a deviation say too little

/// Each value less the mean of the values up to it, over their standard deviation (with n - 1): nothing that comes
/// later changes it. NaN values are passed over and have none, nor have the first 251 that are known.
std::vector<double> expanding_z(std::span<const double> values);

/// The z that a value would have after the last of `values`, by their mean and deviation; NaN where fewer than 252 are
/// known.
double z_after(std::span<const double> values, double value);

/// The value of a variable from what a user knows it by: VIX in points, vol in % a year, VIX3M over VIX, index.
double state_value(StateVariable variable, double quoted);
double quoted_value(StateVariable variable, double value);

}  // namespace volstorm

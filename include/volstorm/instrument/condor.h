#pragma once
#include <array>
#include <optional>
#include <string>

#include "volstorm/core/civil_time.h"
#include "volstorm/core/table.h"
#include "volstorm/core/units.h"
#include "volstorm/instrument/costs.h"
#include "volstorm/pricing/day.h"

namespace volstorm {

inline constexpr std::size_t kCondorLegs = 4;
enum CondorLeg : std::size_t { kLongPut, kShortPut, kShortCall, kLongCall };
inline constexpr std::array<const char*, kCondorLegs> kCondorLegNames{"long_put", "short_put", "short_call",
                                                                      "long_call"};
inline constexpr std::array<double, kCondorLegs> kCondorSigns{1.0, -1.0, -1.0, 1.0};  // contracts held of each leg
inline constexpr double kSpxStrikeGrid = 5.0;                                         // index points

enum class ShortStrikeRule { delta, standard_deviations, points, fixed };

/// The `[condor]` section.
struct CondorSpec {
    explicit CondorSpec(Table table) : section(std::move(table)) {}
    Date expiry{};
    ShortStrikeRule rule = ShortStrikeRule::delta;
    double distance = 0.15;            // delta, standard deviations of the one-day law, or index points
    std::optional<double> wing_width;  // index points from short to long strike
    std::optional<double> wing_delta;  // or the forward delta of the wings
    double contracts = 1.0;
    std::array<double, kCondorLegs> strikes{};  // of a position already held
    std::optional<double> held_credit;          // points received when it was opened
    Table section;                              // for errors that only the prices show
};

/// Reads `[condor]`: expiry, one of short_delta / short_sd / short_points / strikes (with credit), wing_width or
/// wing_delta, contracts. Nothing where the scenario has no condor.
std::optional<CondorSpec> read_condor(const Table& scenario);

/// A condor with its strikes and its prices at the entry.
struct Condor {
    Date expiry;
    std::array<double, kCondorLegs> strike{};       // index points, rising
    std::array<double, kCondorLegs> mid{};          // price of each leg, index points
    std::array<double, kCondorLegs> implied_vol{};  // on the session clock
    std::array<double, kCondorLegs> delta{};        // Black forward delta at that vol
    std::array<double, kCondorLegs> half_spread{};  // index points paid on each leg at the fill
    double contracts = 0.0;
    IndexPoints credit_mid;        // value at mid
    IndexPoints model_credit_mid;  // the same without quotes of the entry
    IndexPoints credit;  // received at the fill, after half-spreads; of a position already held: today's value
    Dollars max_risk;    // R: (wider wing - credit) x 100, of one condor, before fees
    double breakeven_low = 0.0, breakeven_high = 0.0;  // SPX at settlement where the P&L before fees is zero
    double forward = 0.0;
    bool held = false;
    std::optional<double> opened_credit;  // index points received when the held position was opened
};

/// Chooses strikes (Black forward delta at the model's implied vol; rounded to the 5-point grid, ties away from the
/// forward) and prices the legs. Throws InputError where strikes would cross, lie off the grid or below zero.
Condor make_condor(const CondorSpec& spec, const PricingDay& day, const Costs& costs);

}  // namespace volstorm

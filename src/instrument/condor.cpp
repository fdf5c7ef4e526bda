#include "volstorm/instrument/condor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "volstorm/market/calendar.h"
#include "volstorm/math/strike.h"
#include "volstorm/pricing/spx_option.h"

namespace volstorm {
namespace {

constexpr Bounds kDelta{.low = 0.0, .high = 0.5, .low_open = true, .high_open = true};

void refuse_choice_of_strikes(const Table& table) {
    std::string others;
    for (const char* key : {"short_delta", "short_sd", "short_points", "wing_width", "wing_delta"})
        if (table.has(key))
            others += fmt::format("{}{} ({})", others.empty() ? "" : " and ", key, table.source(key).text());
    if (others.empty()) return;
    table.fail("strikes",
               fmt::format("excludes {}: strikes are those of a position already held, and nothing is left to "
                           "choose; give one or the other",
                           others));
}

void read_held_strikes(const Table& table, CondorSpec& spec) {
    refuse_choice_of_strikes(table);
    const std::vector<double> strikes = table.numbers("strikes", kPositive);
    if (strikes.size() != kCondorLegs || !std::is_sorted(strikes.begin(), strikes.end())) {
        table.fail("strikes", "must be four rising strikes: long put, short put, short call, long call");
    }
    std::copy(strikes.begin(), strikes.end(), spec.strikes.begin());
    if (spec.strikes[kLongPut] == spec.strikes[kShortPut] || spec.strikes[kShortCall] == spec.strikes[kLongCall]) {
        table.fail("strikes", "has a wing of no width");
    }
    for (const double strike : strikes) {
        const double nearest = round_strike(strike, kSpxStrikeGrid, strike);
        if (nearest == strike) continue;
        table.fail("strikes", fmt::format("has {:g}, which is not on the grid of {:g} points: the nearest is {:g}",
                                          strike, kSpxStrikeGrid, nearest));
    }
    spec.rule = ShortStrikeRule::fixed;
    spec.held_credit = table.number_if("credit", {.low = 0.0, .high = 1e5, .low_open = true});
}

void read_strike_rule(const Table& table, CondorSpec& spec) {
    struct Choice {
        const char* key;
        ShortStrikeRule rule;
        Bounds bounds;
    };
    constexpr Choice choices[] = {
        {"short_delta", ShortStrikeRule::delta, kDelta},
        {"short_sd", ShortStrikeRule::standard_deviations, {.low = 0.0, .high = 20.0, .low_open = true}},
        {"short_points", ShortStrikeRule::points, {.low = 0.0, .high = 1e5, .low_open = true}},
    };
    std::string chosen;
    for (const Choice& choice : choices) {
        const auto value = table.number_if(choice.key, choice.bounds);
        if (!value) continue;
        if (!chosen.empty()) table.fail(choice.key, fmt::format("excludes condor.{}: give one of them", chosen));
        chosen = choice.key;
        spec.rule = choice.rule;
        spec.distance = *value;
    }
    if (chosen.empty()) table.fail_needs_one_of({"short_delta", "short_sd", "short_points", "strikes"});
    spec.wing_width = table.number_if("wing_width", kPositive);
    spec.wing_delta = table.number_if("wing_delta", kDelta);
    if (spec.wing_width.has_value() == spec.wing_delta.has_value()) {
        if (!spec.wing_width) table.fail_needs_one_of({"wing_width", "wing_delta"});
        table.fail("wing_delta", "excludes condor.wing_width: give one of them");
    }
    if (spec.wing_width && std::fmod(*spec.wing_width, kSpxStrikeGrid) != 0.0) {
        table.fail("wing_width", fmt::format("is {:g}, not a multiple of the strike grid of {:g} points",
                                             *spec.wing_width, kSpxStrikeGrid));
    }
}

// The strike of one short leg before rounding.
double short_strike(const CondorSpec& spec, OptionType type, double forward, double stdev, const MarkedSmile& smile,
                    double delta) {
    const double sign = type == OptionType::call ? 1.0 : -1.0;
    switch (spec.rule) {
        case ShortStrikeRule::points:
            return forward + sign * spec.distance;
        case ShortStrikeRule::standard_deviations:
            return forward * std::exp(sign * spec.distance * stdev);
        default:
            break;
    }
    const double reach = forward * std::exp(sign * 12.0 * stdev);
    return strike_at_delta(type, delta, forward, std::min(forward, reach), std::max(forward, reach),
                           [&](double strike) { return smile.implied_stdev(forward, strike); });
}

void choose_strikes(const CondorSpec& spec, const MarkedSmile& smile, Condor& condor) {
    const double forward = condor.forward, stdev = smile.implied_stdev(forward, forward);
    const auto place = [&](OptionType type, double delta) {
        const double exact = short_strike(spec, type, forward, stdev, smile, delta);
        if (std::isnan(exact)) spec.section.fail("", fmt::format(": no strike has a delta of {:g}", delta));
        return round_strike(exact, kSpxStrikeGrid, forward);
    };
    condor.strike[kShortPut] = place(OptionType::put, spec.distance);
    condor.strike[kShortCall] = place(OptionType::call, spec.distance);
    if (spec.wing_width) {
        condor.strike[kLongPut] = condor.strike[kShortPut] - *spec.wing_width;
        condor.strike[kLongCall] = condor.strike[kShortCall] + *spec.wing_width;
    } else {
        CondorSpec wings = spec;
        wings.rule = ShortStrikeRule::delta;
        const auto wing = [&](OptionType type) {
            return round_strike(short_strike(wings, type, forward, stdev, smile, *spec.wing_delta), kSpxStrikeGrid,
                                forward);
        };
        condor.strike[kLongPut] = wing(OptionType::put);
        condor.strike[kLongCall] = wing(OptionType::call);
    }
    const bool rising = condor.strike[kLongPut] < condor.strike[kShortPut] &&
                        condor.strike[kShortPut] < condor.strike[kShortCall] &&
                        condor.strike[kShortCall] < condor.strike[kLongCall];
    if (rising && condor.strike[kLongPut] > 0.0) return;
    spec.section.fail("", fmt::format("the strikes come out as {:g} {:g} {:g} {:g}: they must rise and be positive; "
                                      "change the short strikes or the wings",
                                      condor.strike[0], condor.strike[1], condor.strike[2], condor.strike[3]));
}

void price_legs(const MarkedSmile& smile, double discount, double sessions, const Costs& costs, Condor& condor) {
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
        const OptionType type = leg <= kShortPut ? OptionType::put : OptionType::call;
        const double strike = condor.strike[leg], stdev = smile.implied_stdev(condor.forward, strike);
        condor.mid[leg] = discount * smile.price(type, condor.forward, strike);
        condor.implied_vol[leg] = stdev / std::sqrt(sessions);
        condor.delta[leg] = black_delta(type, condor.forward, strike, stdev);
        const bool near = std::abs(condor.delta[leg]) >= 0.10;
        const double half = near ? costs.spx_option_half_spread : costs.spx_wing_half_spread;
        // A long leg is bought at the ask; a short one sold at the bid, which is not below zero.
        condor.half_spread[leg] = kCondorSigns[leg] > 0.0 ? half : std::min(half, condor.mid[leg]);
    }
}

// The credit at mid of these strikes on a forward.
double credit_at(const SpxSmile& smile, double forward, double discount, const Condor& condor) {
    double credit = 0.0;
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
        const OptionType type = leg <= kShortPut ? OptionType::put : OptionType::call;
        credit -= kCondorSigns[leg] * discount * smile.price(type, forward, condor.strike[leg]);
    }
    return credit;
}

void settle_terms(const CondorSpec& spec, Condor& condor) {
    double mid = 0.0, spreads = 0.0;
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) {
        mid -= kCondorSigns[leg] * condor.mid[leg];
        if (!condor.held) spreads += condor.half_spread[leg];
    }
    condor.credit_mid = IndexPoints(mid);
    condor.credit = IndexPoints(mid - spreads);
    condor.opened_credit = spec.held_credit;
    const double put_wing = condor.strike[kShortPut] - condor.strike[kLongPut];
    const double call_wing = condor.strike[kLongCall] - condor.strike[kShortCall];
    condor.max_risk = to_dollars(IndexPoints(std::max(put_wing, call_wing)) - condor.credit, kOptionMultiplier);
    condor.breakeven_low = condor.strike[kShortPut] - condor.credit.value;
    condor.breakeven_high = condor.strike[kShortCall] + condor.credit.value;
    if (!condor.held && condor.credit.value <= 0.0) {
        spec.section.fail("",
                          fmt::format("brings no credit ({:.2f} points): its wings and half-spreads cost more than its "
                                      "short strikes bring; choose these nearer",
                                      condor.credit.value));
    }
    const double wing = std::max(put_wing, call_wing), received = spec.held_credit.value_or(condor.credit.value);
    if (condor.max_risk.value > 0.0 && received < wing) return;
    spec.section.fail("", fmt::format("the credit of {:.2f} points is not below the wider wing of {:g}: nothing is at "
                                      "risk, so the prices or the strikes cannot be right",
                                      received, wing));
}

}  // namespace

std::optional<CondorSpec> read_condor(const Table& scenario) {
    const auto table = scenario.table_if("condor");
    if (!table) return std::nullopt;
    CondorSpec spec(*table);
    spec.expiry = table->date("expiry");
    if (!in_calendar(spec.expiry)) table->fail("expiry", "is outside the calendar of 2015 to 2027");
    if (table->has("credit") && !table->has("strikes")) {
        table->refuse_slip_of({"strikes"});
        table->fail("credit",
                    "belongs to a position already held, which gives its strikes; a new one gets today's credit");
    }
    if (table->has("strikes")) {
        read_held_strikes(*table, spec);
    } else {
        read_strike_rule(*table, spec);
    }
    spec.contracts = static_cast<double>(table->integer("contracts", 1, 1'000'000, 1));
    return spec;
}

Condor make_condor(const CondorSpec& spec, const PricingDay& day, const Costs& costs) {
    const DateTime settlement = session_close(spec.expiry);
    const double sessions = day.variance_time(day.market.time, settlement).value;
    const CalendarYears years = calendar_time(day.market.time, settlement);
    const SpxExpiry expiry(day.model.pricing, sessions, day.events_between(day.market.time, settlement), day.state,
                           day.state);
    const SmileResidual& residual = day.spx_residual_at(settlement);
    const SpxSmile model = expiry.smile(day.state);
    const MarkedSmile smile(model, residual, spx_deviation(day, settlement));
    Condor condor;
    condor.expiry = spec.expiry;
    condor.contracts = spec.contracts;
    condor.forward = day.market.spx * day.carry(years) * residual.basis(sessions);
    condor.held = spec.rule == ShortStrikeRule::fixed;
    if (condor.held) {
        condor.strike = spec.strikes;
    } else {
        choose_strikes(spec, smile, condor);
    }
    price_legs(smile, day.discount(years), sessions, costs, condor);
    settle_terms(spec, condor);
    const double model_forward = day.market.spx * day.carry(years);
    condor.model_credit_mid = residual.is_none()
                                  ? condor.credit_mid
                                  : IndexPoints(credit_at(model, model_forward, day.discount(years), condor));
    return condor;
}

}  // namespace volstorm

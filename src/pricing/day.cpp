#include "volstorm/pricing/day.h"

#include <fmt/format.h>

#include <cmath>

#include "state.h"

namespace volstorm {

std::vector<EventAhead> PricingDay::events_between(DateTime from, DateTime to) const {
    std::vector<EventAhead> ahead;
    for (const Event& event : events) {
        if (event.time <= from || event.time > to) continue;
        ahead.push_back({clock.between(from, event.time).value, event.spx_move_sd, event.variance_drop});
    }
    return ahead;
}

LinearInState PricingDay::vix_squared_at(DateTime when) const {
    return vix_squared(model.pricing, events_between(when, when + std::chrono::days(kVixDays)));
}

namespace {

const SmileResidual& residual_at(const std::map<DateTime, SmileResidual>& residuals, DateTime settlement) {
    static const SmileResidual none;
    const auto known = residuals.find(settlement);
    return known == residuals.end() ? none : known->second;
}

}  // namespace

const SmileResidual& PricingDay::spx_residual_at(DateTime settlement) const {
    return residual_at(spx_residuals, settlement);
}

const SmileResidual& PricingDay::vix_residual_at(DateTime settlement) const {
    return residual_at(vix_residuals, settlement);
}

double PricingDay::carry(CalendarYears years) const {
    return std::exp((market.rate - market.dividend_yield) * years.value);
}

double PricingDay::discount(CalendarYears years) const { return std::exp(-market.rate * years.value); }

double spx_deviation(const PricingDay& day, DateTime settlement) {
    const DateTime now = day.market.time;
    const double years = day.variance_time(now, settlement).value;
    return std::sqrt(spx_variation(day.model.pricing, years, day.events_between(now, settlement))(day.state));
}

namespace {

// VIX without the events of the next 30 days, in points; they bring sd^2 / tau to VIX^2.
double without_events(const PricingDay& day, double vix) {
    double variance = 0.0;
    std::string names;
    for (const Event& event : day.events) {
        if (event.time > day.market.time + std::chrono::days(kVixDays)) continue;
        variance += event.spx_move_sd * event.spx_move_sd;
        names += (names.empty() ? "" : ", ") + event.name;
    }
    const double squared = 1e-4 * vix * vix, left = squared - variance / kVixYears;
    if (left >= 0.1 * squared) return 100.0 * std::sqrt(left);
    throw InputError(
        day.market.vix_source,
        fmt::format("market.vix is {:g}, but the events of the next 30 days ({}) alone would make it {:.2f}; "
                    "their spx_move_sd must be smaller",
                    vix, names, 100.0 * std::sqrt(variance / kVixYears)));
}

}  // namespace

PricingDay make_day(const Market& market, const ModelInput& input, const std::vector<Event>& events) {
    PricingDay day{market, {}, SessionClock(input.overnight_share), {}, {}, 0.0};
    for (const Event& event : events) {
        if (event.time > market.time) day.events.push_back(event);
    }
    std::optional<double> level;
    if (market.vix) day.event_free_vix = without_events(day, *market.vix);
    if (market.vix && !market.variance) level = day.event_free_vix;
    day.model = model_of_the_day(input, level);
    day.state = market.variance ? VarianceState{*market.variance, *market.variance_mean} : state_from_quotes(day);
    if (!market.vix) day.event_free_vix = vix_level(vix_squared(day.model.pricing, {}), day.state);
    return day;
}

}  // namespace volstorm

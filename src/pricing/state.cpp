#include "state.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "volstorm/market/calendar.h"
#include "volstorm/pricing/spx_option.h"

namespace volstorm {
namespace {

constexpr double kLeast = kLeastVariance, kMost = kMostVariance;
constexpr double kRough = 1e-9;  // precision of prices that only bracket the state
constexpr double kOneSession = 1.0 / kSessionsPerYear;

// The state on the line of constant VIX, by its v.
struct VixLine {
    LinearInState squared;  // VIX^2 / 10000, the events ahead in it
    double target;          // its quoted value
    double unit;            // the same without the events: v and m are bounded by multiples of it
    VarianceState at(double v) const { return {v, (target - squared.constant - squared.per_v * v) / squared.per_m}; }
    double v_at(double m) const { return (target - squared.constant - squared.per_m * m) / squared.per_v; }
};

VixLine vix_line(const PricingDay& day) {
    const double vix = *day.market.vix;
    const VixLine line{day.vix_squared_at(day.market.time), 1e-4 * vix * vix,
                       1e-4 * day.event_free_vix * day.event_free_vix};
    if (line.squared.per_m > 1e-6 && line.squared.per_v > 1e-6) return line;
    throw InputError(day.market.vix_source,
                     "market.vix cannot set the state of this model, for VIX hardly depends on v or on m in it; give "
                     "market.variance and market.variance_mean");
}

// The at-the-money option that is quoted: it settles at the close of the next session. Without a time of the entry it
// is one session away.
struct QuotedOption {
    double years = kOneSession;  // of session time
    std::vector<EventAhead> events;
    double stdev = 0.0;
    double event_variance = 0.0;
};

QuotedOption quoted_option(const PricingDay& day) {
    const Market& market = day.market;
    QuotedOption option;
    double quoted_years = kOneSession;
    if (market.has_time) {
        const DateTime expiry = session_close(next_session(date_of(market.time)));
        option.years = day.clock.between(market.time, expiry).value;
        option.events = day.events_between(market.time, expiry);
        const bool on_sessions = market.iv_clock == VolClock::session;
        quoted_years = on_sessions ? option.years : calendar_time(market.time, expiry).value;
    }
    option.stdev = *market.atm_vol_1d * std::sqrt(quoted_years);
    for (const EventAhead& event : option.events) option.event_variance += event.move_sd * event.move_sd;
    return option;
}

[[noreturn]] void refuse(const PricingDay& day, const QuotedOption& option, double low, double high) {
    const Market& market = day.market;
    const double clock_factor = *market.atm_vol_1d / option.stdev, event_variance = option.event_variance;
    const double share = event_variance / (option.stdev * option.stdev);
    const std::string event =
        event_variance > 0.0 ? fmt::format(" (of whose variance the day's events are {:.0f} %)", 100.0 * share) : "";
    throw InputError(
        market.atm_vol_source,
        fmt::format("market.atm_vol_1d is {:g}{}, which market.vix = {:g} does not allow: with v and m "
                    "between {:g} and {:g} times VIX^2 it can be {:.4f} to {:.4f}",
                    *market.atm_vol_1d, event, *market.vix, kLeast, kMost, low * clock_factor, high * clock_factor));
}

VarianceState from_both_quotes(const PricingDay& day, const VixLine& line) {
    const double low_v = std::max(kLeast * line.unit, line.v_at(kMost * line.unit));
    const double high_v = std::min(kMost * line.unit, line.v_at(kLeast * line.unit));
    const QuotedOption option = quoted_option(day);
    const double target = option.stdev;
    // Roughly first: the series of states far apart, and of small v, are long.
    const auto rough_excess = [&](double v) {
        const VarianceState state = line.at(v);
        const SpxExpiry expiry(day.model.pricing, option.years, option.events, state, state, kRough);
        return expiry.smile(state).implied_stdev(1.0, 1.0) - target;
    };
    if (!(low_v < high_v)) {
        throw InputError(
            day.market.vix_source,
            fmt::format("market.vix = {:g} gives no state of this model with v and m between {:g} and {:g} "
                        "times VIX^2; give market.variance and market.variance_mean",
                        *day.market.vix, kLeast, kMost));
    }
    const double at_low = rough_excess(low_v), at_high = rough_excess(high_v);
    if (at_low > 0.0 || at_high < 0.0) refuse(day, option, at_low + target, at_high + target);
    const auto close = [](double a, double b) { return std::abs(a - b) < 1e-2 * a; };
    std::uintmax_t iterations = 100;
    const auto [below, above] =
        boost::math::tools::toms748_solve(rough_excess, low_v, high_v, at_low, at_high, close, iterations);
    const double from = std::max(low_v, 0.99 * below), to = std::min(high_v, 1.01 * above);
    const VarianceState calm = line.at(from), wild = line.at(to);
    const SpxExpiry expiry(day.model.pricing, option.years, option.events, {calm.v, wild.m}, {wild.v, calm.m});
    const auto excess = [&](double v) { return expiry.smile(line.at(v)).implied_stdev(1.0, 1.0) - target; };
    const double at_from = excess(from), at_to = excess(to);
    if (at_from >= 0.0 || at_to <= 0.0) return line.at(at_from >= 0.0 ? from : to);  // at an end of what is allowed
    iterations = 100;
    const auto [a, b] = boost::math::tools::toms748_solve(excess, from, to, at_from, at_to,
                                                          boost::math::tools::eps_tolerance<double>(48), iterations);
    return line.at(0.5 * (a + b));
}

VarianceState from_vix(const PricingDay& day, const VixLine& line) {
    const double vix = day.event_free_vix;
    const StateRule& rule = day.model.state_rule;
    const double vol = rule.ratio * std::pow(vix / 20.0, rule.exponent) * vix / 100.0;
    const VarianceState state = line.at(vol * vol);
    const double least = kLeast * line.unit;
    const VarianceState result = state.m >= least ? state : VarianceState{line.v_at(least), least};
    if (result.v >= least && std::max(result.v, result.m) <= kMost * line.unit) return result;
    throw InputError(
        day.market.vix_source,
        fmt::format("market.vix = {:g} gives no state of this model: v would be {:.4g} and m {:.4g}, outside "
                    "{:g} to {:g} times VIX^2 = {:.4g}; give market.atm_vol_1d",
                    *day.market.vix, result.v, result.m, kLeast, kMost, line.unit));
}

}  // namespace

VarianceState state_from_quotes(const PricingDay& day) {
    const VixLine line = vix_line(day);
    return day.market.atm_vol_1d ? from_both_quotes(day, line) : from_vix(day, line);
}

}  // namespace volstorm

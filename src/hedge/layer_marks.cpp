#include "volstorm/hedge/layer_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "volstorm/instrument/condor.h"
#include "volstorm/market/calendar.h"
#include "volstorm/math/strike.h"

namespace volstorm {
namespace {

Date expiry_of(const LayerSpec& layer, Date fill, Date last) {
    if (layer.expiry) return *layer.expiry;
    if (layer.kind.is_vix()) return nearest_vix_expiry(fill, layer.days, last, layer.weekly);
    return next_session(fill + std::chrono::days(layer.days - 1));
}

}  // namespace

DateTime settlement_of(const LayerSpec& layer, Date fill, DateTime horizon) try {
    const Date last = date_of(horizon), expiry = expiry_of(layer, fill, last);
    const std::string text = to_string(expiry);
    if (!is_session(expiry))
        layer.section.fail("", fmt::format("has an expiry on {}, which is no trading session", text));
    if (layer.kind.is_vix() && expiry != nearest_vix_expiry(expiry, 0, expiry - std::chrono::days(1), true)) {
        layer.section.fail("", fmt::format("has an expiry on {}, on which no VIX contract settles (the nearest is {})",
                                           text, to_string(nearest_vix_expiry(expiry, 0, last, true))));
    }
    if (expiry <= last) {
        layer.section.fail("", fmt::format("expires on {}, but must outlive the horizon of {}", text, to_string(last)));
    }
    return layer.kind.is_vix() ? session_open(expiry) : session_close(expiry);
} catch (const OutsideCalendar& error) {
    layer.section.fail("", fmt::format("expires too late: {}", error.what()));
}

LayerMarks::LayerMarks(const LayerSpec& layer, const PricingDay& day, DateTime settlement)
    : kind_(layer.kind),
      width_(layer.width),
      rule_(layer.strike_rule),
      rule_value_(layer.strike_value),
      day_(&day),
      section_(layer.section),
      settlement_(settlement) {
    const DateTime now = day.market.time;
    if (kind_.is_vix()) {
        vix_now_ = std::make_shared<VixMarker>(day, now, settlement_, day.state);
        forward_ = vix_now_->future(day.state);
    } else {
        spx_now_ = std::make_shared<SpxMarker>(day, now, settlement_, day.state, day.state);
        forward_ = day.market.spx * spx_now_->carry();
    }
}

VixProduct LayerMarks::product(double strike) const {
    using Kind = VixProduct::Kind;
    if (!kind_.has_strike()) return {Kind::future, 0.0};
    return {kind_.type == OptionType::call ? Kind::call : Kind::put, strike};
}

double LayerMarks::round(double strike, double forward) const {
    return kind_.is_vix() ? round_vix_strike(strike, forward) : round_strike(strike, kSpxStrikeGrid, forward);
}

double LayerMarks::second_strike(double strike) const { return round(strike + kind_.short_direction * width_, strike); }

// The strike that a rule without delta gives, before rounding.
double LayerMarks::from_forward(double forward) const {
    const double out = kind_.type == OptionType::call ? 1.0 : -1.0;
    if (rule_ == StrikeRule::points) return forward + out * rule_value_;
    if (rule_ == StrikeRule::moneyness) return forward * rule_value_;
    return rule_value_;
}

void LayerMarks::check_on_grid(double strike) const {
    const double nearest = round(strike, forward_);
    if (nearest == strike) return;
    section_.fail("", fmt::format("has a strike of {:g}, which is not on the grid of {}: the nearest is {:g}", strike,
                                  kind_.is_vix() ? "0.5 below 15 and 1 from there on" : "5 points", nearest));
}

double LayerMarks::strike_at_entry() const {
    if (!kind_.has_strike()) return 0.0;
    double strike = from_forward(forward_);
    if (rule_ == StrikeRule::delta && kind_.is_vix()) {
        strike = vix_now_->strike_at_delta(kind_.type, rule_value_, day_->state);
    } else if (rule_ == StrikeRule::delta) {
        const MarkedSmile smile = spx_now_->smile(day_->state);
        const double reach = 8.0 * spx_now_->scale(day_->state);
        strike =
            strike_at_delta(kind_.type, rule_value_, forward_, forward_ * std::exp(-reach), forward_ * std::exp(reach),
                            [&](double k) { return smile.implied_stdev(forward_, k); });
    }
    const double rounded = std::isnan(strike) ? strike : round(strike, forward_);
    if (!(rounded > 0.0) || (kind_.is_spread && !(rounded + kind_.short_direction * width_ > 0.0))) {
        section_.fail("", "has no such strike: change delta, points, strike or width");
    }
    if (rule_ == StrikeRule::fixed) {
        check_on_grid(strike);
        if (kind_.is_spread) check_on_grid(strike + kind_.short_direction * width_);
    }
    return rounded;
}

double LayerMarks::leg_at_entry(double strike) const {
    if (kind_.is_vix()) return vix_now_->mark(product(strike), day_->state);
    return spx_now_->mark(kind_.type, day_->market.spx, strike, day_->state);
}

double LayerMarks::mid_at_entry(double strike) const {
    const double mid = leg_at_entry(strike);
    return kind_.is_spread ? mid - leg_at_entry(second_strike(strike)) : mid;
}

double LayerMarks::implied_vol_at_entry(double strike) const {
    if (!kind_.has_strike()) return std::numeric_limits<double>::quiet_NaN();
    if (kind_.is_vix()) {
        const bool is_call = strike >= forward_;  // the side that is out of the money tells it best
        const VixProduct product{is_call ? VixProduct::Kind::call : VixProduct::Kind::put, strike};
        const double price = vix_now_->mark(product, day_->state) / vix_now_->discount();
        return black_implied_stdev(is_call ? OptionType::call : OptionType::put, forward_, strike, price) /
               std::sqrt(vix_now_->years());
    }
    return spx_now_->smile(day_->state).implied_stdev(forward_, strike) / std::sqrt(spx_now_->years());
}

double LayerMarks::delta_at_entry(double strike) const {
    if (!kind_.has_strike()) return 1.0;
    const double years = kind_.is_vix() ? vix_now_->years() : spx_now_->years();
    return black_delta(kind_.type, forward_, strike, implied_vol_at_entry(strike) * std::sqrt(years));
}

double LayerMarks::moneyness_at_entry(double strike) const {
    const double scale = kind_.is_vix() ? vix_now_->place(day_->state).at_the_money : spx_now_->scale(day_->state);
    return std::log(strike / forward_) / scale;
}

void LayerMarks::prepare(Surfaces& surfaces, const MarkTimes& times, const StateBox& box,
                         std::span<const double> strikes, const SpxStateSpan* visited) {
    if (kind_.is_vix()) {
        std::shared_ptr<VixSurface>& shared = surfaces.vix[settlement_];
        if (!shared) shared = std::make_shared<VixSurface>(*day_, settlement_, times, box);
        vix_ = shared;
        vix_->add({VixProduct::Kind::future, 0.0});
        add_vix_strikes(strikes, visited);
    } else {
        std::shared_ptr<SpxSurface>& shared = surfaces.spx[settlement_];
        if (!shared) shared = std::make_shared<SpxSurface>(*day_, settlement_, times, box);
        spx_ = shared;
        if (visited != nullptr && rule_ == StrikeRule::delta) spx_->add_strike_at_delta(kind_.type, rule_value_);
    }
}

void LayerMarks::add_vix_strikes(std::span<const double> strikes, const SpxStateSpan* visited) {
    const auto add_unit = [&](double strike) {
        vix_->add(product(strike));
        if (kind_.is_spread) vix_->add(product(second_strike(strike)));
    };
    for (const double strike : strikes) add_unit(strike);
    if (rule_ == StrikeRule::fixed) add_unit(rule_value_);  // also where a rule opens the layer later
    if (visited == nullptr || !kind_.has_strike() || rule_ == StrikeRule::fixed) return;
    if (rule_ == StrikeRule::delta) vix_->add_strike_at_delta(kind_.type, rule_value_);
    std::vector<double> seen(visited->state.size());
    choose(vix_->times().times.size() - 1, *visited, seen.data());
    const auto [least, most] = std::minmax_element(seen.begin(), seen.end());
    constexpr double room = 2.0;  // points below and above the strikes seen
    for (double k = std::max(*least - room, 1.0); k <= *most + room; k += k < 15.0 ? 0.5 : 1.0) add_unit(k);
}

// One leg of each unit. A VIX surface has a strike of its own for each product.
std::size_t LayerMarks::mark_legs(std::span<const double> strikes, std::size_t time, const SpxStateSpan& states,
                                  double* out) const {
    if (!kind_.is_vix()) return spx_->mark(kind_.type, strikes, time, states, out);
    std::size_t exact = 0;
    for (std::size_t first = 0; first < strikes.size();) {
        std::size_t end = first + 1;
        while (end < strikes.size() && strikes[end] == strikes[first]) ++end;
        const StateSpan run{states.state.root_v.subspan(first, end - first),
                            states.state.m.subspan(first, end - first)};
        exact += vix_->mark(product(strikes[first]), time, run, out + first);
        first = end;
    }
    return exact;
}

std::size_t LayerMarks::mark(std::span<const double> strikes, std::size_t time, const SpxStateSpan& states,
                             double* out) const {
    std::size_t exact = mark_legs(strikes, time, states, out);
    if (!kind_.is_spread) return exact;
    std::vector<double> second(strikes.size()), mids(strikes.size());
    std::ranges::transform(strikes, second.begin(), [&](double strike) { return second_strike(strike); });
    exact += mark_legs(second, time, states, mids.data());
    for (std::size_t i = 0; i < mids.size(); ++i) out[i] -= mids[i];
    return exact;
}

void LayerMarks::choose(std::size_t time, const SpxStateSpan& states, double* strikes) const {
    const std::size_t count = states.state.size();
    if (!kind_.has_strike() || rule_ == StrikeRule::fixed) {
        std::fill_n(strikes, count, kind_.has_strike() ? rule_value_ : 0.0);
        return;
    }
    std::vector<double> forward(count);
    if (kind_.is_vix()) {
        vix_->mark({VixProduct::Kind::future, 0.0}, time, states.state, forward.data());
        if (rule_ == StrikeRule::delta) vix_->strike_at_delta(kind_.type, rule_value_, time, states.state, strikes);
    } else {
        spx_->forwards(time, states, forward.data());
        if (rule_ == StrikeRule::delta) spx_->strike_at_delta(kind_.type, rule_value_, time, states, strikes);
    }
    for (std::size_t i = 0; i < count; ++i) {
        strikes[i] = round(rule_ == StrikeRule::delta ? strikes[i] : from_forward(forward[i]), forward[i]);
    }
}

bool LayerMarks::always_has_strike() const {
    return rule_ == StrikeRule::delta ? kind_.is_vix() : rule_ != StrikeRule::points;
}

void LayerMarks::futures(std::size_t time, const SpxStateSpan& states, double* out) const {
    vix_->mark({VixProduct::Kind::future, 0.0}, time, states.state, out);
}

double LayerMarks::measured_error(double strike, std::size_t time, std::span<const double> spx,
                                  std::span<const VarianceState> states) const {
    const auto leg = [&](double k) {
        return kind_.is_vix() ? vix_->measured_error(product(k), time, states)
                              : spx_->measured_error(kind_.type, k, time, spx, states);
    };
    return kind_.is_spread ? leg(strike) + leg(second_strike(strike)) : leg(strike);
}

}  // namespace volstorm

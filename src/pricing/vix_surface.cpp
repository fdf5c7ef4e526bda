#include "volstorm/pricing/vix_surface.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "volstorm/math/strike.h"

namespace volstorm {
namespace {

constexpr int kRootNodes = 14, kMeanNodes = 6;
constexpr double kLeastVol = 0.05;       // an implied vol that the shift after a fall in VIX does not go below
constexpr double kKeptTimeValue = 1e-3;  // share of the time value at the at-the-money vol that a strike keeps

}  // namespace

VixMarker::VixMarker(const PricingDay& day, DateTime now, DateTime settlement, const VarianceState& largest)
    : now_(now),
      settlement_(settlement),
      years_(day.variance_time(now, settlement).value),
      root_years_(std::sqrt(years_)),
      discount_(day.discount(calendar_time(now, settlement))),
      squared_(day.vix_squared_at(now)),
      expiry_(day.model.pricing, years_, day.events_between(now, settlement), day.vix_squared_at(settlement), largest),
      vix_at_entry_(vix_level(day.vix_squared_at(day.market.time), day.state)),
      beta_(day.model.mark == VixMark::vvix ? day.model.vvix_beta : 0.0) {}

VixMarker::VixMarker(const VixMarker& later, const PricingDay& day, DateTime now)
    : now_(now),
      settlement_(later.settlement_),
      years_(day.variance_time(now, settlement_).value),
      root_years_(std::sqrt(years_)),
      discount_(day.discount(calendar_time(now, settlement_))),
      squared_(day.vix_squared_at(now)),
      expiry_(later.expiry_, day.model.pricing, day.variance_time(now, later.now_).value,
              day.events_between(now, later.now_)),
      vix_at_entry_(later.vix_at_entry_),
      beta_(later.beta_) {}

double VixMarker::shift(const VarianceState& state) const {
    return beta_ == 0.0 ? 0.0 : beta_ * std::log(vix(state) / vix_at_entry_);
}

VixMarker::Place VixMarker::place(const VarianceState& state) const {
    Place at{expiry_.law(state), 0.0, shift(state)};
    const double forward = at.law.future;
    at.at_the_money = black_implied_stdev(OptionType::call, forward, forward, expiry_.call(at.law, forward));
    return at;
}

double VixMarker::steady_stdev(const Place& at, double strike, double time_value) const {
    const OptionType side = strike < at.law.future ? OptionType::put : OptionType::call;
    const double kept = kKeptTimeValue * black_price(side, at.law.future, strike, at.at_the_money);
    return black_implied_stdev(side, at.law.future, strike, std::max(time_value, 0.0) + kept);
}

double VixMarker::shifted_stdev(double stdev, const Place& at) const {
    return std::max(stdev + at.shift * root_years_, std::min(stdev, kLeastVol * root_years_));
}

double VixMarker::implied_vol(double strike, const VarianceState& state) const {
    const Place at = place(state);
    const double time_value = expiry_.call(at.law, strike) - std::max(at.law.future - strike, 0.0);
    return shifted_stdev(steady_stdev(at, strike, time_value), at) / root_years_;
}

VixMarker::Prepared VixMarker::prepare(const VixProduct& product) const {
    if (product.kind == VixProduct::Kind::future) return {product, {}};
    return {product, expiry_.payoff(product.strike)};
}

double VixMarker::mark(const Prepared& prepared, const Place& at) const {
    const VixProduct& product = prepared.product;
    if (product.kind == VixProduct::Kind::future) return at.law.future;
    const double intrinsic = std::max(at.law.future - product.strike, 0.0);
    double time_value = expiry_.call(at.law, prepared.payoff) - intrinsic;
    if (at.shift != 0.0) {
        const OptionType side = product.strike < at.law.future ? OptionType::put : OptionType::call;
        const double stdev = steady_stdev(at, product.strike, time_value);
        time_value += black_price(side, at.law.future, product.strike, shifted_stdev(stdev, at)) -
                      black_price(side, at.law.future, product.strike, stdev);
    }
    const double parity =
        product.kind == VixProduct::Kind::call ? intrinsic : std::max(product.strike - at.law.future, 0.0);
    return discount_ * std::max(time_value + parity, 0.0);
}

double VixMarker::strike_at_delta(OptionType type, double delta, const Place& at) const {
    return volstorm::strike_at_delta(
        type, delta, at.law.future, 0.3 * at.law.future, 8.0 * at.law.future, [&](double strike) {
            const double time_value = expiry_.call(at.law, strike) - std::max(at.law.future - strike, 0.0);
            return shifted_stdev(steady_stdev(at, strike, time_value), at);
        });
}

VixSurface::VixSurface(const PricingDay& day, DateTime settlement, const MarkTimes& times, const StateBox& box)
    : day_(&day), settlement_(settlement), times_(times), box_(box) {
    largest_ = {box.v_of(box.root_v.high), box.m.high};
    last_ = std::make_shared<VixMarker>(day, times.times.back(), settlement, largest_);
    std::shared_ptr<const VixMarker> earliest = last_;
    for (std::size_t s = times.segment_begin.size() - 1; s-- > 0;) {
        Segment segment;
        segment.first = times.segment_begin[s];
        segment.end = times.segment_begin[s + 1];
        segment.clock = {clock_of(segment.first), clock_of(segment.end - 1)};
        add_markers(segment, earliest);
        segments_.insert(segments_.begin(), std::move(segment));
    }
}

// Exact marks at the Chebyshev nodes in time, from the latest to the earliest: the moments at which the session clock
// shows them.
void VixSurface::add_markers(Segment& segment, std::shared_ptr<const VixMarker>& earliest) const {
    const int nodes = MarkTimes::nodes(segment.end - segment.first);
    for (int i = 0; i < nodes; ++i) {
        const double clock = Interpolant::node(segment.clock, i, nodes);
        // Bisection: the session clock runs fast by day and slowly overnight.
        DateTime moment = times_.times[segment.end - 1], before = times_.times[segment.first];
        while (moment - before > std::chrono::seconds(1)) {
            const DateTime middle = before + (moment - before) / 2;
            const bool early = day_->clock.between(day_->market.time, middle).value * kSessionsPerYear < clock;
            (early ? before : moment) = middle;
        }
        earliest = std::make_shared<VixMarker>(*earliest, *day_, moment);
        segment.markers.push_back(earliest);
        std::vector<VixMarker::Place>& places = segment.places.emplace_back();
        for (int b_node = 0; b_node < kRootNodes; ++b_node) {
            const double v = box_.v_of(Interpolant::node(box_.root_v, b_node, kRootNodes));
            for (int c = 0; c < kMeanNodes; ++c) {
                places.push_back(segment.markers.back()->place({v, Interpolant::node(box_.m, c, kMeanNodes)}));
            }
        }
    }
}

// Exact marks at times[time], from the next marker that there is after it.
VixMarker VixSurface::marker_at(std::size_t time) const {
    const DateTime moment = times_.times[time];
    const VixMarker* later = last_.get();
    for (const Segment& segment : segments_) {
        for (const auto& marker : segment.markers) {
            if (marker->now() >= moment && marker->now() < later->now()) later = marker.get();
        }
    }
    return {*later, *day_, moment};
}

double VixSurface::clock_of(std::size_t time) const {
    return day_->clock.between(day_->market.time, times_.times[time]).value * kSessionsPerYear;
}

const VixSurface::Segment& VixSurface::segment_of(std::size_t time) const {
    for (const Segment& segment : segments_) {
        if (time < segment.end) return segment;
    }
    throw std::out_of_range("no mark was prepared for this time");
}

template <class Function>
VixSurface::Surface VixSurface::fit(const Function& value_at) const {
    Surface surface;
    for (const Segment& segment : segments_) {
        const int nodes = static_cast<int>(segment.markers.size());
        std::vector<double> values;
        for (std::size_t i = 0; i < segment.markers.size(); ++i) {
            const auto value = value_at(*segment.markers[i]);
            for (const VixMarker::Place& place : segment.places[i]) values.push_back(value(place));
        }
        surface.emplace_back(std::array<Interval, 3>{segment.clock, box_.root_v, box_.m},
                             Interpolant::Sizes{nodes, kRootNodes, kMeanNodes}, std::move(values));
    }
    return surface;
}

void VixSurface::add(const VixProduct& product) {
    if (knows(product)) return;
    products_[product] = fit([&](const VixMarker& marker) {
        return [&marker, prepared = marker.prepare(product)](const VixMarker::Place& at) {
            return marker.mark(prepared, at);
        };
    });
}

void VixSurface::add_strike_at_delta(OptionType type, double delta) {
    if (delta_strikes_.contains({type, delta})) return;
    delta_strikes_[{type, delta}] = fit([&](const VixMarker& marker) {
        return [&marker, type, delta](const VixMarker::Place& at) { return marker.strike_at_delta(type, delta, at); };
    });
}

Interpolant VixSurface::at_time(const Surface& surface, std::size_t time) const {
    const Segment& segment = segment_of(time);
    const Interpolant& interpolant = surface[static_cast<std::size_t>(&segment - segments_.data())];
    return segment.markers.size() == 1 ? interpolant : interpolant.at_first(clock_of(time));
}

double VixSurface::exact(const VixProduct& product, std::size_t time, const VarianceState& state) const {
    if (state.v <= largest_.v && state.m <= largest_.m) return marker_at(time).mark(product, state);
    const VarianceState largest{std::max(state.v, largest_.v), std::max(state.m, largest_.m)};
    return VixMarker(*day_, times_.times[time], settlement_, largest).mark(product, state);
}

std::size_t VixSurface::mark(const VixProduct& product, std::size_t time, const StateSpan& states, double* out) const {
    const auto known = products_.find(product);
    std::size_t exact_marks = 0;
    if (known != products_.end()) {
        at_time(known->second, time).evaluate(nullptr, states.root_v.data(), states.m.data(), out, states.size());
    }
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (known != products_.end() && states.root_v[i] <= box_.root_v.high && box_.m.contains(states.m[i])) continue;
        out[i] = exact(product, time, {box_.v_of(states.root_v[i]), states.m[i]});
        ++exact_marks;
    }
    return exact_marks;
}

std::size_t VixSurface::strike_at_delta(OptionType type, double delta, std::size_t time, const StateSpan& states,
                                        double* out) const {
    at_time(delta_strikes_.at({type, delta}), time)
        .evaluate(nullptr, states.root_v.data(), states.m.data(), out, states.size());
    std::size_t exact_strikes = 0;
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (states.root_v[i] <= box_.root_v.high && box_.m.contains(states.m[i])) continue;
        const VixMarker marker = marker_at(time);
        out[i] = marker.strike_at_delta(type, delta, VarianceState{box_.v_of(states.root_v[i]), states.m[i]});
        ++exact_strikes;
    }
    return exact_strikes;
}

double VixSurface::measured_error(const VixProduct& product, std::size_t time,
                                  std::span<const VarianceState> states) const {
    const VixMarker marker = marker_at(time);
    const VixMarker::Prepared prepared = marker.prepare(product);
    std::vector<VarianceState> inside;
    std::vector<double> root, m;
    for (const VarianceState& s : states) {
        if (!box_.contains(s)) continue;
        inside.push_back(s);
        root.push_back(std::sqrt(s.v + box_.shift));
        m.push_back(s.m);
    }
    std::vector<double> values(m.size());
    mark(product, time, {root, m}, values.data());
    double worst = 0.0;
    for (std::size_t i = 0; i < m.size(); ++i) {
        worst = std::max(worst, std::abs(values[i] - marker.mark(prepared, marker.place(inside[i]))));
    }
    return worst;
}

}  // namespace volstorm

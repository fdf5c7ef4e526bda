#include "volstorm/pricing/vix_surface.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "volstorm/core/clones.h"
#include "volstorm/math/portable.h"
#include "volstorm/math/strike.h"

namespace volstorm {
namespace {

constexpr int kRootNodes = 20, kMeanNodes = 6;
constexpr double kTrim = 2e-5;        // VIX points that the coefficients left out make up
constexpr double kTrimStrike = 1e-6;  // of the logarithm of a strike
// Settlements within so many sessions of the last mark are checked, and those with a residual of quotes: what errs by
// more than `kPlainError` is drawn apart, with more nodes while it errs by more than `kDrawnError`. (The promise is
// 0.002; few states are checked.)
constexpr double kNearSessions = 16.0, kPlainError = 5e-4, kDrawnError = 8e-4;
constexpr double kNearerSessions = 4.0;  // so near, an option's value goes like the root of the time that is left
constexpr int kNearerNodes = 5;          // in time
constexpr Interpolant::Sizes kDrawnNodes[] = {
    {0, 20, 6}, {0, 28, 8}, {0, 36, 12}, {0, 52, 16}};  // until one is close enough
constexpr int kCheckRoots = 25;
constexpr double kDrawnWidth = 2.5, kBend = 4.0;  // in standard deviations of sqrt(v) to the settlement; in shifts
constexpr double kFallReach = 5.0;                // standard deviations that sqrt(v) falls by the last mark
constexpr double kLeastVol = 0.05;                // an implied vol that the shift after a fall in VIX does not go below
constexpr int kBrackets = 5;                      // from 0.3 and 8 to 0.0024 and 2048 times the future
constexpr double kKeptTimeValue = 1e-3;           // share of the time value at the at-the-money vol that a strike keeps

// What the pricing measure expects of VIX at a moment when the trade is put on: the root of E[VIX^2].
double expected_vix(const PricingDay& day, DateTime now) {
    const Parameters& p = day.model.pricing;
    VarianceState expected = day.state;
    double place = 0.0;
    for (const EventAhead& event : day.events_between(day.market.time, now)) {
        if (event.variance_drop == 0.0) continue;
        const MeanVariance mean = mean_variance(p, event.years - place);
        expected = {(1.0 - event.variance_drop) * mean.v(expected), mean.m(expected)};
        place = event.years;
    }
    const double years = day.variance_time(day.market.time, now).value;
    const MeanVariance mean = mean_variance(p, years - place);
    if (years > place) expected = {mean.v(expected), mean.m(expected)};
    return vix_level(day.vix_squared_at(now), expected);
}

}  // namespace

VixMarker::VixMarker(const PricingDay& day, DateTime now, DateTime settlement, const VarianceState& largest)
    : now_(now),
      settlement_(settlement),
      residual_(&day.vix_residual_at(settlement)),
      years_(day.variance_time(now, settlement).value),
      root_years_(std::sqrt(years_)),
      basis_(residual_->basis(years_)),
      discount_(day.discount(calendar_time(now, settlement))),
      squared_(day.vix_squared_at(now)),
      expiry_(day.model.pricing, years_, day.events_between(now, settlement), day.vix_squared_at(settlement), largest),
      expected_vix_(expected_vix(day, now)),
      beta_(day.model.mark == VixMark::vvix ? day.model.vvix_beta : 0.0) {}

VixMarker::VixMarker(const VixMarker& later, const PricingDay& day, DateTime now)
    : now_(now),
      settlement_(later.settlement_),
      residual_(later.residual_),
      years_(day.variance_time(now, settlement_).value),
      root_years_(std::sqrt(years_)),
      basis_(residual_->basis(years_)),
      discount_(day.discount(calendar_time(now, settlement_))),
      squared_(day.vix_squared_at(now)),
      expiry_(later.expiry_, day.model.pricing, day.variance_time(now, later.now_).value,
              day.events_between(now, later.now_)),
      expected_vix_(expected_vix(day, now)),
      beta_(later.beta_) {}

double VixMarker::shift(const VarianceState& state) const {
    return beta_ == 0.0 ? 0.0 : beta_ * std::log(vix(state) / expected_vix_);
}

VixMarker::Place VixMarker::place(const VarianceState& state) const {
    Place at{expiry_.law(state), 0.0, shift(state)};
    const double forward = at.law.future;
    at.at_the_money = black_implied_stdev(OptionType::call, forward, forward, expiry_.call(at.law, forward));
    return at;
}

VixMarker::Place VixMarker::place(const VarianceState& state, double at_the_money) const {
    return {expiry_.law(state), at_the_money, shift(state)};
}

double VixMarker::steady_stdev(const Place& at, double strike, double time_value) const {
    const OptionType side = strike < at.law.future ? OptionType::put : OptionType::call;
    const double kept = kKeptTimeValue * black_price(side, at.law.future, strike, at.at_the_money);
    return black_implied_stdev(side, at.law.future, strike, std::max(time_value, 0.0) + kept);
}

double VixMarker::marked_stdev(double stdev, double strike, const Place& at) const {
    if (!residual_->is_none()) stdev *= residual_->factor(std::log(strike / at.law.future) / at.at_the_money);
    return std::max(stdev + at.shift * root_years_, std::min(stdev, kLeastVol * root_years_));
}

SmileResidual::Node VixMarker::residual_at(double strike, double price, const Place& at) const {
    const double forward = at.law.future;
    const OptionType side = strike < forward ? OptionType::put : OptionType::call;
    const double time_value = expiry_.call(at.law, strike) - std::max(forward - strike, 0.0);
    const double stdev = steady_stdev(at, strike, time_value);
    const double needed = price - time_value + black_price(side, forward, strike, stdev);
    const double marked = black_implied_stdev(side, forward, strike, needed) - at.shift * root_years_;
    return {std::log(strike / forward) / at.at_the_money, std::log(marked / stdev)};
}

double VixMarker::implied_vol(double quoted_strike, const VarianceState& state) const {
    const Place at = place(state);
    const double strike = model_strike(quoted_strike);
    const double time_value = expiry_.call(at.law, strike) - std::max(at.law.future - strike, 0.0);
    return marked_stdev(steady_stdev(at, strike, time_value), strike, at) / root_years_;
}

VixMarker::Prepared VixMarker::prepare(const VixProduct& product) const {
    if (product.kind == VixProduct::Kind::future) return {product, {}};
    return {product, expiry_.payoff(model_strike(product.strike))};
}

double VixMarker::mark(const Prepared& prepared, const Place& at) const {
    const double forward = at.law.future, basis = basis_;
    const VixProduct::Kind kind = prepared.product.kind;
    if (kind == VixProduct::Kind::future) return basis * forward;
    const double strike = prepared.payoff.strike, intrinsic = std::max(forward - strike, 0.0);
    double time_value = expiry_.call(at.law, prepared.payoff) - intrinsic;
    if (at.shift != 0.0 || !residual_->is_none()) {
        const OptionType side = strike < forward ? OptionType::put : OptionType::call;
        const double stdev = steady_stdev(at, strike, time_value);
        time_value += black_price(side, forward, strike, marked_stdev(stdev, strike, at)) -
                      black_price(side, forward, strike, stdev);
    }
    const double parity = kind == VixProduct::Kind::call ? intrinsic : std::max(strike - forward, 0.0);
    return discount_ * basis * std::max(time_value + parity, 0.0);
}

// The bracket is widened until it holds the delta. Where none does, its end on the side of the delta serves: a strike
// there is as good as never or as surely exercised.
double VixMarker::strike_at_delta(OptionType type, double delta, const Place& at) const {
    const double forward = at.law.future;
    const auto stdev = [&](double strike) {
        const double time_value = expiry_.call(at.law, strike) - std::max(forward - strike, 0.0);
        return marked_stdev(steady_stdev(at, strike, time_value), strike, at);
    };
    double low = 0.3 * forward, high = 8.0 * forward;
    for (int widened = 0; widened < kBrackets; ++widened, low *= 0.3, high *= 4.0) {
        const double strike = volstorm::strike_at_delta(type, delta, forward, low, high, stdev);
        if (std::isfinite(strike)) return basis_ * strike;
    }
    const bool too_small = std::abs(black_delta(type, forward, low, stdev(low))) < delta;
    return basis_ * ((type == OptionType::call) == too_small ? low : high);
}

VixSurface::VixSurface(const PricingDay& day, DateTime settlement, const MarkTimes& times, const StateBox& box)
    : day_(&day), settlement_(settlement), times_(times), box_(box) {
    largest_ = {box.v_of(box.root_v.high), box.m.high};
    const double elapsed = day.clock.between(day.market.time, times.times.back()).value;
    const double fall = kFallReach * 0.5 * day.model.pricing.sigma_v * std::sqrt(elapsed);
    const double least = std::max(std::sqrt(day.state.v) - fall, 0.0);
    least_root_ = std::sqrt(least * least + box.shift);
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
    const auto count = static_cast<int>(segment.end - segment.first);
    const bool is_near = last_->years() * kSessionsPerYear < kNearerSessions;
    const int nodes = is_near ? std::min(count, kNearerNodes) : MarkTimes::nodes(segment.end - segment.first);
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
        std::vector<double> stdevs(places.size());
        std::ranges::transform(places, stdevs.begin(), &VixMarker::Place::at_the_money);
        segment.at_the_money.emplace_back(std::array<Interval, 3>{Interval{}, box_.root_v, box_.m},
                                          Interpolant::Sizes{1, kRootNodes, kMeanNodes}, std::move(stdevs));
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

// The same for any state: a contour is good up to the largest state that it was made for.
VixMarker VixSurface::marker_for(std::size_t time, const VarianceState& state) const {
    if (state.v <= largest_.v && state.m <= largest_.m) return marker_at(time);
    const VarianceState largest{std::max(state.v, largest_.v), std::max(state.m, largest_.m)};
    return {*day_, times_.times[time], settlement_, largest};
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
VixSurface::Surface VixSurface::fit(double tolerance, const Function& value_at) const {
    Surface surface;
    for (const Segment& segment : segments_) {
        const int nodes = static_cast<int>(segment.markers.size());
        std::vector<double> values;
        for (std::size_t i = 0; i < segment.markers.size(); ++i) {
            const auto value = value_at(*segment.markers[i]);
            for (const VixMarker::Place& place : segment.places[i]) values.push_back(value(place));
        }
        const Interpolant::Sizes sizes{nodes, kRootNodes, kMeanNodes};
        surface.push_back(planes(segment, {{segment.clock, box_.root_v, box_.m}, sizes, std::move(values)}, tolerance));
    }
    return surface;
}

InterpolantPlanes VixSurface::planes(const Segment& segment, Interpolant whole, double tolerance) const {
    std::vector<double> clocks;
    for (std::size_t time = segment.first; time < segment.end; ++time) clocks.push_back(clock_of(time));
    return {std::move(whole), std::move(clocks), tolerance};
}

void VixSurface::add(const VixProduct& product) {
    if (knows(product)) return;
    products_[product] = fit(kTrim, [&](const VixMarker& marker) {
        return [&marker, prepared = marker.prepare(product)](const VixMarker::Place& at) {
            return marker.mark(prepared, at);
        };
    });
    const bool is_bent =
        last_->years() * kSessionsPerYear < kNearSessions || !day_->vix_residual_at(settlement_).is_none();
    if (is_bent && product.kind != VixProduct::Kind::future) draw_apart(product);
}

namespace {

// asinh, for a loop that vectorises.
inline double arsinh(double x) {
    const double size = x < 0.0 ? -x : x, value = portable::log(size + std::sqrt(size * size + 1.0));
    return x < 0.0 ? -value : value;
}

// The root of a square that may be negative, smooth and above 0.
inline double bent_root(double square, double bend) {
    return std::sqrt(0.5 * (square + std::sqrt(square * square + bend * bend)));
}

VOLSTORM_CLONES
void draw_roots(double square, double square_per_m, double bend, double width, double low, double high,
                const double* __restrict root, const double* __restrict m, double* __restrict drawn,
                std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const double centre = bent_root(square + square_per_m * m[i], bend);
        const double from = arsinh((low - centre) / width), to = arsinh((high - centre) / width);
        drawn[i] = (arsinh((root[i] - centre) / width) - from) / (to - from);
    }
}

}  // namespace

double VixSurface::Drawing::root(double drawn, double m) const {
    const double centre = bent_root(square + square_per_m * m, bend);
    const double from = std::asinh((low - centre) / width), to = std::asinh((high - centre) / width);
    return centre + width * std::sinh(from + drawn * (to - from));
}

void VixSurface::Drawing::draw(const StateSpan& states, double* drawn) const {
    draw_roots(square, square_per_m, bend, width, low, high, states.root_v.data(), states.m.data(), drawn,
               states.size());
}

VixSurface::Drawing VixSurface::drawing_for(const VixProduct& product, const VixMarker& marker) const {
    const LinearInState& mean = marker.mean_square();
    const double strike = 0.01 * marker.model_strike(product.strike), range = box_.root_v.high - box_.root_v.low;
    Drawing drawing;
    drawing.square = (strike * strike - mean.constant) / mean.per_v + box_.shift;
    drawing.square_per_m = -mean.per_m / mean.per_v;
    drawing.bend = kBend * box_.shift;
    drawing.width =
        std::max(kDrawnWidth * 0.5 * day_->model.pricing.sigma_v * std::sqrt(marker.years()), 0.005 * range);
    drawing.low = least_root_;
    drawing.high = box_.root_v.high;
    return drawing;
}

VixSurface::Drawn VixSurface::fit_drawn(const VixProduct& product, const Segment& segment,
                                        const Interpolant::Sizes& nodes) const {
    const Interval whole{0.0, 1.0};
    const Drawing drawing = drawing_for(product, *segment.markers.front());  // the latest, whose law is the narrowest
    std::vector<double> values;
    for (std::size_t i = 0; i < segment.markers.size(); ++i) {
        const VixMarker& marker = *segment.markers[i];
        const VixMarker::Prepared prepared = marker.prepare(product);
        for (int b = 0; b < nodes[1]; ++b) {
            for (int c = 0; c < nodes[2]; ++c) {
                const double m = Interpolant::node(box_.m, c, nodes[2]);
                const double root = drawing.root(Interpolant::node(whole, b, nodes[1]), m);
                const double at_the_money = segment.at_the_money[i]({0.0, root, m});
                values.push_back(marker.mark(prepared, marker.place({box_.v_of(root), m}, at_the_money)));
            }
        }
    }
    const Interpolant::Sizes sizes{static_cast<int>(segment.markers.size()), nodes[1], nodes[2]};
    return {drawing, planes(segment, {{segment.clock, whole, box_.m}, sizes, std::move(values)}, kTrim)};
}

// States across the part of the box that paths can reach, at the last time of each segment.
const std::vector<VixSurface::Check>& VixSurface::checks() {
    if (!checks_.empty()) return checks_;
    for (const Segment& segment : segments_) {
        Check check{marker_at(segment.end - 1), {}, {}};
        for (int i = 0; i < kCheckRoots; ++i) {
            for (const double share : {0.3, 0.65}) {
                const double root = least_root_ + (i + 0.5) / kCheckRoots * (box_.root_v.high - least_root_);
                check.states.push_back({box_.v_of(root), box_.m.low + share * (box_.m.high - box_.m.low)});
                check.places.push_back(check.marker.place(check.states.back()));
            }
        }
        checks_.push_back(std::move(check));
    }
    return checks_;
}

double VixSurface::check_error(const VixProduct& product, std::size_t segment, const Check& check) const {
    std::vector<double> root, m, values(check.states.size());
    for (const VarianceState& state : check.states) {
        root.push_back(std::sqrt(state.v + box_.shift));
        m.push_back(state.m);
    }
    mark(product, segments_[segment].end - 1, {root, m}, values.data());
    const VixMarker::Prepared prepared = check.marker.prepare(product);
    double worst = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        worst = std::max(worst, std::abs(values[i] - check.marker.mark(prepared, check.places[i])));
    }
    return worst;
}

void VixSurface::draw_apart(const VixProduct& product) {
    const auto worst_error = [&] {
        double worst = 0.0;
        for (std::size_t s = 0; s < segments_.size(); ++s) {
            worst = std::max(worst, check_error(product, s, checks()[s]));
        }
        return worst;
    };
    double least = worst_error();
    std::vector<Drawn> best;
    for (const Interpolant::Sizes& nodes : kDrawnNodes) {
        if (least <= (best.empty() ? kPlainError : kDrawnError)) break;
        std::vector<Drawn>& drawn = drawn_[product];
        drawn.clear();
        for (const Segment& segment : segments_) drawn.push_back(fit_drawn(product, segment, nodes));
        const double error = worst_error();
        if (error < least) best = drawn, least = error;
    }
    drawn_.erase(product);
    if (!best.empty()) drawn_[product] = std::move(best);
}

void VixSurface::mark_drawn(const Drawn& drawn, const Surface& plain, std::size_t time, const StateSpan& states,
                            double* out) const {
    std::vector<double> place(states.size());
    drawn.drawing.draw(states, place.data());
    drawn.marks.plane(time - segment_of(time).first)
        .evaluate(nullptr, place.data(), states.m.data(), out, states.size());
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (states.root_v[i] >= drawn.drawing.low) continue;
        at_time(plain, time).evaluate(nullptr, &states.root_v[i], &states.m[i], &out[i], 1);
    }
}

void VixSurface::add_strike_at_delta(OptionType type, double delta) {
    if (delta_strikes_.contains({type, delta})) return;
    delta_strikes_[{type, delta}] = fit(kTrimStrike, [&](const VixMarker& marker) {
        return [&marker, type, delta](const VixMarker::Place& at) {
            return portable::log(marker.strike_at_delta(type, delta, at));
        };
    });
}

std::size_t VixSurface::segment_number(std::size_t time) const {
    return static_cast<std::size_t>(&segment_of(time) - segments_.data());
}

const Interpolant& VixSurface::at_time(const Surface& surface, std::size_t time) const {
    const std::size_t segment = segment_number(time);
    return surface[segment].plane(time - segments_[segment].first);
}

double VixSurface::exact(const VixProduct& product, std::size_t time, const VarianceState& state) const {
    return marker_for(time, state).mark(product, state);
}

std::size_t VixSurface::mark(const VixProduct& product, std::size_t time, const StateSpan& states, double* out) const {
    const auto known = products_.find(product);
    std::size_t exact_marks = 0;
    const auto drawn = drawn_.find(product);
    if (drawn != drawn_.end()) {
        mark_drawn(drawn->second[segment_number(time)], known->second, time, states, out);
    } else if (known != products_.end()) {
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
    for (std::size_t i = 0; i < states.size(); ++i) out[i] = portable::exp(out[i]);
    std::size_t exact_strikes = 0;
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (states.root_v[i] <= box_.root_v.high && box_.m.contains(states.m[i])) continue;
        const VarianceState state{box_.v_of(states.root_v[i]), states.m[i]};
        out[i] = marker_for(time, state).strike_at_delta(type, delta, state);
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

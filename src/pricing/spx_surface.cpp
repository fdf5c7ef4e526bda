#include "volstorm/pricing/spx_surface.h"

#include <algorithm>
#include <cmath>

#include "volstorm/math/portable.h"
#include "volstorm/math/strike.h"

namespace volstorm {
namespace {

constexpr Interval kMoneyness{-9.0, 6.0};  // ln(K/F) in units of the scale
constexpr double kCore = 0.25;             // the law's own width can be this much narrower: rare jumps make the scale
constexpr double kPrecision = 1e-9;        // of the exact prices, in units of the forward
constexpr Interpolant::Sizes kNodes{64, 22, 7};
constexpr double kLeastShift = 1e-4, kLeastMeanShift = 0.05;  // shares of the largest v and m

// Moneyness drawn apart in its middle, asinh(x / kCore), so that few nodes resolve it; and back.
double drawn_apart(double x) {
    const double y = x < 0.0 ? -x / kCore : x / kCore, value = portable::log(y + std::sqrt(y * y + 1.0));
    return x < 0.0 ? -value : value;
}
double moneyness_at(double y) { return kCore * std::sinh(y); }

// What v and m are raised by before their logarithm is taken: what the variance to expiry is made of where they vanish.
// So a step in the logarithm changes the width of the law by about the same factor everywhere.
VarianceState shift_for(const Parameters& p, double years, const Interval& m, double most_v) {
    const LinearInState core = mean_variance(p, years).integral;
    VarianceState shift{kLeastShift * most_v, kLeastMeanShift * m.high};
    shift.v = std::max(shift.v, (core.constant + core.per_m * m.low) / core.per_v);
    if (core.per_m > 0.0) shift.m += core.constant / core.per_m;
    return shift;
}

LinearInState variation_to(const PricingDay& day, DateTime now, DateTime settlement, double years) {
    LinearInState sum = quadratic_variation(day.model.pricing, mean_variance(day.model.pricing, years).integral, years);
    for (const EventAhead& event : day.events_between(now, settlement)) sum.constant += event.move_sd * event.move_sd;
    return sum;
}

}  // namespace

SpxMarker::SpxMarker(const PricingDay& day, DateTime now, DateTime settlement, const VarianceState& smallest,
                     const VarianceState& largest)
    : years_(day.variance_time(now, settlement).value),
      carry_(day.carry(calendar_time(now, settlement))),
      discount_(day.discount(calendar_time(now, settlement))),
      variation_(variation_to(day, now, settlement, years_)),
      expiry_(day.model.pricing, years_, day.events_between(now, settlement), smallest, largest, kPrecision) {}

double SpxMarker::mark(OptionType type, double spx, double strike, const VarianceState& state) const {
    return discount_ * smile(state).price(type, spx * carry_, strike);
}

SpxSurface::SpxSurface(const PricingDay& day, DateTime settlement, const MarkTimes& times, const StateBox& box)
    : day_(&day), settlement_(settlement), times_(times.times), box_(box) {
    const VarianceState largest = largest_ = {box.v_of(box.root_v.high), box.m.high};
    const Interval drawn{drawn_apart(kMoneyness.low), drawn_apart(kMoneyness.high)};
    // Puts of a state with no variance left are not interpolated: the least state of the box has some.
    const VarianceState smallest = smallest_ = {0.01 * largest.v, std::max(box.m.low, 0.01 * largest.m)};
    for (const DateTime now : times.times) {
        Slice slice{std::make_shared<SpxMarker>(day, now, settlement, smallest, largest), {}, {}};
        const VarianceState shift = shift_for(day.model.pricing, slice.marker->years(), box.m, largest.v);
        const Interval log_v{portable::log(shift.v), portable::log(largest.v + shift.v)};
        const Interval log_m{portable::log(box.m.low + shift.m), portable::log(box.m.high + shift.m)};
        std::vector<double> values(static_cast<std::size_t>(kNodes[0] * kNodes[1] * kNodes[2]));
        for (int b = 0; b < kNodes[1]; ++b) {
            for (int c = 0; c < kNodes[2]; ++c) {
                const VarianceState state{
                    std::max(portable::exp(Interpolant::node(log_v, b, kNodes[1])) - shift.v, 0.0),
                    std::max(portable::exp(Interpolant::node(log_m, c, kNodes[2])) - shift.m, 0.0)};
                const SpxSmile smile = slice.marker->smile(state);
                const double scale = slice.marker->scale(state);
                for (int a = 0; a < kNodes[0]; ++a) {
                    const double strike = std::exp(scale * moneyness_at(Interpolant::node(drawn, a, kNodes[0])));
                    const int place = (a * kNodes[1] + b) * kNodes[2] + c;
                    values[static_cast<std::size_t>(place)] = smile.put(1.0, strike) / scale;
                }
            }
        }
        slice.shift = shift;
        slice.puts = Interpolant({drawn, log_v, log_m}, kNodes, std::move(values));
        slices_.push_back(std::move(slice));
    }
}

// The slice's own marker where its range of returns holds the state's.
std::shared_ptr<const SpxMarker> SpxSurface::marker_for(std::size_t time, const VarianceState& state) const {
    if (state.v <= largest_.v && state.m <= largest_.m) return slice(time).marker;
    const VarianceState largest{std::max(state.v, largest_.v), std::max(state.m, largest_.m)};
    return std::make_shared<SpxMarker>(*day_, times_[time], settlement_, smallest_, largest);
}

double SpxSurface::exact(OptionType type, double strike, std::size_t time, double spx,
                         const VarianceState& state) const {
    return marker_for(time, state)->mark(type, spx, strike, state);
}

std::size_t SpxSurface::mark(OptionType type, double strike, std::size_t time, const SpxStateSpan& states,
                             double* out) const {
    const Slice& s = slice(time);
    const LinearInState& variation = s.marker->variation();
    const std::size_t count = states.state.size();
    std::vector<double> moneyness(count), forward(count), scale(count), drawn(count), log_v(count), log_m(count);
    for (std::size_t i = 0; i < count; ++i) {
        const double root = states.state.root_v[i], v = root * root - box_.shift, m = states.state.m[i];
        forward[i] = states.spx[i] * s.marker->carry();
        scale[i] = std::sqrt(variation.constant + variation.per_v * v + variation.per_m * m);
        moneyness[i] = portable::log(strike / forward[i]) / scale[i];
        log_v[i] = portable::log(v + s.shift.v);
        log_m[i] = portable::log(m + s.shift.m);
    }
    for (std::size_t i = 0; i < count; ++i) drawn[i] = drawn_apart(moneyness[i]);
    s.puts.evaluate(drawn.data(), log_v.data(), log_m.data(), out, count);
    std::size_t exact_marks = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const bool inside = kMoneyness.contains(moneyness[i]) && states.state.root_v[i] <= box_.root_v.high &&
                            box_.m.contains(states.state.m[i]);
        if (inside) {
            const double put = out[i] * forward[i] * scale[i];
            const double value = type == OptionType::put ? put : put + forward[i] - strike;
            out[i] = s.marker->discount() * (value > 0.0 ? value : 0.0);
        } else {
            out[i] = exact(type, strike, time, states.spx[i], {box_.v_of(states.state.root_v[i]), states.state.m[i]});
            ++exact_marks;
        }
    }
    return exact_marks;
}

double SpxSurface::measured_error(OptionType type, double strike, std::size_t time, std::span<const double> spx,
                                  std::span<const VarianceState> states) const {
    double worst = 0.0;
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (!box_.contains(states[i])) continue;
        const double root = std::sqrt(states[i].v + box_.shift);
        double value;
        mark(type, strike, time, {{{&root, 1}, {&states[i].m, 1}}, {&spx[i], 1}}, &value);
        worst = std::max(worst, std::abs(value - exact(type, strike, time, spx[i], states[i])));
    }
    return worst;
}

void SpxSurface::strike_at_delta(OptionType type, double delta, std::size_t time, const SpxStateSpan& states,
                                 double* out) const {
    for (std::size_t i = 0; i < states.state.size(); ++i) {
        const VarianceState state{box_.v_of(states.state.root_v[i]), states.state.m[i]};
        const std::shared_ptr<const SpxMarker> held = marker_for(time, state);
        const SpxMarker& marker = *held;
        const double forward = states.spx[i] * marker.carry(), reach = 8.0 * marker.scale(state);
        const SpxSmile smile = marker.smile(state);
        out[i] = volstorm::strike_at_delta(type, delta, forward, forward * std::exp(-reach), forward * std::exp(reach),
                                           [&](double strike) { return smile.implied_stdev(forward, strike); });
    }
}

void SpxSurface::forwards(std::size_t time, const SpxStateSpan& states, double* out) const {
    for (std::size_t i = 0; i < states.spx.size(); ++i) out[i] = states.spx[i] * slice(time).marker->carry();
}

}  // namespace volstorm

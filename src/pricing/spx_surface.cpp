#include "volstorm/pricing/spx_surface.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "volstorm/core/clones.h"
#include "volstorm/math/portable.h"
#include "volstorm/math/strike.h"

namespace volstorm {
namespace {

constexpr Interval kMoneyness{-9.0, 6.0};  // ln(K/F) in units of the scale
constexpr double kCore = 0.25;             // the law's own width can be this much narrower: rare jumps make the scale
constexpr double kPrecision = 1e-9;        // of the exact prices, in units of the forward
constexpr Interpolant::Sizes kNodes{96, 28, 9};
constexpr Interpolant::Sizes kPanelNodes{16, 16, 9};
constexpr double kTrim = 5e-4;                                // index points that the coefficients left out make up
constexpr int kTimeNodes = 6;                                 // of the time to expiry, along a segment
constexpr double kTimeRatio = 2.0;                            // by which it falls at most along one
constexpr double kDeltaReach = 8.0;                           // a strike by delta is looked for so many scales away
constexpr double kLeastShift = 1e-4, kLeastMeanShift = 0.05;  // shares of the largest v and m

// Moneyness drawn apart in its middle, asinh(x / kCore), so that few nodes resolve it; and back.
inline double drawn_apart(double x) {
    const double y = x < 0.0 ? -x / kCore : x / kCore, value = portable::log(y + std::sqrt(y * y + 1.0));
    return x < 0.0 ? -value : value;
}
double moneyness_at(double y) { return kCore * std::sinh(y); }

// Part number `part` of so many equal ones.
Interval part_of(const Interval& whole, std::size_t part, std::size_t parts) {
    const double length = (whole.high - whole.low) / static_cast<double>(parts), k = static_cast<double>(part);
    return {whole.low + k * length, whole.low + (k + 1.0) * length};
}
std::size_t part_at(const Interval& whole, double x, std::size_t parts) {
    const double place = (x - whole.low) / (whole.high - whole.low) * static_cast<double>(parts);
    if (!(place > 0.0)) return 0;
    return place < static_cast<double>(parts) ? static_cast<std::size_t>(place) : parts - 1;
}

// What v and m are raised by before their logarithm is taken: what the variance to expiry is made of where they vanish.
// So a step in the logarithm changes the width of the law by about the same factor everywhere.
VarianceState shift_for(const Parameters& p, double years, const Interval& m, double most_v) {
    const LinearInState core = mean_variance(p, years).integral;
    VarianceState shift{kLeastShift * most_v, kLeastMeanShift * m.high};
    shift.v = std::max(shift.v, (core.constant + core.per_m * m.low) / core.per_v);
    if (core.per_m > 0.0) shift.m += core.constant / core.per_m;
    return shift;
}

// Where the puts of these states and strikes stand in the interpolants.
VOLSTORM_CLONES
void place_puts(const LinearInState& variation, const VarianceState& shift, double box_shift, double carry,
                const double* __restrict root_v, const double* __restrict mean, const double* __restrict spx,
                const double* __restrict strike, double* __restrict forward, double* __restrict scale,
                double* __restrict moneyness, double* __restrict drawn, double* __restrict log_v,
                double* __restrict log_m, std::size_t count) {
    const double constant = variation.constant, per_v = variation.per_v, per_m = variation.per_m;
    const double shift_v = shift.v, shift_m = shift.m;
    for (std::size_t i = 0; i < count; ++i) {
        const double v = root_v[i] * root_v[i] - box_shift, m = mean[i];
        forward[i] = spx[i] * carry;
        scale[i] = std::sqrt(constant + per_v * v + per_m * m);
        log_v[i] = portable::log(v + shift_v);
        log_m[i] = portable::log(m + shift_m);
    }
    for (std::size_t i = 0; i < count; ++i) {
        moneyness[i] = portable::log(strike[i] / forward[i]) / scale[i];
        drawn[i] = drawn_apart(moneyness[i]);
    }
}

// The strike with a delta over the forward, in logarithm and units of the scale; NaN where there is none.
double moneyness_at_delta(OptionType type, double delta, double scale, const MarkedSmile& smile) {
    const double reach = std::exp(kDeltaReach * scale);
    const double strike =
        strike_at_delta(type, delta, 1.0, 1.0 / reach, reach, [&](double k) { return smile.implied_stdev(1.0, k); });
    return std::log(strike) / scale;
}

}  // namespace

SpxMarker::SpxMarker(const PricingDay& day, DateTime now, DateTime settlement, const VarianceState& smallest,
                     const VarianceState& largest)
    : years_(day.variance_time(now, settlement).value),
      residual_(&day.spx_residual_at(settlement)),
      carry_(residual_->basis(years_) * day.carry(calendar_time(now, settlement))),
      discount_(day.discount(calendar_time(now, settlement))),
      variation_(spx_variation(day.model.pricing, years_, day.events_between(now, settlement))),
      expiry_(day.model.pricing, years_, day.events_between(now, settlement), smallest, largest, kPrecision) {}

MarkedSmile SpxMarker::smile(const VarianceState& state) const {
    return {expiry_.smile(state), *residual_, scale(state)};
}

double SpxMarker::mark(OptionType type, double spx, double strike, const VarianceState& state) const {
    return discount_ * smile(state).price(type, spx * carry_, strike);
}

VarianceState SpxSurface::Coordinates::state(int v_node, int m_node) const {
    return {std::max(std::exp(Interpolant::node(log_v, v_node, kNodes[1])) - shift.v, 0.0),
            std::max(std::exp(Interpolant::node(log_m, m_node, kNodes[2])) - shift.m, 0.0)};
}

SpxSurface::SpxSurface(const PricingDay& day, DateTime settlement, const MarkTimes& times, const StateBox& box)
    : day_(&day),
      settlement_(settlement),
      residual_(&day.spx_residual_at(settlement)),
      times_(times.times),
      box_(box),
      largest_{box.v_of(box.root_v.high), box.m.high},
      exact_(std::make_unique<ExactMarkers>()) {
    // Puts of a state with no variance left are not interpolated: the least state of the box has some.
    smallest_ = {0.01 * largest_.v, std::max(box.m.low, 0.01 * largest_.m)};
    for (const DateTime now : times_) {
        Slice& slice = slices_.emplace_back();
        slice.years = day.variance_time(now, settlement).value;
        slice.carry = residual_->basis(slice.years) * day.carry(calendar_time(now, settlement));
        slice.discount = day.discount(calendar_time(now, settlement));
        slice.variation = spx_variation(day.model.pricing, slice.years, day.events_between(now, settlement));
    }
    for (std::size_t s = 0; s + 1 < times.segment_begin.size(); ++s) {
        std::size_t first = times.segment_begin[s];
        const std::size_t end = times.segment_begin[s + 1];
        for (std::size_t i = first + 1; i <= end; ++i) {
            if (i < end && slices_[first].years <= kTimeRatio * slices_[i].years) continue;
            add_segment(first, i);
            first = i;
        }
    }
}

// As long as no event passes and the time to expiry does not fall by much, a price is smooth in it: exact at few nodes,
// and between them by the polynomial through these. Few times are their own nodes.
void SpxSurface::add_segment(std::size_t first, std::size_t end) {
    const auto count = static_cast<int>(end - first), nodes = std::min(count, kTimeNodes);
    const Interval years{slices_[end - 1].years, slices_[first].years};
    Segment segment{first, end, coordinates_for(years.low), {}, {}, {}};
    segment.on_panels = std::make_unique<OnPanels<std::vector<Interpolant>>>();
    for (int k = 0; k < nodes; ++k) {
        const double at =
            count == nodes ? slices_[first + static_cast<std::size_t>(k)].years : Interpolant::node(years, k, nodes);
        segment.nodes.push_back(node_at(at, first));
        segment.puts.push_back(fit_puts(segment.coordinates, segment.nodes.back()));
    }
    for (std::size_t i = first; i < end; ++i) {
        Slice& slice = slices_[i];
        if (count == nodes) {
            slice.weights.assign(end - first, 0.0);
            slice.weights[i - first] = 1.0;
        } else {
            slice.weights = Interpolant::weights(years, nodes, slice.years);
        }
        slice.shift = segment.coordinates.shift;
        slice.segment = segments_.size();
    }
    segments_.push_back(std::move(segment));
}

SpxSurface::Coordinates SpxSurface::coordinates_for(double years) const {
    const VarianceState shift = shift_for(day_->model.pricing, years, box_.m, largest_.v);
    return {shift,
            {std::log(shift.v), std::log(largest_.v + shift.v)},
            {std::log(box_.m.low + shift.m), std::log(box_.m.high + shift.m)}};
}

// The law from the moment at which `years` are left; no event lies between times[first] and that.
SpxSurface::Node SpxSurface::node_at(double years, std::size_t first) const {
    std::vector<EventAhead> events = day_->events_between(times_[first], settlement_);
    for (EventAhead& event : events) event.years -= slices_[first].years - years;
    const Parameters& p = day_->model.pricing;
    return {spx_variation(p, years, events), SpxExpiry(p, years, events, smallest_, largest_, kPrecision)};
}

MarkedSmile SpxSurface::smile(const Node& node, const VarianceState& state) const {
    return {node.law.smile(state), *residual_, std::sqrt(node.variation(state))};
}

Interpolant SpxSurface::fit_puts(const Coordinates& coordinates, const Node& node) const {
    const Interval drawn{drawn_apart(kMoneyness.low), drawn_apart(kMoneyness.high)};
    std::vector<double> values(static_cast<std::size_t>(kNodes[0] * kNodes[1] * kNodes[2]));
    for (int b = 0; b < kNodes[1]; ++b) {
        for (int c = 0; c < kNodes[2]; ++c) {
            const VarianceState state = coordinates.state(b, c);
            const MarkedSmile marked = smile(node, state);
            const double scale = std::sqrt(node.variation(state));
            for (int a = 0; a < kNodes[0]; ++a) {
                const double strike = std::exp(scale * moneyness_at(Interpolant::node(drawn, a, kNodes[0])));
                const int place = (a * kNodes[1] + b) * kNodes[2] + c;
                values[static_cast<std::size_t>(place)] = marked.put(1.0, strike) / scale;
            }
        }
    }
    return {{drawn, coordinates.log_v, coordinates.log_m}, kNodes, std::move(values)};
}

Interpolant SpxSurface::fit_strikes(const Coordinates& coordinates, const Node& node, const DeltaRule& rule) const {
    std::vector<double> values;
    for (int b = 0; b < kNodes[1]; ++b) {
        for (int c = 0; c < kNodes[2]; ++c) {
            const VarianceState state = coordinates.state(b, c);
            const double scale = std::sqrt(node.variation(state));
            values.push_back(moneyness_at_delta(rule.first, rule.second, scale, smile(node, state)));
        }
    }
    return {{Interval{}, coordinates.log_v, coordinates.log_m}, {1, kNodes[1], kNodes[2]}, std::move(values)};
}

void SpxSurface::add_strike_at_delta(OptionType type, double delta) {
    std::vector<Interpolant>& strikes = delta_strikes_[{type, delta}];
    if (!strikes.empty()) return;
    for (const Segment& segment : segments_) {
        std::vector<Interpolant> at_nodes;
        for (const Node& node : segment.nodes) {
            at_nodes.push_back(fit_strikes(segment.coordinates, node, {type, delta}));
        }
        for (std::size_t i = segment.first; i < segment.end; ++i) {
            strikes.push_back(Interpolant::blend(at_nodes, slices_[i].weights));
        }
    }
}

std::shared_ptr<const SpxMarker> SpxSurface::marker_for(std::size_t time, const VarianceState& state) const {
    if (state.v > largest_.v || state.m > largest_.m) {
        const VarianceState largest{std::max(state.v, largest_.v), std::max(state.m, largest_.m)};
        return std::make_shared<SpxMarker>(*day_, times_[time], settlement_, smallest_, largest);
    }
    const std::lock_guard lock(exact_->mutex);
    std::shared_ptr<const SpxMarker>& marker = exact_->made[time];
    if (!marker) marker = std::make_shared<SpxMarker>(*day_, times_[time], settlement_, smallest_, largest_);
    return marker;
}

// Many panels are never asked for.
const Interpolant& SpxSurface::puts_on(std::size_t panel, std::size_t time) const {
    const Slice& slice = slices_[time];
    const Segment& segment = segments_[slice.segment];
    auto& of_segment = segment.on_panels->panels[panel];
    std::call_once(of_segment.made, [&] {
        const auto& [drawn, log_v, log_m] = segment.puts.front().box();
        const Interval moneyness = part_of(drawn, panel / kVariancePanels, kMoneynessPanels);
        const Interval variance = part_of(log_v, panel % kVariancePanels, kVariancePanels);
        for (const Interpolant& puts : segment.puts) {
            of_segment.puts.push_back(puts.on({moneyness, variance, log_m}, kPanelNodes));
        }
    });
    auto& of_slice = slice.on_panels.panels[panel];
    std::call_once(of_slice.made, [&] {
        const double scale = std::sqrt(slice.variation(largest_)) * day_->market.spx;
        of_slice.puts = Interpolant::blend(of_segment.puts, slice.weights).trimmed(kTrim / scale);
    });
    return of_slice.puts;
}

std::size_t SpxSurface::panel_of(const Segment& segment, double drawn, double log_v) const {
    const auto& box = segment.puts.front().box();
    return part_at(box[0], drawn, kMoneynessPanels) * kVariancePanels + part_at(box[1], log_v, kVariancePanels);
}

bool SpxSurface::contains(const SpxStateSpan& states, std::size_t i) const {
    return states.state.root_v[i] <= box_.root_v.high && box_.m.contains(states.state.m[i]);
}

double SpxSurface::exact(OptionType type, double strike, std::size_t time, double spx,
                         const VarianceState& state) const {
    return marker_for(time, state)->mark(type, spx, strike, state);
}

std::size_t SpxSurface::mark(OptionType type, std::span<const double> strikes, std::size_t time,
                             const SpxStateSpan& states, double* out) const {
    const Slice& s = slices_[time];
    const Segment& segment = segments_[s.segment];
    const std::size_t count = states.state.size();
    std::vector<double> moneyness(count), forward(count), scale(count), drawn(count), log_v(count), log_m(count);
    place_puts(s.variation, s.shift, box_.shift, s.carry, states.state.root_v.data(), states.state.m.data(),
               states.spx.data(), strikes.data(), forward.data(), scale.data(), moneyness.data(), drawn.data(),
               log_v.data(), log_m.data(), count);
    // The states of one panel together.
    std::array<std::uint32_t, kMoneynessPanels * kVariancePanels + 1> begin{};
    std::vector<std::uint32_t> panel(count), order(count);
    for (std::size_t i = 0; i < count; ++i) {
        panel[i] = static_cast<std::uint32_t>(panel_of(segment, drawn[i], log_v[i]));
        ++begin[panel[i] + 1];
    }
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    std::vector<double> x(count), y(count), z(count), puts(count);
    for (std::size_t i = 0, place; i < count; ++i) {
        order[i] = static_cast<std::uint32_t>(place = begin[panel[i]]++);
        x[place] = drawn[i], y[place] = log_v[i], z[place] = log_m[i];
    }
    for (std::size_t k = 0, first = 0; first < count; first = begin[k++]) {
        if (begin[k] == first) continue;
        puts_on(k, time).evaluate(&x[first], &y[first], &z[first], &puts[first], begin[k] - first);
    }
    for (std::size_t i = 0; i < count; ++i) out[i] = puts[order[i]];
    std::size_t exact_marks = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (kMoneyness.contains(moneyness[i]) && contains(states, i)) {
            const double put = out[i] * forward[i] * scale[i];
            const double value = type == OptionType::put ? put : put + forward[i] - strikes[i];
            out[i] = s.discount * (value > 0.0 ? value : 0.0);
        } else {
            out[i] =
                exact(type, strikes[i], time, states.spx[i], {box_.v_of(states.state.root_v[i]), states.state.m[i]});
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
        mark(type, {&strike, 1}, time, {{{&root, 1}, {&states[i].m, 1}}, {&spx[i], 1}}, &value);
        worst = std::max(worst, std::abs(value - exact(type, strike, time, spx[i], states[i])));
    }
    return worst;
}

std::size_t SpxSurface::strike_at_delta(OptionType type, double delta, std::size_t time, const SpxStateSpan& states,
                                        double* out) const {
    std::size_t exact_strikes = 0;
    const Slice& s = slices_[time];
    const std::size_t count = states.state.size();
    std::vector<double> log_v(count), log_m(count), places(count);
    for (std::size_t i = 0; i < count; ++i) {
        log_v[i] = portable::log(box_.v_of(states.state.root_v[i]) + s.shift.v);
        log_m[i] = portable::log(states.state.m[i] + s.shift.m);
    }
    delta_strikes_.at({type, delta})[time].evaluate(nullptr, log_v.data(), log_m.data(), places.data(), count);
    for (std::size_t i = 0; i < count; ++i) {
        const VarianceState state{box_.v_of(states.state.root_v[i]), states.state.m[i]};
        const double scale = std::sqrt(s.variation(state));
        double place = contains(states, i) ? places[i] : std::numeric_limits<double>::quiet_NaN();
        if (std::isnan(place)) {  // outside the box, or a delta that some state of the box cannot have
            place = moneyness_at_delta(type, delta, scale, marker_for(time, state)->smile(state));
            ++exact_strikes;
        }
        out[i] = states.spx[i] * s.carry * std::exp(scale * place);
    }
    return exact_strikes;
}

void SpxSurface::forwards(std::size_t time, const SpxStateSpan& states, double* out) const {
    for (std::size_t i = 0; i < states.spx.size(); ++i) out[i] = states.spx[i] * slices_[time].carry;
}

}  // namespace volstorm

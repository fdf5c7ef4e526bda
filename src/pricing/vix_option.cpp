#include "volstorm/pricing/vix_option.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace volstorm {
namespace {

// Where the state can be at least: with noise v and m can come arbitrarily close to 0, without noise they follow the
// drift without jumps. Expressed by today's state, after `years`.
MeanVariance least_state(const Parameters& p, double years) {
    Parameters quiet = p;
    quiet.jumps.clear();
    MeanVariance least = mean_variance(quiet, years);
    if (p.sigma_v > 0.0 && p.sigma_m > 0.0) {
        least.v = least.m = LinearInState{};
    } else if (p.sigma_v > 0.0) {
        least.v = LinearInState{};
        const double rate = p.kappa_m + p.pull_m;  // of m while v is 0
        const double decay = std::exp(-rate * years);
        const double share = rate > 0.0 ? -std::expm1(-rate * years) / rate : years;
        least.m = {p.kappa_m * p.theta_m * share, 0.0, decay};
    } else if (p.sigma_m > 0.0) {
        least.v = {0.0, std::exp(-p.kappa_v * years), 0.0};
        least.m = LinearInState{};
    }
    return least;
}

// Hyperbolas z = size sin(angle + i t): the trapezoidal rule in t errs by exp(-2 pi angle / step), about 1e-16.
constexpr double kWideAngle = 0.25 * std::numbers::pi, kNarrowAngle = 0.35;
constexpr double kWideStep = 0.13, kNarrowStep = 0.06;
constexpr std::size_t kWideNodes = 112, kNarrowNodes = 220;
constexpr double kLargestMoment = 13.0;  // logarithm of E[exp(z Y)]: the rule errs by up to this factor more
constexpr double kNoPut = -32.0;         // logarithm of the probability of a put's exercise that is taken as none

}  // namespace

VixExpiry::VixExpiry(const Parameters& p, double years, std::span<const EventAhead> events,
                     const LinearInState& at_expiry, const VarianceState& largest)
    : years_(years), at_expiry_(at_expiry) {
    LinearInState v{0.0, 1.0, 0.0}, m{0.0, 0.0, 1.0}, least_v = v, least_m = m;
    double place = 0.0;
    const auto move_to = [&](double next, double keep) {
        const MeanVariance mean = mean_variance(p, next - place), least = least_state(p, next - place);
        const LinearInState mean_v = compose(mean.v, v, m), low_v = compose(least.v, least_v, least_m);
        m = compose(mean.m, v, m);
        least_m = compose(least.m, least_v, least_m);
        v = {keep * mean_v.constant, keep * mean_v.per_v, keep * mean_v.per_m};
        least_v = {keep * low_v.constant, keep * low_v.per_v, keep * low_v.per_m};
        place = next;
    };
    for (const EventAhead& event : events) {
        if (event.variance_drop > 0.0) move_to(event.years, 1.0 - event.variance_drop);
    }
    if (years > place) move_to(years, 1.0);
    mean_square_ = compose(at_expiry, v, m);
    floor_ = compose(at_expiry, least_v, least_m);
    prepare_future(p, events);
    const double size = largest_argument(p, events, 12.0 / mean_square_(largest), largest);
    out_nodes_ = hyperbola(p, events, size, kWideAngle, kWideStep, kWideNodes);
    in_nodes_ = hyperbola(p, events, size, kNarrowAngle, kNarrowStep, kNarrowNodes);
}

// Carries exponents that hold at the settlement, with b and c set, back to now.
void VixExpiry::carry(const Parameters& p, std::span<const EventAhead> events, std::vector<Exponents>& e) const {
    const std::vector<Complex> u(e.size());
    double place = years_;
    for (std::size_t i = events.size(); i-- > 0;) {
        if (events[i].variance_drop == 0.0) continue;
        carry_back(p, place - events[i].years, u, e);
        place = events[i].years;
        for (Exponents& x : e) x.b *= 1.0 - events[i].variance_drop;
    }
    carry_back(p, place, u, e);
}

// s = exp(pi/2 sinh t) / E[Y]: both ends fall off doubly exponentially. From the node on where the transform has
// vanished, only the weights are left.
void VixExpiry::prepare_future(const Parameters& p, std::span<const EventAhead> events) {
    constexpr double step = 1.0 / 16.0;
    constexpr int reach = 72;  // sinh(4.5) pi / 2 = 70.7: s^(1/2) below 1e-15 at both ends
    const double scale = 1.0 / mean_square_(VarianceState{0.01, 0.01});
    constexpr std::size_t group = 8;
    std::vector<Exponents> batch;
    bool vanished = false;
    for (int i = -reach; i <= reach; ++i) {
        const double t = step * i;
        const double s = scale * std::exp(0.5 * std::numbers::pi * std::sinh(t));
        const double weight = step * 0.5 * std::numbers::pi * std::cosh(t) / std::sqrt(s);
        if (vanished) {
            future_rest_ += weight;
            continue;
        }
        future_weights_.push_back(weight);
        future_arguments_.push_back(s);
        batch.push_back({-s * at_expiry_.constant, -s * at_expiry_.per_v, -s * at_expiry_.per_m});
        if (batch.size() < group && i < reach) continue;
        carry(p, events, batch);
        future_exponents_.insert(future_exponents_.end(), batch.begin(), batch.end());
        // Vanished at any state: the part that does not depend on the state is already nothing.
        vanished = batch.front().a.real() < -45.0;
        batch.clear();
    }
}

double VixExpiry::future(const VarianceState& state) const {
    double sum = future_rest_;
    for (std::size_t i = 0; i < future_weights_.size(); ++i) {
        const Exponents& e = future_exponents_[i];
        sum -= future_weights_[i] * std::expm1(e.a.real() + e.b.real() * state.v + e.c.real() * state.m);
    }
    return 100.0 * sum * 0.5 * std::numbers::inv_sqrtpi;
}

// About the largest z up to `most` at which E[exp(z Y)] is at most exp(kLargestMoment) in the state `largest`, from
// below. (Up to the pole itself would not do: it is an essential singularity, near which the integrand is huge.)
double VixExpiry::largest_argument(const Parameters& p, std::span<const EventAhead> events, double most,
                                   const VarianceState& largest) const {
    const auto moderate = [&](double z) {
        std::vector<Exponents> e{{z * at_expiry_.constant, z * at_expiry_.per_v, z * at_expiry_.per_m}};
        try {
            carry(p, events, e);
        } catch (const MomentExplosion&) {
            return false;
        }
        return (e[0].a + e[0].b * largest.v + e[0].c * largest.m).real() <= kLargestMoment;
    };
    if (moderate(most)) return most;
    double low = 0.0, high = most;
    for (int i = 0; i < 7 || low == 0.0; ++i) {
        const double middle = 0.5 * (low + high);
        (moderate(middle) ? low : high) = middle;
    }
    return low;
}

std::vector<VixExpiry::Node> VixExpiry::hyperbola(const Parameters& p, std::span<const EventAhead> events, double size,
                                                  double angle, double step, std::size_t count) const {
    std::vector<Exponents> e(count);
    std::vector<Node> nodes(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Complex t(angle, step * static_cast<double>(i));
        Node& node = nodes[i];
        node.z = size * std::sin(t);
        node.root = std::sqrt(node.z);
        const double trapezoid = step * (i == 0 ? 0.5 : 1.0) / std::numbers::pi;
        node.weight = trapezoid * size * std::cos(t) * 0.5 * std::sqrt(std::numbers::pi) / (node.z * node.root);
        e[i] = {node.z * at_expiry_.constant, node.z * at_expiry_.per_v, node.z * at_expiry_.per_m};
    }
    carry(p, events, e);
    for (std::size_t i = 0; i < count; ++i) nodes[i].exponents = e[i];
    return nodes;
}

double VixExpiry::floor(const VarianceState& state) const { return 100.0 * std::sqrt(std::max(floor_(state), 0.0)); }

// The sum over one hyperbola, until the terms have died away; `square` is (K / 100)^2.
template <class Weight>
double VixExpiry::integrate(const std::vector<Node>& nodes, const VarianceState& state, double square,
                            const Weight& weight) {
    double sum = 0.0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Exponents& e = nodes[i].exponents;
        const Complex exponent = e.a + e.b * state.v + e.c * state.m - square * nodes[i].z;
        if (exponent.real() < -45.0 && nodes[i].z.real() * square > 45.0) break;
        sum += (weight(i) * std::exp(exponent)).real();
    }
    return 100.0 * std::max(sum, 0.0);
}

VixExpiry::Payoff VixExpiry::payoff(double strike) const {
    const auto weights = [&](const std::vector<Node>& nodes) {
        std::vector<Complex> result;
        result.reserve(nodes.size());
        for (const Node& node : nodes) result.push_back(node.weight * scaled_erfc(0.01 * strike * node.root));
        return result;
    };
    return {strike, weights(out_nodes_), weights(in_nodes_)};
}

// Whether Y falls below `square` with a probability of at most exp(kNoPut): Chernoff's bound at the nodes of the
// future, exp(s square) E[exp(-s Y)]. Along the hyperbola such a law would only give rounding errors.
bool VixExpiry::put_is_worthless(const VarianceState& state, double square) const {
    if (square <= floor_(state) * (1.0 + 1e-12)) return true;
    if (square >= mean_square_(state)) return false;
    for (std::size_t i = 0; i < future_exponents_.size(); ++i) {
        const Exponents& e = future_exponents_[i];
        const double bound = e.a.real() + e.b.real() * state.v + e.c.real() * state.m;
        if (bound + future_arguments_[i] * square < kNoPut) return true;
    }
    return false;
}

double VixExpiry::call(const VarianceState& state, const Payoff& payoff) const {
    const double square = 1e-4 * payoff.strike * payoff.strike;
    if (put_is_worthless(state, square)) return future(state) - payoff.strike;
    const bool inside = square < mean_square_(state);
    const std::vector<Complex>& weights = inside ? payoff.in_weights : payoff.out_weights;
    return integrate(inside ? in_nodes_ : out_nodes_, state, square, [&](std::size_t i) { return weights[i]; });
}

double VixExpiry::call(const VarianceState& state, double strike) const {
    const double k = 0.01 * strike;
    if (put_is_worthless(state, k * k)) return future(state) - strike;
    const std::vector<Node>& nodes = k * k < mean_square_(state) ? in_nodes_ : out_nodes_;
    return integrate(nodes, state, k * k,
                     [&](std::size_t i) { return nodes[i].weight * scaled_erfc(k * nodes[i].root); });
}

double VixExpiry::put(const VarianceState& state, double strike) const {
    return std::max(call(state, strike) - future(state) + strike, 0.0);
}

double VixExpiry::price(OptionType type, const VarianceState& state, double strike) const {
    return type == OptionType::call ? call(state, strike) : put(state, strike);
}

double VixExpiry::implied_stdev(const VarianceState& state, double strike) const {
    const double forward = future(state);
    const OptionType side = strike < forward ? OptionType::put : OptionType::call;
    return black_implied_stdev(side, forward, strike, price(side, state, strike));
}

}  // namespace volstorm

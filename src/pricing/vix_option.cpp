#include "volstorm/pricing/vix_option.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "volstorm/core/clones.h"
#include "volstorm/math/portable.h"

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
// The far end of the narrow one, which matters next to the floor, is extrapolated from its last `kFarSpan` nodes.
constexpr std::size_t kFarNodes = 80, kFarSpan = 10;
// Where less will do: digits wanted over the 16 that these steps and nodes give.
constexpr double kDigits = 36.84;           // -ln 1e-16
constexpr double kCarryShare = 1e-2;        // of the precision: what the exponents may err by
constexpr double kSizeRatio = 1.189207115;  // rough hyperbolas have sizes that are powers of it, to share payoffs
constexpr double kLargestMoment = 13.0;     // logarithm of E[exp(z Y)]: the rule errs by up to this factor more
constexpr double kLargestExponent = 600.0;
constexpr double kBoundPrecision = 1e-6;  // of rough moments that only bound a contour
constexpr double kNoPut = -32.0;          // logarithm of the probability of a put's exercise that is taken as none

}  // namespace

VixExpiry::VixExpiry(const Parameters& p, double years, std::span<const EventAhead> events,
                     const LinearInState& at_expiry, const VarianceState& largest, double precision)
    : years_(years), precision_(precision), at_expiry_(at_expiry), floor_(at_expiry), mean_square_(at_expiry) {
    move_floor_and_mean(p, events);
    prepare_future(p, events);
    double size = largest_argument(p, events, 12.0 / mean_square_(largest), largest);
    const double digits = digits_wanted();
    if (digits < 1.0) size = std::pow(kSizeRatio, std::floor(std::log(size) / std::log(kSizeRatio)));
    const auto some = [&](std::size_t nodes) {
        return static_cast<std::size_t>(std::ceil(static_cast<double>(nodes) * digits * std::sqrt(digits)));
    };
    out_ = hyperbola(p, events, size, kWideAngle, kWideStep / digits, some(kWideNodes), some(kWideNodes));
    in_ = hyperbola(p, events, size, kNarrowAngle, kNarrowStep / digits, some(kNarrowNodes),
                    some(kNarrowNodes) + some(kFarNodes));
}

// Of the sixteen, as a share.
double VixExpiry::digits_wanted() const { return std::clamp(-std::log(precision_) / kDigits, 0.3, 1.0); }

VixExpiry::VixExpiry(const VixExpiry& later, const Parameters& p, double years, std::span<const EventAhead> events)
    : VixExpiry(later) {
    years_ = years;
    move_floor_and_mean(p, events);
    carry(p, events, future_exponents_);
    carry_on(p, events, out_);
    carry_on(p, events, in_);
}

// Expresses the floor and the mean of Y by the state at the beginning of the period instead of that at its end.
void VixExpiry::move_floor_and_mean(const Parameters& p, std::span<const EventAhead> events) {
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
    if (years_ > place) move_to(years_, 1.0);
    mean_square_ = compose(mean_square_, v, m);
    floor_ = compose(floor_, least_v, least_m);
}

// Carries exponents that hold at the end of the period back to its beginning.
void VixExpiry::carry(const Parameters& p, std::span<const EventAhead> events, std::vector<Exponents>& e,
                      Carry back) const {
    const std::vector<Complex> u(e.size());
    double place = years_;
    for (std::size_t i = events.size(); i-- > 0;) {
        if (events[i].variance_drop == 0.0) continue;
        back(p, place - events[i].years, u, e, kCarryShare * precision_);
        place = events[i].years;
        for (Exponents& x : e) x.b *= 1.0 - events[i].variance_drop;
    }
    back(p, place, u, e, kCarryShare * precision_);
}

// s = exp(pi/2 sinh t) / E[Y]: both ends fall off doubly exponentially. From the node on where the transform has
// vanished, only the weights are left.
void VixExpiry::prepare_future(const Parameters& p, std::span<const EventAhead> events) {
    const double digits = digits_wanted(), step = 1.0 / 16.0 / digits;
    // sinh(4.5) pi / 2 = 70.7: s^(1/2) below 1e-15 at both ends
    const int reach = static_cast<int>(std::ceil(std::asinh(digits * std::sinh(4.5)) / step));
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

namespace {

VOLSTORM_CLONES
double sum_of_expm1(const Exponents* e, const double* weights, std::size_t count, double v, double m) {
    constexpr std::size_t chunk = 64;
    double sum = 0.0, value[chunk];
    for (std::size_t first = 0; first < count; first += chunk) {
        const std::size_t size = std::min(chunk, count - first);
        for (std::size_t i = 0; i < size; ++i) {
            const Exponents& x = e[first + i];
            value[i] = x.a.real() + x.b.real() * v + x.c.real() * m;
        }
        for (std::size_t i = 0; i < size; ++i) value[i] = weights[first + i] * portable::expm1(value[i]);
        for (std::size_t i = 0; i < size; ++i) sum += value[i];
    }
    return sum;
}

}  // namespace

double VixExpiry::future(const VarianceState& state) const {
    const double sum = future_rest_ - sum_of_expm1(future_exponents_.data(), future_weights_.data(),
                                                   future_weights_.size(), state.v, state.m);
    return 100.0 * sum * 0.5 * std::numbers::inv_sqrtpi;
}

namespace {

void carry_back_bounds(const Parameters& p, double years, std::span<const Complex> u, std::span<Exponents> e, double) {
    carry_back_moments(p, years, u, e, kBoundPrecision);
}

}  // namespace

// About the largest z up to `most` at which E[exp(z Y)] is at most exp(kLargestMoment) in the state `largest`, from
// below. (Up to the pole itself would not do: it is an essential singularity, near which the integrand is huge.)
double VixExpiry::largest_argument(const Parameters& p, std::span<const EventAhead> events, double most,
                                   const VarianceState& largest) const {
    constexpr std::size_t cuts = 8;
    double low = 0.0, high = most;
    for (int round = 0; round < 3 || low == 0.0; ++round) {
        std::vector<Exponents> e;
        std::vector<double> z;
        for (std::size_t i = 1; i <= cuts; ++i) {
            z.push_back(low + (high - low) * static_cast<double>(i) / cuts);
            e.push_back({z.back() * at_expiry_.constant, z.back() * at_expiry_.per_v, z.back() * at_expiry_.per_m});
        }
        carry(p, events, e, digits_wanted() < 1.0 ? carry_back_bounds : carry_back_moments);
        std::size_t i = 0;
        while (i < cuts && (e[i].a + e[i].b * largest.v + e[i].c * largest.m).real() <= kLargestMoment) low = z[i++];
        if (i == cuts) return low;
        high = z[i];
    }
    return low;
}

namespace {

// Beyond `count` nodes: an exponent without its part of the floor is nearly a straight line in ln z, for there the
// law's behaviour at its floor is all that is left.
void extrapolate(const ComplexArray& z, double floor, std::size_t count, ComplexArray& exponent) {
    if (count == z.size()) return;
    const std::size_t last = count - 1, before = last - kFarSpan;
    const auto rest = [&](std::size_t i) { return exponent[i] - floor * z[i]; };
    const Complex slope = (rest(last) - rest(before)) / std::log(z[last] / z[before]), start = rest(last);
    for (std::size_t i = count; i < z.size(); ++i) {
        exponent.set(i, start + slope * std::log(z[i] / z[last]) + floor * z[i]);
    }
}

}  // namespace

VixExpiry::Contour VixExpiry::hyperbola(const Parameters& p, std::span<const EventAhead> events, double size,
                                        double angle, double step, std::size_t carried, std::size_t count) const {
    Contour contour;
    contour.carried = carried;
    contour.size_of = size;
    for (ComplexArray* array : {&contour.z, &contour.root, &contour.weight, &contour.a, &contour.b, &contour.c}) {
        *array = ComplexArray(count);
    }
    for (std::size_t i = 0; i < count; ++i) {
        const Complex t(angle, step * static_cast<double>(i)), z = size * std::sin(t), root = std::sqrt(z);
        const double trapezoid = step * (i == 0 ? 0.5 : 1.0) / std::numbers::pi;
        contour.z.set(i, z);
        contour.root.set(i, root);
        contour.weight.set(i, trapezoid * size * std::cos(t) * 0.5 * std::sqrt(std::numbers::pi) / (z * root));
        contour.a.set(i, z * at_expiry_.constant);
        contour.b.set(i, z * at_expiry_.per_v);
        contour.c.set(i, z * at_expiry_.per_m);
    }
    carry_on(p, events, contour);
    return contour;
}

void VixExpiry::carry_on(const Parameters& p, std::span<const EventAhead> events, Contour& contour) const {
    std::vector<Exponents> e(contour.carried);
    for (std::size_t i = 0; i < e.size(); ++i) e[i] = {contour.a[i], contour.b[i], contour.c[i]};
    carry(p, events, e);
    for (std::size_t i = 0; i < e.size(); ++i) {
        contour.a.set(i, e[i].a);
        contour.b.set(i, e[i].b);
        contour.c.set(i, e[i].c);
    }
    extrapolate(contour.z, floor_.constant, contour.carried, contour.a);
    extrapolate(contour.z, floor_.per_v, contour.carried, contour.b);
    extrapolate(contour.z, floor_.per_m, contour.carried, contour.c);
}

double VixExpiry::floor(const VarianceState& state) const { return 100.0 * std::sqrt(std::max(floor_(state), 0.0)); }

namespace {

// The exponent of the transform in a state, less square z.
void exponents_in(const ComplexArray& a, const ComplexArray& b, const ComplexArray& c, const ComplexArray& z,
                  const VarianceState& state, double square, ComplexArray& out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out.re[i] = a.re[i] + b.re[i] * state.v + c.re[i] * state.m - square * z.re[i];
        out.im[i] = a.im[i] + b.im[i] * state.v + c.im[i] * state.m - square * z.im[i];
    }
}

}  // namespace

// Both the payoff and the law take along exp(z floor), as far as that is the same in every state: further out the law
// goes with it.
ComplexArray VixExpiry::payoff_on(const Contour& contour, double strike) const {
    const double k = 0.01 * strike, square = k * k - floor_.constant;
    ComplexArray result(contour.size()), decay(contour.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
        decay.re[i] = -square * contour.z.re[i];
        decay.im[i] = -square * contour.z.im[i];
    }
    exponentiate(decay.re.data(), decay.im.data(), decay.size());
    weighted_erfc(k, contour.root.re.data(), contour.root.im.data(), contour.weight.re.data(), contour.weight.im.data(),
                  result.re.data(), result.im.data(), result.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
        const double re = result.re[i], im = result.im[i];
        result.re[i] = re * decay.re[i] - im * decay.im[i];
        result.im[i] = re * decay.im[i] + im * decay.re[i];
    }
    return result;
}

ComplexArray VixExpiry::law_on(const Contour& contour, const VarianceState& state) const {
    ComplexArray result(contour.size());
    exponents_in(contour.a, contour.b, contour.c, contour.z, state, floor_.constant, result);
    if (*std::max_element(result.re.begin(), result.re.end()) > kLargestExponent) return ComplexArray();
    exponentiate(result.re.data(), result.im.data(), result.size());
    return result;
}

VixExpiry::Payoff VixExpiry::payoff(double strike) const {
    return {strike, payoff_on(out_, strike), payoff_on(in_, strike)};
}

VixExpiry::Law VixExpiry::law(const VarianceState& state) const {
    return {state, future(state), mean_square_(state), law_on(out_, state), law_on(in_, state)};
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

// A call is worth at least its parity value and at most that of a future that cannot settle below the floor.
double VixExpiry::within_bounds(const VarianceState& state, double future_now, double strike, double call) const {
    const double least = std::max(future_now - strike, 0.0);
    return std::clamp(call, least, std::max(future_now - std::min(floor(state), strike), least));
}

// The payoff and the law together, so that neither can overflow.
double VixExpiry::call_on(const Contour& contour, const VarianceState& state, double strike) const {
    const double k = 0.01 * strike;
    ComplexArray law(contour.size()), payoff(contour.size());
    exponents_in(contour.a, contour.b, contour.c, contour.z, state, k * k, law);
    exponentiate(law.re.data(), law.im.data(), law.size());
    weighted_erfc(k, contour.root.re.data(), contour.root.im.data(), contour.weight.re.data(), contour.weight.im.data(),
                  payoff.re.data(), payoff.im.data(), payoff.size());
    return 100.0 * real_dot(law.re.data(), law.im.data(), payoff.re.data(), payoff.im.data(), law.size());
}

const ComplexArray& VixPayoffs::at(double strike, double size, bool inside, const ComplexArray& root,
                                   const ComplexArray& weight) {
    ComplexArray& payoff = made_[{strike, size, inside}];
    if (payoff.size() == root.size()) return payoff;
    payoff = ComplexArray(root.size());
    weighted_erfc(0.01 * strike, root.re.data(), root.im.data(), weight.re.data(), weight.im.data(), payoff.re.data(),
                  payoff.im.data(), payoff.size());
    return payoff;
}

double VixExpiry::call(const VarianceState& state, double future_now, double strike, VixPayoffs& payoffs) const {
    const double square = 1e-4 * strike * strike;
    if (put_is_worthless(state, square)) return future_now - strike;
    const bool inside = square < mean_square_(state);
    const Contour& nodes = contour(inside);
    const ComplexArray& payoff = payoffs.at(strike, nodes.size_of, inside, nodes.root, nodes.weight);
    ComplexArray law(nodes.size());
    exponents_in(nodes.a, nodes.b, nodes.c, nodes.z, state, square, law);
    exponentiate(law.re.data(), law.im.data(), law.size());
    const double sum = real_dot(law.re.data(), law.im.data(), payoff.re.data(), payoff.im.data(), law.size());
    return within_bounds(state, future_now, strike, 100.0 * sum);
}

double VixExpiry::call(const Law& law, const Payoff& payoff) const {
    const double square = 1e-4 * payoff.strike * payoff.strike;
    if (put_is_worthless(law.state, square)) return law.future - payoff.strike;
    const bool inside = square < law.mean_square;
    const ComplexArray &x = inside ? law.in : law.out, &y = inside ? payoff.in : payoff.out;
    const double sum = x.size() == 0 ? call_on(contour(inside), law.state, payoff.strike)
                                     : 100.0 * real_dot(x.re.data(), x.im.data(), y.re.data(), y.im.data(), x.size());
    return within_bounds(law.state, law.future, payoff.strike, sum);
}

double VixExpiry::call(const Law& law, double strike) const {
    const double square = 1e-4 * strike * strike;
    if (put_is_worthless(law.state, square)) return law.future - strike;
    const bool inside = square < law.mean_square;
    const ComplexArray& x = inside ? law.in : law.out;
    double sum;
    if (x.size() == 0) {
        sum = call_on(contour(inside), law.state, strike);
    } else {
        const ComplexArray y = payoff_on(contour(inside), strike);
        sum = 100.0 * real_dot(x.re.data(), x.im.data(), y.re.data(), y.im.data(), x.size());
    }
    return within_bounds(law.state, law.future, strike, sum);
}

double VixExpiry::call(const VarianceState& state, double strike) const {
    const double square = 1e-4 * strike * strike, now = future(state);
    if (put_is_worthless(state, square)) return now - strike;
    return within_bounds(state, now, strike, call_on(contour(square < mean_square_(state)), state, strike));
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

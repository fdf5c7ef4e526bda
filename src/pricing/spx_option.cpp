#include "volstorm/pricing/spx_option.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "exponent_curve.h"
#include "volstorm/core/clones.h"
#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

constexpr double kBoundPrecision = 1e-6;  // of the moments that only bound the range
constexpr double kCarryShare = 1e-2;      // of the precision: what the exponents may err by
constexpr double kTailShare = 0.87;       // of the digits: Chernoff's bound is not sharp
constexpr std::size_t kGroup = 64;        // frequencies added at a time
constexpr std::size_t kLanes = 8, kRestart = 32;
constexpr double kRatio = 1.2;       // from one moment that is tried to the next
constexpr double kVanished = -42.0;  // logarithm of a transform that changes no price
constexpr std::size_t kMaxTerms = 1 << 17, kMaxRoughTerms = 1 << 13;
constexpr double kRough = 1e-7;  // from this precision on exponents are interpolated between frequencies

using Carry = void (*)(const Parameters&, double, std::span<const Complex>, std::span<Exponents>, double);

void exponents_by(Carry back, const Parameters& p, double years, std::span<const EventAhead> events,
                  std::span<const Complex> u, std::span<Exponents> exponents, double precision) {
    std::fill(exponents.begin(), exponents.end(), Exponents{});
    double place = years;
    for (std::size_t i = events.size(); i-- > 0;) {
        const EventAhead& event = events[i];
        back(p, place - event.years, u, exponents, precision);
        place = event.years;
        for (std::size_t k = 0; k < u.size(); ++k) {
            exponents[k].a += 0.5 * event.move_sd * event.move_sd * u[k] * (u[k] - 1.0);
            exponents[k].b *= 1.0 - event.variance_drop;
        }
    }
    back(p, place, u, exponents, precision);
}

// The point beyond which, on the side of `sign`, less than exp(-tail) of the probability lies: the least
// (log E[exp(s X)] + tail) / s over s > 0.
double chernoff_bound(const Parameters& p, double years, std::span<const EventAhead> events, const VarianceState& state,
                      double sign, double tail) {
    // The bounds of s, s times ratio, ...
    using Bounds = std::array<double, kLanes>;
    const auto bounds = [&](double s, double ratio) {
        std::array<Complex, kLanes> u;
        std::array<Exponents, kLanes> e{};
        for (std::size_t i = 0; i < kLanes; ++i) u[i] = sign * s * std::pow(ratio, static_cast<double>(i));
        exponents_by(carry_back_moments, p, years, events, u, e, kBoundPrecision);
        Bounds result;
        for (std::size_t i = 0; i < kLanes; ++i) {
            result[i] = ((e[i].a + e[i].b * state.v + e[i].c * state.m).real() + tail) / std::abs(u[i]);
        }
        return result;
    };
    const auto is_finite = [](double x) { return std::isfinite(x); };
    // Over long maturities even small negative moments are infinite.
    Bounds found = bounds(0.25, 0.5);
    const auto first = std::find_if(found.begin(), found.end(), is_finite);
    if (first == found.end()) return std::numeric_limits<double>::infinity();
    double s = 0.25 * std::pow(0.5, static_cast<double>(first - found.begin())), best = *first;
    // (log E + c) / s falls to its least value and rises from there on, as log E is convex.
    for (; s < 1e6; s *= std::pow(kRatio, static_cast<double>(kLanes))) {
        found = bounds(kRatio * s, kRatio);
        for (const double next : found) {
            if (!(next <= best)) return best;
            best = next;
        }
    }
    return best;
}

}  // namespace

void spx_exponents(const Parameters& p, double years, std::span<const EventAhead> events, std::span<const Complex> u,
                   std::span<Exponents> exponents, double precision) {
    exponents_by(carry_back, p, years, events, u, exponents, precision);
}

SpxExpiry::SpxExpiry(const Parameters& p, double years, std::span<const EventAhead> events,
                     const VarianceState& smallest, const VarianceState& largest, double precision) {
    if (!(years > 0.0)) return;
    const double tail = kTailShare * -std::log(precision);
    high_ = chernoff_bound(p, years, events, largest, 1.0, tail);
    low_ = -chernoff_bound(p, years, events, largest, -1.0, tail);
    if (!std::isfinite(high_) || !std::isfinite(low_)) throw std::domain_error("the SPX return has no finite moment");
    const double unit = std::numbers::pi / (high_ - low_);
    const auto solve = [&](std::span<const Complex> u, std::span<Exponents> e) {
        spx_exponents(p, years, events, u, e, kCarryShare * precision);
        solved_ += u.size();
    };
    const bool rough = precision >= kRough;
    ExponentCurve curve(solve, unit, smallest, largest, kCarryShare * precision);
    std::vector<Complex> u(kGroup);
    while (exponents_.size() < (rough ? kMaxRoughTerms : kMaxTerms)) {
        const std::size_t first = exponents_.size();
        for (std::size_t k = 0; k < kGroup; ++k) u[k] = Complex(0.0, unit * static_cast<double>(first + k));
        exponents_.resize(first + kGroup);
        const std::span<Exponents> added(exponents_.data() + first, kGroup);
        if (rough)
            curve.next(added);
        else
            solve(u, added);
        double size = 0.0;
        for (const Exponents& e : added) size = std::max(size, std::abs(evaluate(e, smallest)));
        if (size < precision * std::max(u[0].imag(), 1.0))
            return;  // a term is the transform over the frequency, at most
    }
    throw std::domain_error("the SPX return has no density: the variance is zero");
}

SpxSmile SpxExpiry::smile(const VarianceState& state) const {
    const double width = high_ - low_, unit = std::numbers::pi / width;
    std::vector<double> re(exponents_.size()), im(exponents_.size());
    std::size_t count = 0;
    // In groups, until the transform has vanished: the larger the state, the sooner.
    for (double largest = 0.0; count < re.size() && largest > kVanished;) {
        largest = -std::numeric_limits<double>::infinity();
        for (const std::size_t end = std::min(count + kGroup, re.size()); count < end; ++count) {
            const Exponents& e = exponents_[count];
            re[count] = e.a.real() + e.b.real() * state.v + e.c.real() * state.m;
            im[count] =
                e.a.imag() + e.b.imag() * state.v + e.c.imag() * state.m - unit * static_cast<double>(count) * low_;
            largest = std::max(largest, re[count]);
        }
    }
    exponentiate(re.data(), im.data(), count);
    re.resize(count);
    for (std::size_t k = 0; k < count; ++k) re[k] *= (k == 0 ? 1.0 : 2.0) / width;
    return {low_, high_, std::move(re)};
}

LinearInState spx_variation(const Parameters& p, double years, std::span<const EventAhead> events) {
    LinearInState sum = quadratic_variation(p, mean_variance(p, years).integral, years);
    for (const EventAhead& event : events) sum.constant += event.move_sd * event.move_sd;
    return sum;
}

SpxSmile::SpxSmile(double low, double high, std::vector<double> coefficients)
    : low_(low), width_(high - low), coefficients_(std::move(coefficients)) {
    // A whole number of lanes behind the first.
    while (!coefficients_.empty() && (coefficients_.size() - 1) % kLanes != 0) coefficients_.push_back(0.0);
}

namespace {

// The sum over frequencies unit, 2 unit, ... of coefficients times the integral over (low, kink) of
// (K - F exp(x)) cos(w (x - low)), with p = kink - low. sin(w p) and cos(w p) turn from frequency to frequency, kLanes
// side by side, and start afresh every kRestart steps.
VOLSTORM_CLONES
double sum_of_terms(const double* coefficients, std::size_t count, double unit, double p, double strike,
                    double at_low) {
    const portable::SineCosineDouble turn = portable::sine_cosine(kLanes * unit * p);
    double sine[kLanes] = {}, cosine[kLanes] = {}, sum[kLanes] = {};
    for (std::size_t first = 0, step = 0; first + kLanes <= count; first += kLanes, ++step) {
        const auto begin = static_cast<double>(first + 1);
        if (step % kRestart == 0) {
            for (std::size_t i = 0; i < kLanes; ++i) {
                const auto at = portable::sine_cosine(unit * (begin + static_cast<double>(i)) * p);
                sine[i] = at.sine;
                cosine[i] = at.cosine;
            }
        }
        for (std::size_t i = 0; i < kLanes; ++i) {
            const double w = unit * (begin + static_cast<double>(i)), square = w * w;
            // sin(w p) / w - (cos(w p) + w sin(w p)) / (1 + w^2), over one denominator.
            const double share = (sine[i] - w * cosine[i]) * strike + w * at_low;
            sum[i] += coefficients[first + i] * share / (w * (1.0 + square));
            const double next = sine[i] * turn.cosine + cosine[i] * turn.sine;
            cosine[i] = cosine[i] * turn.cosine - sine[i] * turn.sine;
            sine[i] = next;
        }
    }
    double total = 0.0;
    for (const double x : sum) total += x;
    return total;
}

}  // namespace

double SpxSmile::put(double forward, double strike) const {
    const double kink = std::log(strike / forward);
    if (coefficients_.empty()) return std::max(strike - forward, 0.0);
    if (kink <= low_) return 0.0;
    if (kink >= low_ + width_) return strike - forward;
    const double p = kink - low_, at_low = forward * std::exp(low_);
    const double terms =
        sum_of_terms(&coefficients_[1], coefficients_.size() - 1, std::numbers::pi / width_, p, strike, at_low);
    return std::max(coefficients_[0] * (strike * p - (strike - at_low)) + terms, 0.0);
}

double SpxSmile::price(OptionType type, double forward, double strike) const {
    return type == OptionType::put ? put(forward, strike) : call(forward, strike);
}

double SpxSmile::implied_stdev(double forward, double strike) const {
    const OptionType side = strike < forward ? OptionType::put : OptionType::call;
    return black_implied_stdev(side, forward, strike, price(side, forward, strike));
}

}  // namespace volstorm

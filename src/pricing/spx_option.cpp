#include "volstorm/pricing/spx_option.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace volstorm {
namespace {

constexpr double kTailShare = 0.87;  // of the digits: Chernoff's bound is not sharp
constexpr std::size_t kGroup = 64;   // frequencies added at a time
constexpr std::size_t kLanes = 8, kRestart = 32;
constexpr std::size_t kMaxTerms = 1 << 17;

// The point beyond which, on the side of `sign`, less than exp(-tail) of the probability lies: the least
// (log E[exp(s X)] + tail) / s over s > 0.
double chernoff_bound(const Parameters& p, double years, std::span<const EventAhead> events, const VarianceState& state,
                      double sign, double tail) {
    const auto bound = [&](double s) {
        const Complex u(sign * s, 0.0);
        Exponents e{};
        try {
            spx_exponents(p, years, events, {&u, 1}, {&e, 1});
        } catch (const MomentExplosion&) {
            return std::numeric_limits<double>::infinity();
        }
        return ((e.a + e.b * state.v + e.c * state.m).real() + tail) / s;
    };
    double s = 0.25, best = bound(s);
    // Over long maturities even small negative moments are infinite.
    while (std::isinf(best) && s > 1e-3) best = bound(s *= 0.5);
    // (log E + c) / s falls to its least value and rises from there on, as log E is convex.
    for (double next = best; next <= best && s < 1e6; next = bound(s *= 1.2)) best = next;
    return best;
}

}  // namespace

void spx_exponents(const Parameters& p, double years, std::span<const EventAhead> events, std::span<const Complex> u,
                   std::span<Exponents> exponents) {
    std::fill(exponents.begin(), exponents.end(), Exponents{});
    double place = years;
    for (std::size_t i = events.size(); i-- > 0;) {
        const EventAhead& event = events[i];
        carry_back(p, place - event.years, u, exponents);
        place = event.years;
        for (std::size_t k = 0; k < u.size(); ++k) {
            exponents[k].a += 0.5 * event.move_sd * event.move_sd * u[k] * (u[k] - 1.0);
            exponents[k].b *= 1.0 - event.variance_drop;
        }
    }
    carry_back(p, place, u, exponents);
}

SpxExpiry::SpxExpiry(const Parameters& p, double years, std::span<const EventAhead> events,
                     const VarianceState& smallest, const VarianceState& largest, double precision) {
    if (!(years > 0.0)) return;
    const double tail = kTailShare * -std::log(precision);
    high_ = chernoff_bound(p, years, events, largest, 1.0, tail);
    low_ = -chernoff_bound(p, years, events, largest, -1.0, tail);
    if (!std::isfinite(high_) || !std::isfinite(low_)) throw std::domain_error("the SPX return has no finite moment");
    const double unit = std::numbers::pi / (high_ - low_);
    std::vector<Complex> u(kGroup);
    while (exponents_.size() < kMaxTerms) {
        const std::size_t first = exponents_.size();
        for (std::size_t k = 0; k < kGroup; ++k) u[k] = Complex(0.0, unit * static_cast<double>(first + k));
        exponents_.resize(first + kGroup);
        const std::span<Exponents> added(exponents_.data() + first, kGroup);
        spx_exponents(p, years, events, u, added);
        double size = 0.0;
        for (const Exponents& e : added) size = std::max(size, std::abs(evaluate(e, smallest)));
        if (size < precision * std::max(u[0].imag(), 1.0))
            return;  // a term is the transform over the frequency, at most
    }
    throw std::domain_error("the SPX return has no density: the variance is zero");
}

SpxSmile SpxExpiry::smile(const VarianceState& state) const {
    const double width = high_ - low_;
    std::vector<double> coefficients;
    coefficients.reserve(exponents_.size());
    for (std::size_t k = 0; k < exponents_.size(); ++k) {
        const double frequency = std::numbers::pi * static_cast<double>(k) / width;
        const Exponents& e = exponents_[k];
        const Complex exponent = e.a + e.b * state.v + e.c * state.m - Complex(0.0, frequency * low_);
        coefficients.push_back(std::exp(exponent).real() * (k == 0 ? 1.0 : 2.0) / width);
    }
    return {low_, high_, std::move(coefficients)};
}

SpxSmile::SpxSmile(double low, double high, std::vector<double> coefficients)
    : low_(low), width_(high - low), coefficients_(std::move(coefficients)) {}

// Integral over (low, kink) of (K - F exp(x)) cos(w (x - low)), with p = kink - low. sin(w p) and cos(w p) turn from
// frequency to frequency, kLanes side by side, and start afresh every kRestart steps.
double SpxSmile::put(double forward, double strike) const {
    const double kink = std::log(strike / forward);
    if (coefficients_.empty()) return std::max(strike - forward, 0.0);
    if (kink <= low_) return 0.0;
    if (kink >= low_ + width_) return strike - forward;
    const double p = kink - low_, unit = std::numbers::pi / width_;
    const double at_low = forward * std::exp(low_);
    const double turn_sine = std::sin(kLanes * unit * p), turn_cosine = std::cos(kLanes * unit * p);
    double sine[kLanes] = {}, cosine[kLanes] = {}, sum[kLanes] = {};
    for (std::size_t first = 1, step = 0; first < coefficients_.size(); first += kLanes, ++step) {
        for (std::size_t i = 0; step % kRestart == 0 && i < kLanes; ++i) {
            const double angle = unit * static_cast<double>(first + i) * p;
            sine[i] = std::sin(angle);
            cosine[i] = std::cos(angle);
        }
        const std::size_t count = std::min(kLanes, coefficients_.size() - first);
        for (std::size_t i = 0; i < count; ++i) {
            const double w = unit * static_cast<double>(first + i);
            const double exponential = (strike * (cosine[i] + w * sine[i]) - at_low) / (1.0 + w * w);
            sum[i] += coefficients_[first + i] * (strike * sine[i] / w - exponential);
        }
        for (std::size_t i = 0; i < kLanes; ++i) {
            const double next = sine[i] * turn_cosine + cosine[i] * turn_sine;
            cosine[i] = cosine[i] * turn_cosine - sine[i] * turn_sine;
            sine[i] = next;
        }
    }
    double total = coefficients_[0] * (strike * p - (strike - at_low));
    for (const double x : sum) total += x;
    return std::max(total, 0.0);
}

double SpxSmile::price(OptionType type, double forward, double strike) const {
    return type == OptionType::put ? put(forward, strike) : call(forward, strike);
}

double SpxSmile::implied_stdev(double forward, double strike) const {
    const OptionType side = strike < forward ? OptionType::put : OptionType::call;
    return black_implied_stdev(side, forward, strike, price(side, forward, strike));
}

}  // namespace volstorm

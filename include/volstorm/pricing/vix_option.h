#pragma once
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "volstorm/math/black.h"
#include "volstorm/model/transform.h"
#include "volstorm/model/vix.h"

namespace volstorm {

/// Payoffs of VIX calls on the hyperbolas of rough expiries (below), which come in few sizes: kept from one set of
/// parameters to the next, for fits. Not for several threads at a time, nor for expiries of different precision.
class VixPayoffs {
 public:
    /// weight times exp(k^2 z) erfc(k sqrt z) on a hyperbola, for k = strike / 100.
    const ComplexArray& at(double strike, double size, bool inside, const ComplexArray& root,
                           const ComplexArray& weight);

 private:
    std::map<std::tuple<double, double, bool>, ComplexArray> made_;  // by strike, size, hyperbola
};

/// One VIX expiry seen from one moment: futures and options for any state and strike, in VIX points and undiscounted.
/// Futures by E sqrt(Y) = 1/(2 sqrt(pi)) times the integral over s > 0 of (1 - E exp(-s Y)) s^(-3/2) (Schuerger 2002);
/// calls by the inverse Laplace transform in Y = VIX^2 (Sepp 2008) along a hyperbola that opens to the right, where
/// the transform of the payoff falls off exponentially. Two hyperbolas: a wide one for strikes above the mean of Y, and
/// for strikes below it a narrow one, along which the transform of a law far above the strike does not grow.
class VixExpiry {
 public:
    /// `years` of session time to the settlement; `events` before it (only their variance_drop matters here);
    /// `at_expiry` gives VIX^2 at the settlement; `largest` is the largest state that will be asked for.
    /// Options and futures err by some ten times `precision` of VIX: fewer nodes will do for more, 1e-5 at most.
    VixExpiry(const Parameters& parameters, double years, std::span<const EventAhead> events,
              const LinearInState& at_expiry, const VarianceState& largest, double precision = 1e-16);
    /// The same expiry seen from `years` before `later` (with the `events` between): all is carried on from there.
    VixExpiry(const VixExpiry& later, const Parameters& parameters, double years, std::span<const EventAhead> events);

    /// What the inversion needs of a strike whatever the state is, and of a state whatever the strike is: to price many
    /// strikes in many states.
    struct Payoff {
        double strike = 0.0;   // VIX points
        ComplexArray out, in;  // the transformed payoff at the nodes of the wide and of the narrow hyperbola
    };
    struct Law {
        VarianceState state;
        double future = 0.0, mean_square = 0.0;
        ComplexArray out, in;  // the transform of the law at the nodes; empty where it would overflow
    };
    Payoff payoff(double strike) const;
    Law law(const VarianceState& state) const;
    double call(const Law& law, const Payoff& payoff) const;
    double call(const Law& law, double strike) const;

    double future(const VarianceState& state) const;
    /// The same call with the future of the state at hand, and payoffs kept from other calls of the same strike.
    double call(const VarianceState& state, double future_now, double strike, VixPayoffs& payoffs) const;
    double call(const VarianceState& state, double strike) const;
    double put(const VarianceState& state, double strike) const;
    double price(OptionType type, const VarianceState& state, double strike) const;
    /// Model implied stdev (Black 1976 on the future).
    double implied_stdev(const VarianceState& state, double strike) const;
    /// The level in points below which VIX cannot settle: an option struck there is worth its parity value.
    double floor(const VarianceState& state) const;
    /// E[VIX^2] / 10000 at the settlement.
    double mean_square(const VarianceState& state) const { return mean_square_(state); }
    const LinearInState& mean_square() const { return mean_square_; }

 private:
    // A hyperbola's nodes: the argument z with its square root, the weight with z^(-3/2), the exponents of E[exp(z Y)].
    struct Contour {
        ComplexArray z, root, weight, a, b, c;
        double size_of = 0.0;     // in z
        std::size_t carried = 0;  // nodes whose exponents are carried; those behind are extrapolated
        std::size_t size() const { return z.size(); }
    };
    using Carry = void (*)(const Parameters&, double, std::span<const Complex>, std::span<Exponents>, double);
    double digits_wanted() const;
    void prepare_future(const Parameters& parameters, std::span<const EventAhead> events);
    Contour hyperbola(const Parameters& parameters, std::span<const EventAhead> events, double size, double angle,
                      double step, std::size_t carried, std::size_t count) const;
    void carry_on(const Parameters& parameters, std::span<const EventAhead> events, Contour& contour) const;
    void carry(const Parameters& parameters, std::span<const EventAhead> events, std::vector<Exponents>& e,
               Carry back = carry_back) const;
    void move_floor_and_mean(const Parameters& parameters, std::span<const EventAhead> events);
    double largest_argument(const Parameters& parameters, std::span<const EventAhead> events, double most,
                            const VarianceState& largest) const;
    bool put_is_worthless(const VarianceState& state, double square) const;
    const Contour& contour(bool inside) const { return inside ? in_ : out_; }
    ComplexArray payoff_on(const Contour& contour, double strike) const;
    ComplexArray law_on(const Contour& contour, const VarianceState& state) const;
    double call_on(const Contour& contour, const VarianceState& state, double strike) const;
    double within_bounds(const VarianceState& state, double future, double strike, double call) const;

    double years_;  // of the last part of the way, over which exponents are carried
    double precision_;
    LinearInState at_expiry_, floor_, mean_square_;
    std::vector<Exponents> future_exponents_;                // of E[exp(-s Y)]
    std::vector<double> future_arguments_, future_weights_;  // s, and the weights of the integral
    double future_rest_ = 0.0;  // the weights beyond the last node, where the transform has vanished
    Contour out_, in_;
};

}  // namespace volstorm

#pragma once
#include <span>
#include <vector>

#include "volstorm/math/black.h"
#include "volstorm/model/transform.h"
#include "volstorm/model/vix.h"

namespace volstorm {

/// One VIX expiry seen from one moment: futures and options for any state and strike, in VIX points and undiscounted.
/// Futures by E sqrt(Y) = 1/(2 sqrt(pi)) times the integral over s > 0 of (1 - E exp(-s Y)) s^(-3/2) (Schuerger 2002);
/// calls by the inverse Laplace transform in Y = VIX^2 (Sepp 2008) along a hyperbola that opens to the right, where
/// the transform of the payoff falls off exponentially. Two hyperbolas: a wide one for strikes above the mean of Y, and
/// for strikes below it a narrow one, along which the transform of a law far above the strike does not grow.
class VixExpiry {
 public:
    /// `years` of session time to the settlement; `events` before it (only their variance_drop matters here);
    /// `at_expiry` gives VIX^2 at the settlement; `largest` is the largest state that will be asked for.
    VixExpiry(const Parameters& parameters, double years, std::span<const EventAhead> events,
              const LinearInState& at_expiry, const VarianceState& largest);

    /// What the inversion needs of a strike, whatever the state is: for many states.
    struct Payoff {
        double strike = 0.0;                           // VIX points
        std::vector<Complex> out_weights, in_weights;  // on the wide and on the narrow hyperbola
    };
    Payoff payoff(double strike) const;

    double future(const VarianceState& state) const;
    double call(const VarianceState& state, const Payoff& payoff) const;
    double call(const VarianceState& state, double strike) const;
    double put(const VarianceState& state, double strike) const;
    double price(OptionType type, const VarianceState& state, double strike) const;
    /// Model implied stdev (Black 1976 on the future).
    double implied_stdev(const VarianceState& state, double strike) const;
    /// The level in points below which VIX cannot settle: an option struck there is worth its parity value.
    double floor(const VarianceState& state) const;
    /// E[VIX^2] / 10000 at the settlement.
    double mean_square(const VarianceState& state) const { return mean_square_(state); }

 private:
    void prepare_future(const Parameters& parameters, std::span<const EventAhead> events);
    struct Node {
        Exponents exponents;  // of E[exp(z Y)]
        Complex z, root;      // the argument and its square root
        Complex weight;       // of the node, with z^(-3/2)
    };
    std::vector<Node> hyperbola(const Parameters& parameters, std::span<const EventAhead> events, double size,
                                double angle, double step, std::size_t count) const;
    template <class Weight>
    static double integrate(const std::vector<Node>& nodes, const VarianceState& state, double square,
                            const Weight& weight);
    void carry(const Parameters& parameters, std::span<const EventAhead> events, std::vector<Exponents>& e) const;
    double largest_argument(const Parameters& parameters, std::span<const EventAhead> events, double most,
                            const VarianceState& largest) const;
    bool put_is_worthless(const VarianceState& state, double square) const;

    double years_;
    LinearInState at_expiry_, floor_, mean_square_;
    std::vector<Exponents> future_exponents_;                // of E[exp(-s Y)]
    std::vector<double> future_arguments_, future_weights_;  // s, and the weights of the integral
    double future_rest_ = 0.0;  // the weights beyond the last node, where the transform has vanished
    std::vector<Node> out_nodes_, in_nodes_;
};

}  // namespace volstorm

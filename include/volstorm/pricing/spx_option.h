#pragma once
#include <span>
#include <vector>

#include "volstorm/math/black.h"
#include "volstorm/model/transform.h"
#include "volstorm/model/vix.h"

namespace volstorm {

/// The law of the SPX log return over its forward, X, for one state: prices any strike of one expiry. All prices are
/// undiscounted, on a forward. Fourier cosine series (Fang, Oosterlee 2008).
class SpxSmile {
 public:
    SpxSmile(double low, double high, std::vector<double> coefficients);
    double put(double forward, double strike) const;
    double call(double forward, double strike) const { return put(forward, strike) + forward - strike; }
    double price(OptionType type, double forward, double strike) const;
    /// Model implied stdev (vol x sqrt(time)) of a strike.
    double implied_stdev(double forward, double strike) const;

 private:
    double low_, width_;
    std::vector<double> coefficients_;  // Re[phi(w_k) exp(-i w_k low)] x 2 / width, the first halved
};

/// One SPX expiry seen from one moment: the transform at every frequency that matters, from which the smile of any
/// state from `smallest` to `largest` follows.
class SpxExpiry {
 public:
    /// `years` of session time to expiry; `events` on the way, in order of time. The range of the series leaves out
    /// less than about `precision` of the probability at `largest` (Chernoff's bound); its length follows from
    /// `smallest`, whose transform falls off the slowest. Prices err by about `precision` of the forward. From 1e-7
    /// on the exponents are interpolated between frequencies, so that no parameters take long.
    /// Throws std::domain_error where the law has no density to expand (v = 0 with jumps), or, from 1e-7 on, a density
    /// so narrow for its tails that 8192 frequencies do not do.
    SpxExpiry(const Parameters& parameters, double years, std::span<const EventAhead> events,
              const VarianceState& smallest, const VarianceState& largest, double precision = 1e-16);
    SpxSmile smile(const VarianceState& state) const;
    /// Frequencies of the series, and those of them (or between them) that the transform was solved for: what it costs.
    std::size_t terms() const { return exponents_.size(); }
    std::size_t solved() const { return solved_; }

 private:
    double low_ = 0.0, high_ = 0.0;
    std::size_t solved_ = 0;
    std::vector<Exponents> exponents_;  // at u = i k pi / (high - low)
};

/// Expected quadratic variation of ln S over `years` with these events on the way, by the state.
LinearInState spx_variation(const Parameters& parameters, double years, std::span<const EventAhead> events);

/// The exponents of E[exp(u X)] for each u, events included; `precision` as in carry_back.
void spx_exponents(const Parameters& parameters, double years, std::span<const EventAhead> events,
                   std::span<const Complex> u, std::span<Exponents> exponents, double precision = 1e-16);

}  // namespace volstorm

#pragma once
#include <span>
#include <stdexcept>

#include "volstorm/math/complex.h"
#include "volstorm/model/parameters.h"

namespace volstorm {

/// E[exp(u X + b v_T + c m_T)] = exp(a + b v + c m), where X is the log return of SPX over its forward: the exponents.
struct Exponents {
    Complex a, b, c;
};

/// The moment that was asked for is infinite.
class MomentExplosion : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

/// The value of the transform in a state.
inline Complex evaluate(const Exponents& e, const VarianceState& state) {
    return std::exp(e.a + e.b * state.v + e.c * state.m);
}

/// Carries the exponents back by `years` of session time: on entry they hold at the end of the period (0, b, c at
/// expiry), on return at its beginning. `u[i]` belongs to `exponents[i]`. Solves the Riccati equations of
/// src/README.md, equation 2, by Taylor series with steps from the radius of convergence (Jorba, Zou 2005): absolute
/// error about 100 times `precision` (at least 1e-16) of the largest exponent. Throws MomentExplosion where a real
/// moment is infinite.
void carry_back(const Parameters& parameters, double years, std::span<const Complex> u, std::span<Exponents> exponents,
                double precision = 1e-16);

/// The same, but a moment that is infinite comes back with an infinite `a`, and the others are there.
void carry_back_moments(const Parameters& parameters, double years, std::span<const Complex> u,
                        std::span<Exponents> exponents, double precision = 1e-16);

}  // namespace volstorm

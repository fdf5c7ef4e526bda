#pragma once
#include <complex>

namespace volstorm {

using Complex = std::complex<double>;

/// exp(z^2) erfc(z) for |arg z| <= pi/4: the series near 0, the continued fraction further out (Abramowitz and Stegun
/// 7.1.5, 7.1.14). Relative error below 1e-11.
Complex scaled_erfc(Complex z);

}  // namespace volstorm

#include "volstorm/math/complex.h"

#include <cmath>
#include <numbers>

namespace volstorm {
namespace {

Complex erf_series(Complex z) {
    const Complex square = z * z;
    Complex term = z, sum = z;
    for (int n = 1; n < 200; ++n) {
        term *= -square / static_cast<double>(n);
        const Complex next = term / static_cast<double>(2 * n + 1);
        sum += next;
        if (std::norm(next) < 1e-34 * std::norm(sum)) break;
    }
    return sum * 2.0 * std::numbers::inv_sqrtpi;
}

// 1 / z where nothing can overflow: a third of the time of the general division.
Complex inverse(Complex z) { return std::conj(z) / std::norm(z); }

// exp(z^2) erfc(z) = 1 / sqrt(pi) / (z + (1/2)/(z + 1/(z + (3/2)/(z + ...)))), evaluated from the far end. The further
// out, the fewer terms.
Complex scaled_erfc_fraction(Complex z) {
    Complex tail = z;
    for (int n = 10 + static_cast<int>(700.0 / std::norm(z)); n >= 1; --n) tail = z + 0.5 * n * inverse(tail);
    return std::numbers::inv_sqrtpi * inverse(tail);
}

}  // namespace

Complex scaled_erfc(Complex z) {
    return std::abs(z) < 2.5 ? std::exp(z * z) * (1.0 - erf_series(z)) : scaled_erfc_fraction(z);
}

}  // namespace volstorm

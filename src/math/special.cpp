#include "volstorm/math/special.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace volstorm {
namespace {

constexpr int kTerms = 30;        // the last one is below 1e-30 wherever the series is used
constexpr double kCertain = 0.2;  // below it the limit law is 1 to twelve digits

/// P(sqrt(n) D > t) for n to infinity.
double kolmogorov_limit(double t) {
    double sum = 0.0;
    for (int j = kTerms; j > 0; --j) sum += (j % 2 == 1 ? 2.0 : -2.0) * std::exp(-2.0 * j * j * t * t);
    return t < kCertain ? 1.0 : std::clamp(sum, 0.0, 1.0);
}

}  // namespace

double chi_square_tail(double x, double freedom) {
    if (x <= 0.0) return 1.0;
    return std::isinf(x) ? 0.0 : boost::math::gamma_q(0.5 * freedom, 0.5 * x);
}

double student_quantile(double p, double freedom) { return boost::math::quantile(boost::math::students_t(freedom), p); }

double binomial_at_most(std::uint64_t k, std::uint64_t n, double p) {
    if (k >= n) return 1.0;
    return boost::math::ibetac(static_cast<double>(k) + 1.0, static_cast<double>(n - k), p);
}

double binomial_at_least(std::uint64_t k, std::uint64_t n, double p) {
    if (k == 0) return 1.0;
    return k > n ? 0.0 : boost::math::ibeta(static_cast<double>(k), static_cast<double>(n - k) + 1.0, p);
}

double kolmogorov_tail(double d, std::uint64_t n) {
    const double count = static_cast<double>(n), root = std::sqrt(count), t = root * d;
    return kolmogorov_limit(t + 1.0 / (6.0 * root) + (t - 1.0) / (4.0 * count));
}

}  // namespace volstorm

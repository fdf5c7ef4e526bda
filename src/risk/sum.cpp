#include "volstorm/risk/sum.h"

#include <algorithm>

namespace volstorm {

Estimate Moments::mean() const {
    const double n = static_cast<double>(count_);
    return normal_estimate(origin_ + first_.value() / n, standard_deviation().value / std::sqrt(n));
}

Estimate Moments::standard_deviation() const {
    const double n = static_cast<double>(count_);
    const double m = first_.value() / n;  // of the distances; the rest are raw moments turned into central ones
    const double m2 = std::max(0.0, second_.value() / n - m * m);
    const double m4 =
        fourth_.value() / n - 4.0 * m * third_.value() / n + 6.0 * m * m * second_.value() / n - 3.0 * m * m * m * m;
    if (count_ < 2) return normal_estimate(kUnknown, kUnknown);
    if (m2 == 0.0) return normal_estimate(0.0, 0.0);
    const double sd = std::sqrt(m2 * n / (n - 1.0));
    return normal_estimate(sd, std::sqrt(std::max(0.0, m4 - m2 * m2) / n) / (2.0 * sd));
}

}  // namespace volstorm

#include "volstorm/risk/sum.h"

#include <algorithm>

namespace volstorm {

void Moments::add(const Moments& other) {
    first_.add(other.first_);
    second_.add(other.second_);
    third_.add(other.third_);
    fourth_.add(other.fourth_);
    count_ += other.count_;
}

Moments Moments::together(std::span<const Moments> parts) {
    if (parts.empty()) return Moments();
    Moments all(std::ranges::max_element(parts, {}, &Moments::count_)->origin_);
    for (const Moments& part : parts) {
        const double n = static_cast<double>(part.count_), d = part.origin_ - all.origin_;
        const double s1 = part.first_.value(), s2 = part.second_.value(), s3 = part.third_.value();
        if (d == 0.0) {
            all.add(part);
            continue;
        }
        all.first_.add(s1 + n * d);
        all.second_.add(s2 + d * (2.0 * s1 + n * d));
        all.third_.add(s3 + d * (3.0 * s2 + d * (3.0 * s1 + n * d)));
        all.fourth_.add(part.fourth_.value() + d * (4.0 * s3 + d * (6.0 * s2 + d * (4.0 * s1 + n * d))));
        all.count_ += part.count_;
    }
    return all;
}

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

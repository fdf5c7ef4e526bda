#pragma once
#include <cmath>
#include <cstdint>
#include <span>

#include "volstorm/risk/estimate.h"

namespace volstorm {

/// Sum of doubles in the order given, with the rounding error of each addition carried along (Knuth's two-sum): the
/// error does not grow with the count.
class CompensatedSum {
 public:
    void add(double x) {
        const double sum = sum_ + x;
        const double from_x = sum - sum_;
        error_ += (sum_ - (sum - from_x)) + (x - from_x);
        sum_ = sum;
    }
    void add(const CompensatedSum& other) {
        add(other.sum_);
        error_ += other.error_;
    }
    double value() const { return sum_ + error_; }

 private:
    double sum_ = 0.0, error_ = 0.0;
};

/// Mean and standard deviation of the numbers added, summed as powers of their distance from `origin`; exact enough
/// whenever the origin lies within a few standard deviations of the mean (the median lies within one). A number of a
/// mass counts as often; errors are those of as many independent numbers.
class Moments {
 public:
    /// Begins with `count` numbers that equal the origin.
    explicit Moments(double origin = 0.0, std::uint64_t count = 0) : origin_(origin), count_(count) {}

    void add(double x, std::uint64_t mass = 1) {
        const double d = x - origin_, square = d * d, weight = static_cast<double>(mass);
        first_.add(weight * d);
        second_.add(weight * square);
        third_.add(weight * (d * square));
        fourth_.add(weight * (square * square));
        count_ += mass;
    }
    /// Takes in numbers that were summed around the same origin.
    void add(const Moments& other);
    /// The numbers of several, whatever their origins, around the origin of the largest.
    static Moments together(std::span<const Moments> parts);

    std::uint64_t count() const { return count_; }
    double origin() const { return origin_; }

    /// The mean with its normal interval; all NaN without numbers, limits NaN with one number.
    Estimate mean() const;
    /// The standard deviation (n - 1) with the interval of large samples, from the fourth moment; NaN below two
    /// numbers.
    Estimate standard_deviation() const;

 private:
    double origin_;
    std::uint64_t count_;
    CompensatedSum first_, second_, third_, fourth_;
};

}  // namespace volstorm

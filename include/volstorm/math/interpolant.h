#pragma once
#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace volstorm {

struct Interval {
    double low = 0.0, high = 1.0;
    bool contains(double x) const { return x >= low && x <= high; }
};

/// A function of three variables on a box, as a tensor product of Chebyshev polynomials; a variable with one node is
/// constant. Evaluation uses + and x alone: the same bits on every machine.
class Interpolant {
 public:
    using Point = std::array<double, 3>;
    using Sizes = std::array<int, 3>;
    static constexpr int kMostNodes = 96;  // along one variable

    Interpolant() = default;
    /// Interpolates `f` at sizes[0] x sizes[1] x sizes[2] Chebyshev points of the box; std::invalid_argument
    /// for sizes outside 1 to kMostNodes.
    Interpolant(const std::array<Interval, 3>& box, const Sizes& sizes, const std::function<double(const Point&)>& f);
    /// From values at nodes(...), the last variable running fastest.
    Interpolant(const std::array<Interval, 3>& box, const Sizes& sizes, std::vector<double> values);

    /// Chebyshev point number i of n on an interval.
    static double node(const Interval& interval, int i, int n);
    /// What each of n values at the Chebyshev points of an interval weighs in their interpolant at x.
    static std::vector<double> weights(const Interval& interval, int n, double x);
    /// The sum of weights[i] parts[i]; all of them have the same box and sizes.
    static Interpolant blend(std::span<const Interpolant> parts, std::span<const double> weights);

    /// The same function on a part of the box from so many nodes: few are enough for a small part.
    Interpolant on(const std::array<Interval, 3>& part, const Sizes& sizes) const;

    double operator()(const Point& x) const;
    /// The same function without coefficients that change it by at most `tolerance` together, in the box: quicker to
    /// evaluate. It can only be evaluated, not blended or trimmed again. Up to 16 terms along the last variable become
    /// powers, which adds up to 1e-10 of the size of the coefficients in the box, and more outside.
    Interpolant trimmed(double tolerance) const;
    /// The function at fixed first variable: an interpolant of the other two (the first variable has one node).
    Interpolant at_first(double x) const;
    /// out[i] = value at (x[i], y[i], z[i]) for i < count. A variable with one node may be given as null.
    void evaluate(const double* x, const double* y, const double* z, double* out, std::size_t count) const;
    const std::array<Interval, 3>& box() const { return box_; }

 private:
    void transform(std::vector<double> values);
    void fill_rows();
    std::array<Interval, 3> box_;
    Sizes sizes_{0, 0, 0};
    // Coefficients of T_a T_b T_c, c running fastest: of each a the lowest rows_[a] orders b, of each of these the
    // lowest terms_[...] orders c.
    std::vector<double> coefficients_;
    std::vector<int> rows_, terms_;
    bool in_powers_ = false;  // each line c instead as powers, the highest first
};

}  // namespace volstorm

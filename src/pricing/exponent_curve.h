#pragma once
#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "volstorm/model/transform.h"

namespace volstorm {

/// The exponents at u = 0, i unit, 2 i unit, ..., in that order, by Chebyshev polynomials over longer and longer
/// pieces: where a moment explodes u is real, so that a polynomial over [w, 2 w] converges as 5.8^-n; pieces are cut
/// where fast jumps make the transform turn often. Arguments solved for grow as the logarithm of the frequencies.
class ExponentCurve {
 public:
    using Solve = std::function<void(std::span<const Complex>, std::span<Exponents>)>;
    /// `solve` gives the exponents of any arguments. A piece is cut in two where its polynomial errs by more than
    /// `tolerance` times the frequency, or where that is below 1 by `tolerance`, in the transform at a state between
    /// `smallest` and `largest`.
    ExponentCurve(Solve solve, double unit, const VarianceState& smallest, const VarianceState& largest,
                  double tolerance);
    /// Those of the next out.size() frequencies.
    void next(std::span<Exponents> out);
    static constexpr std::size_t kNodes = 16;  // of a piece

 private:
    void begin_piece();
    bool fit();
    void evaluate(std::size_t offset, std::span<Exponents> out) const;

    Solve solve_;
    double unit_;
    VarianceState smallest_, largest_;
    double tolerance_;
    std::size_t first_ = 0, length_ = 0, at_ = 0;  // of the piece; the next frequency
    std::array<Exponents, kNodes> piece_;          // at each frequency of a piece of kNodes; else its coefficients
    bool shorter_ = false;                         // this piece had to be cut
};

}  // namespace volstorm

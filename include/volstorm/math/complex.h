#pragma once
#include <complex>
#include <cstddef>
#include <vector>

namespace volstorm {

using Complex = std::complex<double>;

/// Complex numbers side by side, for loops over many.
struct ComplexArray {
    std::vector<double> re, im;
    ComplexArray() = default;
    explicit ComplexArray(std::size_t count) : re(count), im(count) {}
    std::size_t size() const { return re.size(); }
    void set(std::size_t i, Complex z) { re[i] = z.real(), im[i] = z.imag(); }
    Complex operator[](std::size_t i) const { return {re[i], im[i]}; }
};

/// exp(z^2) erfc(z) for |arg z| <= pi/4, by Weideman's rational expansion with 32 terms (Weideman 1994). Relative error
/// below 1e-12.
Complex scaled_erfc(Complex z);

/// re + i im becomes its exponential, for `count` numbers; real parts beyond 700 count as 700.
void exponentiate(double* re, double* im, std::size_t count);

/// out = weight times exp(z^2) erfc(z) with z = scale times root, for `count` numbers.
void weighted_erfc(double scale, const double* root_re, const double* root_im, const double* weight_re,
                   const double* weight_im, double* out_re, double* out_im, std::size_t count);

/// The real part of the sum of x y.
double real_dot(const double* x_re, const double* x_im, const double* y_re, const double* y_im, std::size_t count);

}  // namespace volstorm

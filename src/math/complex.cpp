#include "volstorm/math/complex.h"

#include <array>
#include <numbers>

#include "volstorm/core/clones.h"
#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

// Weideman's expansion: with Z = (L - z) / (L + z), exp(z^2) erfc(z) = 2 sum a_n Z^(n-1) / (L + z)^2 + 1 / sqrt(pi) /
// (L + z). L = sqrt(32 / sqrt(2)); the a_n are Fourier coefficients of exp(-t^2) (L^2 + t^2) with t = L tan(theta / 2),
// from n = 32 down to 1.
constexpr double kReach = 4.7568284600108843;
constexpr std::array<double, 32> kTerms{
    -1.3033482316112991e-12, 3.7410343481303736e-12,  8.0303941532290441e-12,  -2.1543623533433565e-11,
    -5.544247436575247e-11,  1.1658238510101585e-10,  4.1537422851859701e-10,  -5.231022114981897e-10,
    -3.2080152204310426e-09, 8.1248891738117199e-10,  2.3797556704946969e-08,  2.2930439030863583e-08,
    -1.4813078917944938e-07, -4.1840763711854518e-07, 4.2558331373548057e-07,  4.4015317315303463e-06,
    6.8210319440006154e-06,  -2.1409619201819318e-05, -0.00013075449254609856, -0.00024532980270018116,
    0.00039259136070078962,  0.0045195411053492856,   0.019006155784845476,    0.057304403529837191,
    0.14060716226893785,     0.29544451071508732,     0.54601397206393423,     0.90192548936479998,
    1.3455441692345451,      1.8256696296324813,      2.2635372999002678,      2.5722534081245693};

}  // namespace

Complex scaled_erfc(Complex z) {
    const double re = z.real(), im = z.imag(), one = 1.0, none = 0.0;
    double out_re, out_im;
    weighted_erfc(1.0, &re, &im, &one, &none, &out_re, &out_im, 1);
    return {out_re, out_im};
}

VOLSTORM_CLONES
void exponentiate(double* re, double* im, std::size_t count) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < count; ++i) {
        const double below = re[i] < 690.0 ? re[i] : 690.0;
        const double size = portable::exp(below > -690.0 ? below : -690.0);
        const portable::SineCosineDouble turn = portable::sine_cosine(im[i]);
        re[i] = size * turn.cosine;
        im[i] = size * turn.sine;
    }
}

VOLSTORM_CLONES
void weighted_erfc(double scale, const double* root_re, const double* root_im, const double* weight_re,
                   const double* weight_im, double* out_re, double* out_im, std::size_t count) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < count; ++i) {
        const double x = scale * root_re[i], y = scale * root_im[i];
        const double d = kReach + x, norm = 1.0 / (d * d + y * y);
        const double q_re = d * norm, q_im = -y * norm;  // 1 / (L + z)
        const double z_re = 2.0 * kReach * q_re - 1.0, z_im = 2.0 * kReach * q_im;
        // Odd and even terms apart, in powers of Z^2: half as long a chain.
        const double s_re = z_re * z_re - z_im * z_im, s_im = 2.0 * z_re * z_im;
        double odd_re = 0.0, odd_im = 0.0, even_re = 0.0, even_im = 0.0;
        for (std::size_t n = 0; n < kTerms.size(); n += 2) {
            const double next_odd = odd_re * s_re - odd_im * s_im + kTerms[n];
            odd_im = odd_re * s_im + odd_im * s_re;
            odd_re = next_odd;
            const double next_even = even_re * s_re - even_im * s_im + kTerms[n + 1];
            even_im = even_re * s_im + even_im * s_re;
            even_re = next_even;
        }
        const double p_re = odd_re * z_re - odd_im * z_im + even_re, p_im = odd_re * z_im + odd_im * z_re + even_im;
        const double r_re = 2.0 * (p_re * q_re - p_im * q_im) + std::numbers::inv_sqrtpi,
                     r_im = 2.0 * (p_re * q_im + p_im * q_re);
        const double e_re = r_re * q_re - r_im * q_im, e_im = r_re * q_im + r_im * q_re;
        out_re[i] = weight_re[i] * e_re - weight_im[i] * e_im;
        out_im[i] = weight_re[i] * e_im + weight_im[i] * e_re;
    }
}

VOLSTORM_CLONES
double real_dot(const double* x_re, const double* x_im, const double* y_re, const double* y_im, std::size_t count) {
    constexpr std::size_t lanes = 16;
    double sum[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (std::size_t k = 0; k < lanes; ++k) sum[k] += x_re[i + k] * y_re[i + k] - x_im[i + k] * y_im[i + k];
    }
    double total = 0.0;
    for (; i < count; ++i) total += x_re[i] * y_re[i] - x_im[i] * y_im[i];
    for (const double x : sum) total += x;
    return total;
}

}  // namespace volstorm

#pragma once
#include <bit>
#include <cstdint>

/// Elementary functions whose bits are the same on every instruction set and compiler: polynomials in + and x alone, so
/// that loops over them vectorise. The coefficients are minimax fits by scripts/fit_polynomials.py.
namespace volstorm::portable {

/// Uniform in (0, 1] from 32 random bits, with full float resolution near 0: the least value is 2^-32.
inline float uniform(std::uint32_t word) {
    return static_cast<float>(static_cast<std::int32_t>(word >> 1)) * 0x1p-31f + 0x1p-32f;
}

/// Natural logarithm of a normal positive float; relative error below 2e-7 away from 1, log(1) = 0.
inline float log(float x) {
    const std::int32_t bits = std::bit_cast<std::int32_t>(x);
    // Mantissa in [sqrt(1/2), sqrt(2)).
    const std::int32_t shifted = bits - 0x3F3504F3;
    const float exponent = static_cast<float>(shifted >> 23);
    const float f = std::bit_cast<float>((shifted & 0x007FFFFF) + 0x3F3504F3) - 1.0f;
    const float square = f * f;
    float p = 6.746638328e-2f;
    p = p * f - 1.167565124e-1f;
    p = p * f + 1.188816296e-1f;
    p = p * f - 1.240558906e-1f;
    p = p * f + 1.421955228e-1f;
    p = p * f - 1.666799584e-1f;
    p = p * f + 2.000211866e-1f;
    p = p * f - 2.500000960e-1f;
    p = p * f + 3.333331260e-1f;
    const float tail = p * f * square + exponent * -2.1219444e-4f - 0.5f * square;
    return f + tail + exponent * 0.693359375f;
}

/// Natural logarithm of a normal positive double, relative error below 1e-15 away from 1: the series in
/// (m - 1) / (m + 1), with m in [sqrt(1/2), sqrt(2)).
inline double log(double x) {
    const std::int64_t shifted = std::bit_cast<std::int64_t>(x) - 0x3FE6A09E667F3BCD;
    const double exponent = static_cast<double>(shifted >> 52);
    const double mantissa = std::bit_cast<double>((shifted & 0x000FFFFFFFFFFFFF) + 0x3FE6A09E667F3BCD);
    const double r = (mantissa - 1.0) / (mantissa + 1.0), z = r * r;
    double p = 1.0 / 23.0;
    p = p * z + 1.0 / 21.0;
    p = p * z + 1.0 / 19.0;
    p = p * z + 1.0 / 17.0;
    p = p * z + 1.0 / 15.0;
    p = p * z + 1.0 / 13.0;
    p = p * z + 1.0 / 11.0;
    p = p * z + 1.0 / 9.0;
    p = p * z + 1.0 / 7.0;
    p = p * z + 1.0 / 5.0;
    p = p * z + 1.0 / 3.0;
    return exponent * 6.93147180369123816490e-1 + (2.0 * r * (1.0 + z * p) + exponent * 1.90821492927058770002e-10);
}

/// Sine and cosine of 2 pi w / 2^32 for a random word w: the two top bits are the quadrant.
struct SineCosine {
    float sine, cosine;
};
inline SineCosine turn(std::uint32_t word) {
    const std::int32_t within = static_cast<std::int32_t>(word & 0x3FFFFFFFu) - 0x20000000;
    const float t = static_cast<float>(within) * (1.57079632679489662f * 0x1p-30f);  // in [-pi/4, pi/4)
    const float z = t * t;
    const float s = ((-1.951729888e-4f * z + 8.332178145e-3f) * z - 1.666665494e-1f) * z * t + t;
    const float c = ((2.443845139e-5f * z - 1.388736751e-3f) * z + 4.166664687e-2f) * z * z - 0.5f * z + 1.0f;
    const std::int32_t quadrant = static_cast<std::int32_t>(word >> 30);
    const bool swap = (quadrant & 1) != 0;
    const float a = swap ? s : c, b = swap ? c : s;
    const std::int32_t cosine_sign = ((quadrant + 1) & 2) << 30, sine_sign = (quadrant & 2) << 30;
    return {std::bit_cast<float>(std::bit_cast<std::int32_t>(b) ^ sine_sign),
            std::bit_cast<float>(std::bit_cast<std::int32_t>(a) ^ cosine_sign)};
}

/// (exp(x) - 1 - x) / x^2 for |x| < 0.35: its series.
inline double exp_rest(double x) {
    double p = 1.0 / 6227020800.0;
    p = p * x + 1.0 / 479001600.0;
    p = p * x + 1.0 / 39916800.0;
    p = p * x + 1.0 / 3628800.0;
    p = p * x + 1.0 / 362880.0;
    p = p * x + 1.0 / 40320.0;
    p = p * x + 1.0 / 5040.0;
    p = p * x + 1.0 / 720.0;
    p = p * x + 1.0 / 120.0;
    p = p * x + 1.0 / 24.0;
    p = p * x + 1.0 / 6.0;
    p = p * x + 0.5;
    return p;
}

/// exp(x) for |x| < 700, relative error below 1e-15.
inline double exp(double x) {
    const double shifter = 0x1.8p52;
    const double scaled = x * 1.4426950408889634074 + shifter;
    const double n = scaled - shifter;
    const double r = (x - n * 6.93147180369123816490e-1) - n * 1.90821492927058770002e-10;
    const double p = (exp_rest(r) * r + 1.0) * r + 1.0;
    const std::int64_t power = std::bit_cast<std::int64_t>(scaled) - std::bit_cast<std::int64_t>(shifter);
    return std::bit_cast<double>(std::bit_cast<std::int64_t>(p) + (power << 52));
}

/// exp(x) - 1 for x < 700: near 0 the series, so that the relative error stays below 1e-15.
inline double expm1(double x) {
    const double near = x + x * x * exp_rest(x), far = exp(x > -690.0 ? x : -690.0) - 1.0;
    return x < 0.35 && x > -0.35 ? near : far;
}

/// Sine and cosine of x for |x| < 1e6, absolute error below 1e-15: series on [-pi/4, pi/4].
struct SineCosineDouble {
    double sine, cosine;
};
inline SineCosineDouble sine_cosine(double x) {
    const double shifter = 0x1.8p52;
    const double scaled = x * 0.63661977236758134308 + shifter;
    const double n = scaled - shifter;
    const double r =
        ((x - n * 1.57079632673412561417) - n * 6.07710050630396597660e-11) - n * 2.02226624879595063154e-21;
    const double z = r * r;
    double s = -1.0 / 1307674368000.0;
    s = s * z + 1.0 / 6227020800.0;
    s = s * z - 1.0 / 39916800.0;
    s = s * z + 1.0 / 362880.0;
    s = s * z - 1.0 / 5040.0;
    s = s * z + 1.0 / 120.0;
    s = s * z - 1.0 / 6.0;
    s = r + r * z * s;
    double c = 1.0 / 20922789888000.0;
    c = c * z - 1.0 / 87178291200.0;
    c = c * z + 1.0 / 479001600.0;
    c = c * z - 1.0 / 3628800.0;
    c = c * z + 1.0 / 40320.0;
    c = c * z - 1.0 / 720.0;
    c = c * z + 1.0 / 24.0;
    c = 1.0 - 0.5 * z + z * z * c;
    const std::int64_t quadrant = std::bit_cast<std::int64_t>(scaled);
    const bool swap = (quadrant & 1) != 0;
    const double a = swap ? c : s, b = swap ? s : c;
    const std::int64_t sine_sign = (quadrant & 2) << 62, cosine_sign = ((quadrant + 1) & 2) << 62;
    return {std::bit_cast<double>(std::bit_cast<std::int64_t>(a) ^ sine_sign),
            std::bit_cast<double>(std::bit_cast<std::int64_t>(b) ^ cosine_sign)};
}

}  // namespace volstorm::portable

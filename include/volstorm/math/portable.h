#pragma once
#include <bit>
#include <cmath>
#include <cstdint>

/// Elementary functions whose bits are the same on every instruction set and compiler: +, -, x, / and sqrt alone, which
/// IEEE 754 rounds correctly, so that loops over them vectorise. In float the coefficients are minimax fits by
/// scripts/fit_polynomials.py, in double those of the series.
namespace volstorm::portable {

/// Uniform in (0, 1] from 32 random bits, with full float resolution near 0: the least value is 2^-32.
inline float uniform(std::uint32_t word) {
    return static_cast<float>(static_cast<std::int32_t>(word >> 1)) * 0x1p-31f + 0x1p-32f;
}

/// -2 ln(1 + f) for a float f in [sqrt(1/2) - 1, sqrt(2) - 1], relative error below 2e-7.
inline float minus_two_log1p(float f) {
    float p = -1.746967269e-1f;
    p = p * f + 2.861503795e-1f;
    p = p * f - 2.983594945e-1f;
    p = p * f + 3.314101718e-1f;
    p = p * f - 3.992414414e-1f;
    p = p * f + 5.000351047e-1f;
    p = p * f - 6.666790045e-1f;
    p = p * f + 9.999998321e-1f;
    p = p * f - 2.0f;
    return p * f;
}

/// -2 ln(u) for a float u in [2^-126, 1], relative error below 2e-7, -0 at 1. Of a uniform u it is twice a standard
/// exponential, and the squared radius of two normals.
inline float minus_two_log(float u) {
    const std::int32_t bits = std::bit_cast<std::int32_t>(u);
    // Mantissa in [sqrt(1/2), sqrt(2)).
    const std::int32_t shifted = bits - 0x3F3504F3;
    const float exponent = static_cast<float>(shifted >> 23);
    const float f = std::bit_cast<float>((shifted & 0x007FFFFF) + 0x3F3504F3) - 1.0f;
    return minus_two_log1p(f) - exponent * 1.386294361f;
}

/// Standard exponential from a random word.
inline float exponential(std::uint32_t word) { return 0.5f * minus_two_log(uniform(word)); }

/// The quantile of a standard exponential at p in [0, 1), with full relative accuracy near 0.
inline float exponential_quantile(float p) {
    const float near = minus_two_log1p(p < 0.25f ? -p : 0.0f), far = minus_two_log(1.0f - p);
    return 0.5f * (p < 0.25f ? near : far);
}

/// The quantile of a standard normal at p in (0, 1/2], by rational functions (Wichura 1988, algorithm PPND7): relative
/// error below 1e-6.
inline float lower_normal_quantile(float p) {
    const float q = p - 0.5f, middle = 0.180625f - q * q;
    const float root = std::sqrt(0.5f * minus_two_log(p)), near = root - 1.6f, far = root - 5.0f;
    const float a = ((59.109374720f * middle + 159.29113202f) * middle + 50.434271938f) * middle + 3.3871327179f;
    const float b = ((67.187563600f * middle + 78.757757664f) * middle + 17.895169469f) * middle + 1.0f;
    const float c = ((0.17023821103f * near + 1.3067284816f) * near + 2.7568153900f) * near + 1.4234372777f;
    const float d = (0.12021132975f * near + 0.73700164250f) * near + 1.0f;
    const float e = ((0.017337203997f * far + 0.42868294337f) * far + 3.0812263860f) * far + 6.6579051150f;
    const float f = (0.012258202635f * far + 0.24197894225f) * far + 1.0f;
    const bool is_middle = q > -0.425f, is_near = root <= 5.0f;
    const float over = is_middle ? q * a : is_near ? -c : -e;
    const float under = is_middle ? b : is_near ? d : f;
    return over / under;
}

/// The normal whose distribution function is `word` over 2^32, in the middle of its step. Inlined always, for clang
/// finds it too long, and a loop with a call has no vectors.
[[gnu::always_inline]] inline float normal_quantile(std::uint32_t word) {
    const std::uint32_t from_zero = word ^ (0u - (word >> 31));  // the complement of an upper word: below 2^31
    const float p = static_cast<float>(static_cast<std::int32_t>(from_zero)) * 0x1p-32f + 0x1p-33f;
    const float low = lower_normal_quantile(p);
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(low) ^ (word & 0x80000000u));
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

/// Sine and cosine of a quarter turn times t, |t| <= 1, absolute error below 2.5e-7.
struct SineCosine {
    float sine, cosine;
};
inline SineCosine quarter_turn(float t) {
    const float z = t * t;
    float s = 1.508205645e-4f;
    s = s * z - 4.672227923e-3f;
    s = s * z + 7.968848054e-2f;
    s = s * z - 6.459633599e-1f;
    s = s * z + 1.570796290f;
    float c = 8.581906186e-4f;
    c = c * z - 2.081062752e-2f;
    c = c * z + 2.536507446e-1f;
    c = c * z - 1.233698215f;
    c = c * z + 9.999999535e-1f;
    return {s * t, c};
}

/// Two independent standard normals from two random words (Box, Muller 1958). The top bit of `angle_word` is the sign
/// of both, its other bits are an angle within a quarter turn of 0: no quadrants to choose. The furthest is 6.7 out.
struct NormalPair {
    float first, second;
};
inline NormalPair normal_pair(std::uint32_t radius_word, std::uint32_t angle_word) {
    const float size = std::sqrt(minus_two_log(uniform(radius_word)));
    const float radius = std::bit_cast<float>(std::bit_cast<std::uint32_t>(size) ^ (angle_word & 0x80000000u));
    const SineCosine angle = quarter_turn(static_cast<float>(static_cast<std::int32_t>(angle_word << 1)) * 0x1p-31f);
    return {radius * angle.cosine, radius * angle.sine};
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

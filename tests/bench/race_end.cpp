// The end of one path as the scalar programs have it.
#include <algorithm>
#include <numbers>

#include "race.h"

namespace volstorm::bench {
namespace {

double call_mark(const CallCoefficients& coefficients, double root_v, double m) {
    const double y = 2.0 * std::min(root_v, kMostRoot) / kMostRoot - 1.0,
                 z = 2.0 * std::min(m, kMostMean) / kMostMean - 1.0;
    double row = 0.0, row_before = 0.0;  // Clenshaw's recurrence, in each variable
    for (std::size_t a = kRootTerms; a-- > 0;) {
        double term = 0.0, term_before = 0.0;
        for (std::size_t b = kMeanTerms; b-- > 1;) {
            const double next = coefficients[a][b] + 2.0 * z * term - term_before;
            term_before = term;
            term = next;
        }
        const double value = coefficients[a][0] + z * term - term_before;
        const double next = value + (a == 0 ? 1.0 : 2.0) * y * row - row_before;
        row_before = row;
        row = next;
    }
    return row;
}

}  // namespace

CallCoefficients call_coefficients() {
    // The discrete cosine transform of the values at the Chebyshev points.
    const auto angle = [](int i, int n) { return std::numbers::pi * (i + 0.5) / n; };
    CallCoefficients out{};
    for (int i = 0; i < kRootTerms; ++i) {
        for (int j = 0; j < kMeanTerms; ++j) {
            const double value = call_value(0.5 * kMostRoot * (1.0 + std::cos(angle(i, kRootTerms))),
                                            0.5 * kMostMean * (1.0 + std::cos(angle(j, kMeanTerms))));
            for (int a = 0; a < kRootTerms; ++a) {
                for (int b = 0; b < kMeanTerms; ++b) {
                    const double weight = (a == 0 ? 1.0 : 2.0) * (b == 0 ? 1.0 : 2.0) / (kRootTerms * kMeanTerms);
                    out[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] +=
                        weight * value * std::cos(a * angle(i, kRootTerms)) * std::cos(b * angle(j, kMeanTerms));
                }
            }
        }
    }
    return out;
}

void add_end(double spot, double v, double m, const StepConstants& last, const CallCoefficients& call, Totals& totals) {
    const double vp = std::max(v, 0.0), mp = std::max(m, 0.0);
    totals.add(kVariance, v);
    totals.add(kCondor, -(std::clamp(kShortPut - spot, 0.0, kWing) + std::clamp(spot - kShortCall, 0.0, kWing)));
    totals.add(kVix, 100.0 * std::sqrt(last.vix_constant + last.vix_per_v * vp + last.vix_per_m * mp));
    totals.add(kCall, call_mark(call, std::sqrt(vp), mp));
}

}  // namespace volstorm::bench

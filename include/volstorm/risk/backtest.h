#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "volstorm/risk/estimate.h"

/// Were the forecasts right? Tests on days that the forecasts did not know. Each null hypothesis says that they were;
/// a small p-value speaks against it. Where a test can say nothing, its numbers are NaN and `unknown_because` says why.
namespace volstorm {

struct TestResult {
    double statistic = kUnknown;
    double p_value = kUnknown;
    std::string unknown_because;  // empty where there is a p-value
};
inline TestResult no_result(std::string why) { return {kUnknown, kUnknown, std::move(why)}; }

// Failures: one entry a day, 1 where the loss was above the value at risk, else 0. Other entries are refused by
// std::invalid_argument, as is a `share` (of failures that the forecast promises: 0.01 for a VaR of 99 %) outside
// (0, 1).

/// Is the share of failures as promised? Likelihood ratio, chi-square(1) (Kupiec 1995). The p-value of that law is
/// rough where fewer than about five failures are expected: at 250 days and 1 % it rejects 9.5 % of right forecasts at
/// the 5 % level. `exact_p_value` is twice the smaller binomial tail, at most 1: it never rejects too
/// often. No days: nothing known.
struct FailureShareResult {
    TestResult ratio;
    std::uint64_t failures = 0, days = 0;
    double exact_p_value = kUnknown;
};
FailureShareResult kupiec_test(std::span<const std::uint8_t> failures, double share);

/// Pairs of successive days: `calm_calm` for no failure after no failure, `calm_failure` for a failure after none ...
struct FailurePairs {
    std::uint64_t calm_calm = 0, calm_failure = 0, failure_calm = 0, failure_failure = 0;
};
FailurePairs failure_pairs(std::span<const std::uint8_t> failures);

/// Is a failure as likely after a failure as after none? Likelihood ratio against a Markov chain of first order,
/// chi-square(1) (Christoffersen 1998). Nothing is known where no day follows a failure, or all follow one. With few
/// failures the statistic takes few values and the p-value is rough: at the 5 % level it rejects 1.5 % of right
/// forecasts at 250 days and 1 %, 2 % at 1,000 days and 1 %, 7 % at 1,000 days and 5 %, 5 % at 4,000 (measured).
TestResult christoffersen_independence_test(std::span<const std::uint8_t> failures);

/// Both at once: failures independent and with the promised share. Likelihood ratio given the first day, chi-square(2)
/// (Christoffersen 1998): the sum of the ratio above and of Kupiec's over all days but the first. Known where there
/// are two days; where no day follows a failure, or all do, the second state of the chain adds nothing to the ratio.
TestResult christoffersen_coverage_test(std::span<const std::uint8_t> failures, double share);

// Probability integral transforms: where each day's outcome stood in its forecast law, 0 to 1; independent and uniform
// if the forecasts are right (Rosenblatt 1952). Values outside [0, 1] and NaN are refused by std::invalid_argument.

/// The steps that a day's forecast distribution function takes at the outcome: just below it and at it.
struct PitInterval {
    double low = 0.0, high = 0.0;
};

/// Where `outcome` stands among n simulated ones: k of them below and e equal give (k, k + e + 1) / (n + 1). With a
/// uniform number between its ends that is exactly uniform if the outcome has the law of the simulated ones, for every
/// n and with ties.
PitInterval pit_interval(std::span<const double> sorted_forecast, double outcome);

/// One value a day: low + (high - low) u (Smith 1985), with u of day i drawn from Threefry at (seed, i), in (0, 1): a
/// pure function of the seed and the day's place. Where there are no atoms the ends agree and the seed is of no
/// concern; where there are, see that conclusions hold for several seeds.
std::vector<double> pit_values(std::span<const PitInterval> intervals, std::uint64_t seed);

/// How many values lie in each of `bins` equal parts of [0, 1]; 1 counts to the last.
std::vector<std::uint64_t> pit_histogram(std::span<const double> pit, std::size_t bins);

/// Are all bins equally likely? Pearson's chi-square(bins - 1). Needs two bins and five values expected in each
/// (Cochran 1954).
TestResult uniformity_test(std::span<const std::uint64_t> counts);

/// Largest distance of the values' distribution function from the diagonal, two-sided p-value of Kolmogorov (1933) as
/// in math/special.h. Needs 20 values.
TestResult kolmogorov_smirnov_test(std::span<const double> pit);

/// The inverse normals z of the values against z_t = c + rho z_{t-1} + s noise with c = 0, s = 1 and rho = 0:
/// likelihood ratio given the first day, which has a closed form, chi-square(3) (Berkowitz 2001, LR3). Sees too wide,
/// too narrow, shifted and dependent forecasts; blind to other shapes. Needs 20 values, none of them 0 or 1, and not
/// all the same.
struct BerkowitzResult {
    TestResult ratio;
    double mean = kUnknown, sd = kUnknown;  // of z; right forecasts: 0 and 1. sd > 1: the forecasts are too narrow
    double autocorrelation = kUnknown;      // rho
};
BerkowitzResult berkowitz_test(std::span<const double> pit);

// Expected shortfall (Acerbi, Szekely 2014). Losses are positive when money is lost, in one unit throughout (dollars,
// or index points). Below, a failure is a loss strictly above the value at risk.

/// What was forecast for a day; the shortfall must be above zero.
struct ShortfallForecast {
    double value_at_risk = 0.0, expected_shortfall = 0.0;
};

/// Value at risk and expected shortfall of simulated losses at a level such as 0.975, with the last path in the tail as
/// a fraction (Acerbi, Tasche 2002). Throws std::invalid_argument without losses and for a level outside (0, 1).
ShortfallForecast shortfall_forecast(std::span<const double> sorted_losses, double level);

/// The loss of day `day` at the share `u` in (0, 1) of its forecast law: the inverse of its distribution function.
using LossQuantile = std::function<double(std::size_t day, double u)>;

/// The loss at the share u of simulated ones. As a law: [&](auto day, double u) { return sample_quantile(of[day], u); }
double sample_quantile(std::span<const double> sorted_losses, double u);

/// Z1 = 1 - mean of loss / ES over the failures: is the shortfall right, given that the value at risk is? NaN without a
/// failure. Z2 = 1 - sum of loss / ES over the failures / (share days): are both right? 1 without a failure. Under
/// right forecasts of laws without atoms both have mean 0; negative where losses are larger than foretold: an ES at two
/// thirds of the true one has Z1 = -0.5. Where the value at risk is an atom (a capped loss) the failures, being
/// strict, leave it out, and the means are others: judge by the p-values.
struct ShortfallStatistics {
    double z1 = kUnknown, z2 = kUnknown;
    std::uint64_t failures = 0;
};
ShortfallStatistics shortfall_statistics(std::span<const double> losses, std::span<const ShortfallForecast> forecasts,
                                         double level);

struct ShortfallResult {
    TestResult z1, z2;
    std::uint64_t failures = 0;
};

/// One-sided p-values, small where losses are larger than foretold: the share of `repetitions` histories, drawn
/// independently day by day from `law`, whose Z is not above the observed one, the latter counted in (Davison, Hinkley
/// 1997): never 0, exact whatever the number of repetitions, atoms included. For Z1 only histories with a failure
/// count. Random numbers from Threefry: a pure function of (seed, repetition, day). Time: days times repetitions calls
/// of `law`. Throws std::invalid_argument where sizes differ, a number is not finite, a shortfall not above
/// zero, or there are no repetitions.
ShortfallResult acerbi_szekely_test(std::span<const double> losses, std::span<const ShortfallForecast> forecasts,
                                    double level, const LossQuantile& law, std::uint64_t repetitions,
                                    std::uint64_t seed);

}  // namespace volstorm

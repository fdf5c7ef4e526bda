#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "volstorm/math/special.h"
#include "volstorm/risk/backtest.h"

namespace volstorm {
namespace {

void require_share(double share) {
    if (share > 0.0 && share < 1.0) return;
    throw std::invalid_argument("share of failures is " + std::to_string(share) + ", outside (0, 1)");
}

/// Log likelihood of `ones` and `zeros` independent outcomes whose probability of a one is p; 0 ln 0 = 0.
double log_likelihood(std::uint64_t zeros, std::uint64_t ones, double p) {
    const double of_zeros = zeros == 0 ? 0.0 : static_cast<double>(zeros) * std::log1p(-p);
    return of_zeros + (ones == 0 ? 0.0 : static_cast<double>(ones) * std::log(p));
}

/// The same at its largest, p being the share of ones.
double best_log_likelihood(std::uint64_t zeros, std::uint64_t ones) {
    if (zeros == 0 || ones == 0) return 0.0;
    return log_likelihood(zeros, ones, static_cast<double>(ones) / static_cast<double>(zeros + ones));
}

double chain_log_likelihood(const FailurePairs& pairs) {
    return best_log_likelihood(pairs.calm_calm, pairs.calm_failure) +
           best_log_likelihood(pairs.failure_calm, pairs.failure_failure);
}

std::uint64_t to_calm(const FailurePairs& pairs) { return pairs.calm_calm + pairs.failure_calm; }
std::uint64_t to_failure(const FailurePairs& pairs) { return pairs.calm_failure + pairs.failure_failure; }

TestResult ratio_result(double twice_difference, double freedom) {
    const double ratio = std::max(0.0, twice_difference);  // rounding may leave -1e-16
    return {ratio, chi_square_tail(ratio, freedom), {}};
}

std::uint64_t count_failures(std::span<const std::uint8_t> failures) {
    const auto wrong = std::ranges::find_if(failures, [](std::uint8_t f) { return f > 1; });
    if (wrong != failures.end()) {
        throw std::invalid_argument("day " + std::to_string(wrong - failures.begin()) + " of the failures is " +
                                    std::to_string(*wrong) + ", neither 0 nor 1");
    }
    return static_cast<std::uint64_t>(std::ranges::count(failures, 1));
}

}  // namespace

FailureShareResult kupiec_test(std::span<const std::uint8_t> failures, double share) {
    require_share(share);
    const std::uint64_t days = failures.size(), ones = count_failures(failures), zeros = days - ones;
    if (days == 0) return {no_result("there are no days"), 0, 0, kUnknown};
    const double difference = best_log_likelihood(zeros, ones) - log_likelihood(zeros, ones, share);
    const double smaller = std::min(binomial_at_most(ones, days, share), binomial_at_least(ones, days, share));
    return {ratio_result(2.0 * difference, 1.0), ones, days, std::min(1.0, 2.0 * smaller)};
}

FailurePairs failure_pairs(std::span<const std::uint8_t> failures) {
    count_failures(failures);
    FailurePairs pairs;
    for (std::size_t day = 1; day < failures.size(); ++day) {
        const bool before = failures[day - 1] != 0, now = failures[day] != 0;
        ++(before ? now ? pairs.failure_failure : pairs.failure_calm : now ? pairs.calm_failure : pairs.calm_calm);
    }
    return pairs;
}

TestResult christoffersen_independence_test(std::span<const std::uint8_t> failures) {
    const FailurePairs pairs = failure_pairs(failures);
    if (pairs.failure_calm + pairs.failure_failure == 0) return no_result("no day follows a failure");
    if (pairs.calm_calm + pairs.calm_failure == 0) return no_result("every day follows a failure");
    const double independent = best_log_likelihood(to_calm(pairs), to_failure(pairs));
    return ratio_result(2.0 * (chain_log_likelihood(pairs) - independent), 1.0);
}

TestResult christoffersen_coverage_test(std::span<const std::uint8_t> failures, double share) {
    require_share(share);
    const FailurePairs pairs = failure_pairs(failures);
    if (failures.size() < 2) return no_result("there are fewer than two days");
    const double promised = log_likelihood(to_calm(pairs), to_failure(pairs), share);
    return ratio_result(2.0 * (chain_log_likelihood(pairs) - promised), 2.0);
}

}  // namespace volstorm

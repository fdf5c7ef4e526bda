// A second simulator, scalar, in double and with another generator (Boost.Random), has the same law.
#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <catch2/catch.hpp>

#include "short_run.h"
#include "volstorm/model/vix.h"

using namespace volstorm;
using namespace short_run;

namespace {

constexpr std::size_t kPaths = 20'000;

struct Sample {
    std::vector<double> spx_return, vix, jumps;
};

// The model as it stands in src/README.md: full-truncation Euler with Milstein's term in x, jumps by
// exponential clocks.
class ScalarSimulator {
 public:
    ScalarSimulator(const Experiment& e, std::uint64_t seed) : e_(e), p_(e.day.model.physical), generator_(seed) {}

    void path(Sample& out) {
        double x = 0.0, v = e_.day.state.v, m = e_.day.state.m, jumps = 0.0;
        std::vector<double> clock;
        for (std::size_t j = 0; j < p_.jumps.size(); ++j) clock.push_back(exponential_(generator_));
        for (const Step& step : e_.timeline) {
            const double dt = step.variance_time.value, vp = std::max(v, 0.0), mp = std::max(m, 0.0);
            const double zx = normal_(generator_), zv = normal_(generator_), zm = normal_(generator_);
            const double growth = e_.day.market.rate - e_.day.market.dividend_yield + e_.day.model.equity_premium;
            const double noise = p_.sigma_v * (p_.rho * zx + std::sqrt(1.0 - p_.rho * p_.rho) * zv);
            x += growth * step.rate_time.value - 0.5 * vp * dt + std::sqrt(vp * dt) * zx;
            if (v > 0.0) x += 0.25 * dt * (noise * zx - p_.sigma_v * p_.rho);
            v += p_.kappa_v * (mp - vp) * dt + std::sqrt(vp * dt) * noise;
            m += (p_.kappa_m * (p_.theta_m - mp) + p_.pull_m * (vp - mp)) * dt + p_.sigma_m * std::sqrt(mp * dt) * zm;
            for (std::size_t j = 0; j < p_.jumps.size(); ++j) {
                const JumpFamily& jump = p_.jumps[j];
                const double hazard = (jump.intensity + jump.intensity_per_variance * vp) * dt;
                x -= hazard * jump.mean_relative_jump();
                for (clock[j] -= hazard; clock[j] < 0.0; clock[j] += exponential_(generator_)) {
                    const double variance_jump = jump.mean_variance_jump * exponential_(generator_);
                    x += jump.mean_log_jump + jump.variance_jump_slope * variance_jump +
                         jump.log_jump_sd * normal_(generator_);
                    v += variance_jump;
                    jumps += 1.0;
                }
            }
            if (step.event == kNoEvent) continue;
            const Event& event = e_.day.events[static_cast<std::size_t>(step.event)];
            x += event.physical_mean + event.physical_sd * normal_(generator_);
            v *= 1.0 - event.variance_drop;
        }
        out.spx_return.push_back(std::exp(x) - 1.0);
        out.vix.push_back(vix_level(e_.day.vix_squared_at(e_.horizon()), {std::max(v, 0.0), std::max(m, 0.0)}));
        out.jumps.push_back(jumps);
    }

 private:
    const Experiment& e_;
    const Parameters& p_;
    boost::random::mt19937_64 generator_;
    boost::random::normal_distribution<double> normal_;
    boost::random::exponential_distribution<double> exponential_;
};

Mean mean_of(const std::vector<double>& sample) {
    Mean mean;
    for (const double x : sample) mean.add(x);
    return mean;
}

// Largest distance of the two empirical distributions.
double kolmogorov_smirnov(const std::vector<double>& a, const std::vector<double>& b) {
    double distance = 0.0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        const double x = std::min(a[i], b[j]);
        while (i < a.size() && a[i] <= x) ++i;
        while (j < b.size() && b[j] <= x) ++j;
        distance = std::max(distance, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                               static_cast<double>(j) / static_cast<double>(b.size())));
    }
    return distance;
}

void check_same_law(std::vector<double> a, std::vector<double> b) {
    const Mean mean_a = mean_of(a), mean_b = mean_of(b);
    CHECK(std::abs(mean_a.value() - mean_b.value()) < 4.0 * std::hypot(mean_a.error(), mean_b.error()));
    std::vector<double> squares_a, squares_b;
    for (const double x : a) squares_a.push_back(std::pow(x - mean_a.value(), 2));
    for (const double x : b) squares_b.push_back(std::pow(x - mean_b.value(), 2));
    const Mean spread_a = mean_of(squares_a), spread_b = mean_of(squares_b);
    CHECK(std::abs(spread_a.value() - spread_b.value()) < 4.0 * std::hypot(spread_a.error(), spread_b.error()));
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    // P(D > 2.23 sqrt(2 / n)) is 1e-4 for equal laws (Smirnov 1948).
    CHECK(kolmogorov_smirnov(a, b) < 2.23 * std::sqrt(2.0 / static_cast<double>(kPaths)));
    for (const double level : {0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999}) {
        // The rank of a's quantile among b is that level, within four standard errors of both samples.
        const double quantile = a[static_cast<std::size_t>(level * kPaths)];
        const auto rank = static_cast<double>(std::lower_bound(b.begin(), b.end(), quantile) - b.begin()) / kPaths;
        CAPTURE(level, quantile, rank);
        CHECK(std::abs(rank - level) < 4.0 * std::sqrt(2.0 * level * (1.0 - level) / kPaths));
    }
}

}  // namespace

TEST_CASE("a scalar simulator with another generator has the same law") {
    Text text;
    text.vix = GENERATE(15.0, 35.0);
    text.time = "2025-06-17T15:45:00";
    text.rest = "[[event]]\nname = \"CPI\"\ntime = 2025-06-18T08:30:00\nspx_move_sd = 0.005\nvariance_drop = 0.2\n";
    const auto e = prepare(text);
    const PathColumns columns = run(*e, kPaths);
    Sample one, other;
    ScalarSimulator scalar(*e, 2025);
    for (std::size_t i = 0; i < kPaths; ++i) {
        one.spx_return.push_back(columns.spx_return[i]);
        one.vix.push_back(columns.vix_end[i]);
        one.jumps.push_back(0.0);
        for (const auto& family : columns.jumps) one.jumps.back() += family[i];
        scalar.path(other);
    }
    SECTION("SPX") { check_same_law(one.spx_return, other.spx_return); }
    SECTION("VIX") { check_same_law(one.vix, other.vix); }
    SECTION("jumps") {
        const Mean a = mean_of(one.jumps), b = mean_of(other.jumps);
        CHECK(std::abs(a.value() - b.value()) < 4.0 * std::hypot(a.error(), b.error()));
    }
}

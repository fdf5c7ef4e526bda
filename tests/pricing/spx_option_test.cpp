#include "volstorm/pricing/spx_option.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "model/parameter_sets.h"
#include "pricing/days.h"
#include "volstorm/model/mean_variance.h"

using namespace volstorm;

namespace {

constexpr double kForward = 6000.0, kDay = 1.0 / 252.0;
constexpr VarianceState kCalm{0.0122, 0.0086};

SpxSmile smile(const Parameters& p, double years, const VarianceState& state,
               const std::vector<EventAhead>& events = {}) {
    return SpxExpiry(p, years, events, state, state).smile(state);
}

double deviation(const Parameters& p, double years, const VarianceState& state) {
    return std::sqrt(quadratic_variation(p, mean_variance(p, years).integral, years)(state));
}

// Merton's series: Black prices weighted by the Poisson law of the number of jumps (Merton 1976).
double merton_put(const Parameters& p, double variance, double years, double forward, double strike) {
    const JumpFamily& jump = p.jumps[0];
    const double mean = jump.intensity * years, factor = jump.mean_relative_jump();
    double weight = std::exp(-mean), price = 0.0;
    for (int n = 0; n < 60; ++n) {
        const double moved = forward * std::exp(n * std::log1p(factor) - mean * factor);
        price += weight * black_price(OptionType::put, moved, strike,
                                      std::sqrt(variance * years + n * std::pow(jump.log_jump_sd, 2)));
        weight *= mean / (n + 1);
    }
    return price;
}

}  // namespace

TEST_CASE("without noise of variance and without jumps a price is Black's") {
    Parameters p;
    p.kappa_v = 5.0;
    for (const double variance : {0.0004, 0.04, 1.0}) {
        for (const double years : {kDay / 78.0, kDay, 0.25, 2.0}) {
            const VarianceState state{variance, variance};
            const double stdev = std::sqrt(variance * years);
            const SpxSmile law = smile(p, years, state);
            for (const double deviations : {-6.0, -3.0, -1.0, 0.0, 1.0, 3.0}) {
                const double strike = kForward * std::exp(deviations * stdev);
                INFO("variance " << variance << ", years " << years << ", deviations " << deviations);
                CHECK(std::abs(law.put(kForward, strike) - black_price(OptionType::put, kForward, strike, stdev)) <
                      1e-9);
                CHECK(std::abs(law.call(kForward, strike) - black_price(OptionType::call, kForward, strike, stdev)) <
                      1e-9);
            }
        }
    }
}

TEST_CASE("a variance on its way to its mean prices at its average") {
    Parameters p;
    p.kappa_v = 8.0;
    const double years = 0.5, average = 0.04 + (0.09 - 0.04) * -std::expm1(-4.0) / 4.0;
    const double put = smile(p, years, {0.09, 0.04}).put(kForward, 5500.0);
    CHECK(std::abs(put - black_price(OptionType::put, kForward, 5500.0, std::sqrt(average * years))) < 1e-9);
}

TEST_CASE("log-normal jumps over a constant variance price as Merton's series") {
    const Parameters p = sets::merton();
    for (const double years : {kDay, 0.1, 1.0}) {
        const SpxSmile law = smile(p, years, {0.02, 0.02});
        for (const double moneyness : {0.8, 0.97, 1.0, 1.02, 1.2}) {
            const double strike = moneyness * kForward;
            CHECK(std::abs(law.put(kForward, strike) - merton_put(p, 0.02, years, kForward, strike)) < 1e-8);
        }
    }
}

TEST_CASE("a mean level without its own parameters is constant: zeros change nothing") {
    Parameters two = sets::heston(), one = sets::heston();
    two.theta_m = 99.0;  // a level to which m does not go
    CHECK(smile(two, 0.1, kCalm).put(kForward, 5800.0) == smile(one, 0.1, kCalm).put(kForward, 5800.0));
    two.theta_m = 0.0;
    two.sigma_m = two.kappa_m = 1e-9;
    CHECK(std::abs(smile(two, 0.1, kCalm).put(kForward, 5800.0) - smile(one, 0.1, kCalm).put(kForward, 5800.0)) < 1e-5);
    two.jumps = {JumpFamily{"never", 0.0, 0.0, -0.1, 0.1, -1.0, 0.1}};
    two.sigma_m = two.kappa_m = 0.0;
    CHECK(std::abs(smile(two, 0.1, kCalm).put(kForward, 5800.0) - smile(one, 0.1, kCalm).put(kForward, 5800.0)) < 1e-9);
}

TEST_CASE("prices obey their bounds: monotone and convex in strike, parity, intrinsic far out") {
    struct Case {
        Parameters p;
        VarianceState state;
        double years;
    };
    for (const auto& [p, state, years] :
         {Case{sets::calm(), kCalm, kDay}, Case{sets::calm(), kCalm, 30.0 / 365.0},
          Case{sets::stressed(), {0.1863, 0.0299}, kDay}, Case{sets::stressed(), {1.2, 0.03}, 0.1},
          Case{sets::calm(), kCalm, 1.0}, Case{sets::calm(), {1e-4, 1e-3}, 0.02}}) {
        const SpxSmile law = smile(p, years, state);
        const double sd = deviation(p, years, state);
        double last = 0.0, last_slope = 0.0, last_strike = 0.0;
        for (double d = -8.0; d <= 6.0; d += 0.25) {
            const double strike = kForward * std::exp(d * sd), put = law.put(kForward, strike);
            const double slope = (put - last) / (strike - last_strike);
            CHECK(slope >= last_slope - 1e-9);
            CHECK(slope <= 1.0 + 1e-9);
            CHECK(put >= std::max(strike - kForward, 0.0) - 1e-8);
            CHECK(std::abs(law.call(kForward, strike) - put - kForward + strike) < 1e-9);
            last = put, last_slope = slope, last_strike = strike;
        }
        CHECK(law.put(kForward, 1e-3 * kForward) >= 0.0);
        CHECK(law.put(kForward, 1e9) == 1e9 - kForward);
    }
}

TEST_CASE("an event adds its variance, alone as a normal move") {
    const std::vector<EventAhead> events{{0.5 * kDay, 0.0075, 0.0}};
    Parameters p;
    p.kappa_v = 5.0;
    const double stdev = std::sqrt(0.02 * kDay + 0.0075 * 0.0075);
    const double put = smile(p, kDay, {0.02, 0.02}, events).put(kForward, 5950.0);
    CHECK(std::abs(put - black_price(OptionType::put, kForward, 5950.0, stdev)) < 1e-9);
}

TEST_CASE("a drop of variance at an event prices as two periods with the lower variance after it") {
    Parameters p;  // variance without drift or noise: 0.04 before the event, 0.03 after it
    const std::vector<EventAhead> events{{0.1, 0.01, 0.25}};
    const double stdev = std::sqrt(0.1 * 0.04 + 0.15 * 0.03 + 0.0001);
    const double put = smile(p, 0.25, {0.04, 0.04}, events).put(kForward, 5800.0);
    CHECK(std::abs(put - black_price(OptionType::put, kForward, 5800.0, stdev)) < 1e-9);
}

TEST_CASE("one expiry prices every state of its range as its own expiry does") {
    const Parameters p = sets::calm();
    const VarianceState least{0.001, 0.004}, most{0.3, 0.02};
    for (const double years : {kDay, 0.1}) {
        const SpxExpiry expiry(p, years, {}, least, most);
        for (const VarianceState& state : {least, kCalm, VarianceState{0.05, 0.004}, most}) {
            const double sd = deviation(p, years, state);
            for (const double d : {-5.0, -1.0, 0.0, 2.0}) {
                const double strike = kForward * std::exp(d * sd);
                CHECK(std::abs(expiry.smile(state).put(kForward, strike) -
                               smile(p, years, state).put(kForward, strike)) < 1e-8);
            }
        }
    }
}

TEST_CASE("implied stdev gives the price back, and out of the series no price is left") {
    const SpxSmile law = smile(sets::calm(), kDay, kCalm);
    for (const double strike : {5850.0, 5950.0, 6000.0, 6050.0, 6100.0}) {
        const OptionType side = strike < kForward ? OptionType::put : OptionType::call;
        CHECK(std::abs(black_price(side, kForward, strike, law.implied_stdev(kForward, strike)) -
                       law.price(side, kForward, strike)) < 1e-9);
    }
    CHECK(law.put(kForward, 1.0) == 0.0);
}

TEST_CASE("at expiry a price is the payoff") {
    const SpxSmile law = smile(sets::calm(), 0.0, kCalm);
    CHECK(law.put(kForward, 6100.0) == 100.0);
    CHECK(law.call(kForward, 6100.0) == 0.0);
    CHECK(law.call(kForward, 5900.0) == 100.0);
}

TEST_CASE("a law without density is refused") {
    CHECK_THROWS_AS(smile(sets::merton(), kDay, {0.0, 0.0}), std::domain_error);
    CHECK_THROWS_AS(smile(Parameters{}, kDay, {0.0, 0.0}), std::domain_error);
}

TEST_CASE("long maturities and small variances keep parity and Black's bounds", "[.long]") {
    for (const Parameters& p : {sets::calm(), sets::stressed(), sets::heston(), sets::merton()}) {
        const SpxSmile far = smile(p, 5.0, kCalm);
        CHECK(far.put(kForward, 3000.0) > 0.0);
        CHECK(far.put(kForward, 3000.0) < far.put(kForward, 6000.0));
        CHECK(far.implied_stdev(kForward, 6000.0) > 0.1);
        const SpxSmile small = smile(p, kDay, {1e-3, 1e-3});
        CHECK(small.put(kForward, kForward) > 0.0);
        CHECK(std::abs(small.call(kForward, 5900.0) - small.put(kForward, 5900.0) - 100.0) < 1e-9);
    }
}

TEST_CASE("a rough SPX expiry errs by little") {
    for (const double vix : {12.0, 20.0, 40.0}) {
        const PricingDay day = days::with_vix(vix);
        for (const double sessions : {1.0, 5.0, 19.0}) {
            const auto smile = [&](double precision) {
                return SpxExpiry(day.model.pricing, sessions / 252.0, {}, day.state, day.state, precision)
                    .smile(day.state);
            };
            const SpxSmile exact = smile(1e-16), rough = smile(1e-5);
            const double stdev = vix / 100.0 * std::sqrt(sessions / 252.0);
            for (double z = -6.0; z <= 4.0; z += 0.5) {
                INFO("VIX " << vix << ", sessions " << sessions << ", moneyness " << z);
                CHECK(std::abs(rough.put(1.0, std::exp(z * stdev)) - exact.put(1.0, std::exp(z * stdev))) < 1e-7);
            }
        }
    }
}

namespace {

// Parameters that searches have come upon: a noisy variance next to nothing, and tails far wider than the core.
Parameters noisy() {
    return {3.03,
            14.4,
            -0.918,
            2.86,
            6.73e-5,
            0.0301,
            169.0,
            {JumpFamily{"crash", 0.883, 0.859, -0.00888, 0.179, -6.25, 0.0056},
             JumpFamily{"tremor", 390.0, 17.9, 0.00316, 0.00161, -1.33, 0.00223}}};
}
Parameters wide() {
    return {29.7,
            30.5,
            -0.133,
            6.12,
            3.59e-4,
            3.09e-4,
            6.68,
            {JumpFamily{"crash", 8.05, 2.87, 0.436, 0.0505, -2.16, 3.51},
             JumpFamily{"tremor", 0.91, 212.0, -0.00522, 0.00104, -1.32, 0.00704}}};
}

}  // namespace

TEST_CASE("a rough SPX expiry solves for few arguments, however many frequencies it has") {
    const std::vector<std::pair<Parameters, VarianceState>> worlds{
        {noisy(), {0.00128, 0.000647}},     {sets::calm(), kCalm},   {sets::calm(), {2e-4, 2e-4}},
        {sets::stressed(), {0.185, 0.031}}, {sets::heston(), kCalm}, {sets::merton(), kCalm}};
    for (std::size_t k = 0; k < worlds.size(); ++k) {
        const auto& [p, state] = worlds[k];
        for (const double years : {kDay, 0.08}) {
            const std::vector<EventAhead> events{{0.5 * kDay, 0.004, 0.2}};
            const SpxExpiry rough(p, years, events, state, state, 1e-5), exact(p, years, events, state, state, 1e-12);
            INFO("world " << k << ", years " << years << ", terms " << rough.terms());
            CHECK(static_cast<double>(rough.solved()) < 40.0 * std::log2(static_cast<double>(rough.terms())));
            const SpxSmile some = rough.smile(state), all = exact.smile(state);
            const double stdev = deviation(p, years, state);
            for (double z = -6.0; z <= 4.0; z += 0.25) {
                CAPTURE(z);
                CHECK(std::abs(some.put(1.0, std::exp(z * stdev)) - all.put(1.0, std::exp(z * stdev))) < 2e-7);
            }
        }
    }
}

TEST_CASE("a rough SPX expiry refuses tails that its core would need countless frequencies for") {
    const VarianceState state{0.0222, 0.127};
    CHECK_THROWS_AS(SpxExpiry(wide(), kDay, {}, state, state, 1e-5), std::domain_error);
}

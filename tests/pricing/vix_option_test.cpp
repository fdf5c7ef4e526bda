#include "volstorm/pricing/vix_option.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "model/parameter_sets.h"
#include "pricing/days.h"
#include "pricing/variance_law.h"
#include "volstorm/model/mean_variance.h"

using namespace volstorm;

namespace {

struct Case {
    const char* name;
    Parameters p;
    VarianceState state;
    double years;
};

VixExpiry expiry_of(const Parameters& p, double years, const VarianceState& largest) {
    return {p, years, {}, vix_squared(p, {}), largest};
}

std::vector<Case> one_factor() {
    Parameters rough = sets::heston();  // 2 kappa m < sigma_v^2: v reaches 0
    rough.sigma_v = 1.5;
    rough.kappa_v = 6.0;
    return {{"calm", sets::heston(), {0.0146, 0.0124}, 30.0 / 365.0},
            {"a day", sets::heston(), {0.0146, 0.0124}, 1.0 / 252.0},
            {"half a year", sets::heston(), {0.09, 0.04}, 0.5},
            {"rough", rough, {0.04, 0.03}, 30.0 / 365.0}};
}

std::vector<Case> all_cases() {
    std::vector<Case> cases = one_factor();
    cases.push_back({"shipped calm", sets::calm(), {0.0122, 0.0086}, 30.0 / 365.0});
    cases.push_back({"shipped stressed", sets::stressed(), {0.1863, 0.0299}, 30.0 / 365.0});
    cases.push_back({"shipped, one bar", sets::calm(), {0.0122, 0.0086}, 1.0 / 252.0 / 78.0});
    cases.push_back({"without noise of v", sets::without_noise_of_v(), {0.0122, 0.0086}, 0.1});
    return cases;
}

}  // namespace

TEST_CASE("VIX futures and options equal quadrature over the non-central chi-square law") {
    for (const auto& [name, p, state, years] : one_factor()) {
        const VixExpiry expiry = expiry_of(p, years, state);
        const VarianceLaw law(p, years, state);
        const double future = law.future();
        INFO(name << ", future " << future);
        CHECK(std::abs(expiry.future(state) - future) < 1e-7);
        CHECK(std::abs(expiry.floor(state) - law.floor()) < 1e-10);
        for (const double moneyness : {0.6, 0.8, 0.95, 1.0, 1.1, 1.5, 2.5}) {
            INFO("moneyness " << moneyness);
            CHECK(std::abs(expiry.call(state, moneyness * future) - law.call(moneyness * future)) < 1e-7);
            CHECK(std::abs(expiry.put(state, moneyness * future) - law.put(moneyness * future)) < 1e-7);
        }
    }
}

TEST_CASE("a call far in the money is its parity value plus the put, to 1e-8") {
    const Parameters p = sets::heston();
    const double years = 30.0 / 365.0;
    const VarianceState largest{1.0, 0.0124};
    const VixExpiry expiry = expiry_of(p, years, largest);
    for (const double v : {0.1, 0.3, 1.0}) {
        const VarianceState state{v, 0.0124};
        const VarianceLaw law(p, years, state);
        for (const double strike : {12.0, 17.0, 20.0, 25.0, 35.0}) {
            INFO("v " << v << ", strike " << strike);
            const double expected = law.put(strike) + law.future() - strike;
            CHECK(std::abs(expiry.call(state, strike) - expected) < 1e-8);
        }
    }
}

TEST_CASE("an expiry made for a large state prices a small one") {
    const Parameters p = sets::heston();
    const double years = 30.0 / 365.0;
    const VixExpiry expiry = expiry_of(p, years, {2.0, 0.0124});
    for (const double v : {0.0, 0.001, 0.0146, 0.1}) {
        const VarianceState state{v, 0.0124};
        const VarianceLaw law(p, years, {std::max(v, 1e-12), 0.0124});
        CHECK(std::abs(expiry.future(state) - law.future()) < 1e-7);
        for (const double strike : {10.0, 13.0, 20.0, 40.0}) {
            INFO("v " << v << ", strike " << strike);
            CHECK(std::abs(expiry.call(state, strike) - law.call(strike)) < 1e-7);
        }
    }
}

TEST_CASE("a call falls and bends up with the strike, is parity below the floor and tends to 0") {
    for (const auto& [name, p, state, years] : all_cases()) {
        INFO(name);
        const VixExpiry expiry = expiry_of(p, years, state);
        const double future = expiry.future(state), floor = expiry.floor(state);
        CHECK(floor < future);
        CHECK(future * future <= 1e4 * expiry.mean_square(state) * (1.0 + 1e-12));  // Jensen
        CHECK(std::abs(expiry.call(state, 0.5 * floor) - (future - 0.5 * floor)) < 1e-9);
        double last = future, last_slope = -1.0, last_strike = 0.0;
        for (int i = 1; i <= 80; ++i) {
            const double strike = 0.05 * i * future, call = expiry.call(state, strike);
            const double slope = (call - last) / (strike - last_strike);
            INFO("strike " << strike << ", floor " << floor << ", call " << call);
            CHECK(slope >= last_slope - 1e-7);
            CHECK(slope <= 1e-7);
            CHECK(call >= std::max(future - strike, 0.0) - 1e-8);
            last = call, last_slope = slope, last_strike = strike;
        }
        CHECK(expiry.call(state, 40.0 * future) < 1e-6);
    }
}

TEST_CASE("a call is continuous at the floor") {
    for (const auto& [name, p, state, years] : all_cases()) {
        const VixExpiry expiry = expiry_of(p, years, state);
        const double floor = expiry.floor(state), future = expiry.future(state);
        for (const double above : {1e-9, 1e-6, 1e-4, 1e-2}) {
            const double strike = floor + above;
            INFO(name << ", " << above << " above the floor of " << floor);
            const double put = expiry.call(state, strike) - future + strike;
            CHECK(put >= -1e-12);
            CHECK(put <= above + 1e-12);
        }
    }
}

TEST_CASE("next to the floor, where a law without Feller's condition has its mass, a put errs by less than 1e-7") {
    Parameters p = sets::heston();
    p.sigma_v = 1.5;
    p.kappa_v = 6.0;
    const double years = 30.0 / 365.0;
    for (const double v : {0.0, 0.04}) {
        const VarianceState state{v, 0.03};
        const VixExpiry expiry = expiry_of(p, years, {0.04, 0.03});
        const VarianceLaw law(p, years, {std::max(v, 1e-12), 0.03});
        for (const double above : {1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2}) {
            const double strike = expiry.floor(state) + above;
            INFO("v " << v << ", " << above << " above the floor");
            CHECK(std::abs(expiry.put(state, strike) - law.put(strike)) < 1e-7);
            CHECK(std::abs(expiry.call(expiry.law(state), strike) - expiry.call(state, strike)) < 1e-12);
        }
    }
}

TEST_CASE("put and call keep parity, and the price of a put is not negative") {
    for (const auto& [name, p, state, years] : all_cases()) {
        const VixExpiry expiry = expiry_of(p, years, state);
        const double future = expiry.future(state);
        for (const double strike : {0.5 * future, 0.9 * future, future, 1.3 * future}) {
            INFO(name << ", strike " << strike);
            CHECK(std::abs(expiry.call(state, strike) - expiry.put(state, strike) - future + strike) < 1e-8);
            CHECK(expiry.put(state, strike) >= 0.0);
        }
    }
}

TEST_CASE("at the settlement a future is VIX and an option its payoff") {
    const VarianceState state{0.02, 0.012};
    const VixExpiry expiry = expiry_of(sets::calm(), 0.0, state);
    const double vix = vix_level(vix_squared(sets::calm(), {}), state);
    CHECK(std::abs(expiry.future(state) - vix) < 1e-9);
    CHECK(std::abs(expiry.call(state, vix - 2.0) - 2.0) < 1e-8);
    CHECK(std::abs(expiry.call(state, vix + 2.0)) < 1e-8);
}

TEST_CASE("without any noise a future is VIX along the drift") {
    Parameters p = sets::noiseless();
    p.jumps.clear();
    const VarianceState state{0.03, 0.02};
    const LinearInState squared = vix_squared(p, {});
    const MeanVariance mean = mean_variance(p, 0.1);
    const VixExpiry expiry = expiry_of(p, 0.1, state);
    CHECK(std::abs(expiry.future(state) - vix_level(squared, {mean.v(state), mean.m(state)})) < 1e-7);
}

TEST_CASE("an event after the settlement is in its VIX, a drop before it lowers the state") {
    const Parameters p = sets::heston();
    const VarianceState state{0.04, 0.02};
    const double years = 30.0 / 365.0;
    const std::vector<EventAhead> after{{5.0 / 252.0, 0.01, 0.0}}, before{{years, 0.01, 0.4}};
    const double plain = expiry_of(p, years, state).future(state);
    CHECK(VixExpiry(p, years, {}, vix_squared(p, after), state).future(state) > plain);
    // All of the drop at the settlement: the law of v scaled by 0.6.
    const VixExpiry dropped(p, years, before, vix_squared(p, {}), state);
    LinearInState scaled = vix_squared(p, {});
    scaled.per_v *= 0.6;
    CHECK(std::abs(dropped.future(state) - VixExpiry(p, years, {}, scaled, state).future(state)) < 1e-9);
    const double strike = 0.95 * dropped.future(state);
    CHECK(std::abs(dropped.call(state, strike) - VixExpiry(p, years, {}, scaled, state).call(state, strike)) < 1e-8);
    CHECK(std::abs(dropped.mean_square(state) - VixExpiry(p, years, {}, scaled, state).mean_square(state)) < 1e-14);
}

TEST_CASE("an expiry carried on from a later moment gives the prices of one made there") {
    const std::vector<EventAhead> all{{5.0 / 252.0, 0.0, 0.3}}, behind{{4.0 / 252.0, 0.0, 0.3}};
    const double years = 21.0 / 252.0, day = 1.0 / 252.0;
    for (const Parameters& p : {sets::calm(), sets::stressed(), sets::without_noise_of_v()}) {
        const VarianceState state{0.03, 0.02};
        const LinearInState squared = vix_squared(p, {});
        const VixExpiry once(p, years, all, squared, state), later(p, years - day, behind, squared, state);
        const VixExpiry carried(later, p, day, {});
        CHECK(std::abs(carried.future(state) - once.future(state)) < 1e-9);
        CHECK(std::abs(carried.floor(state) - once.floor(state)) < 1e-9);
        CHECK(std::abs(carried.mean_square(state) / once.mean_square(state) - 1.0) < 1e-12);
        for (const double strike : {12.0, 16.0, 20.0, 40.0}) {
            CHECK(std::abs(carried.call(state, strike) - once.call(state, strike)) < 1e-8);
        }
    }
}

TEST_CASE("a prepared payoff gives the price of its strike") {
    const VarianceState state{0.0122, 0.0086};
    const VixExpiry expiry = expiry_of(sets::calm(), 30.0 / 365.0, state);
    for (const double strike : {11.0, 16.0, 18.0, 30.0}) {
        CHECK(std::abs(expiry.call(expiry.law(state), expiry.payoff(strike)) - expiry.call(state, strike)) < 1e-12);
        CHECK(std::abs(expiry.call(expiry.law(state), strike) - expiry.call(state, strike)) < 1e-12);
    }
    const double stdev = expiry.implied_stdev(state, 18.0), forward = expiry.future(state);
    CHECK(std::abs(black_price(OptionType::call, forward, 18.0, stdev) - expiry.call(state, 18.0)) < 1e-9);
}

TEST_CASE("a rough VIX expiry errs by little, and keeps its payoffs for other parameters") {
    VixPayoffs payoffs;
    for (const double vix : {12.0, 20.0, 40.0}) {
        const PricingDay day = days::with_vix(vix);
        const Parameters& p = day.model.pricing;
        for (const double years : {5.0 / 252.0, 40.0 / 252.0}) {
            const VixExpiry exact(p, years, {}, vix_squared(p, {}), day.state);
            const VixExpiry rough(p, years, {}, vix_squared(p, {}), day.state, 1e-7);
            const double future = rough.future(day.state);
            CHECK(std::abs(future - exact.future(day.state)) < 1e-4);
            for (const double moneyness : {0.7, 0.85, 1.0, 1.25, 2.0}) {
                const double strike = std::round(moneyness * vix);
                INFO("VIX " << vix << ", years " << years << ", strike " << strike);
                const double call = rough.call(day.state, future, strike, payoffs);
                CHECK(std::abs(call - exact.call(day.state, strike)) < 1e-4);
                CHECK(rough.call(day.state, future, strike, payoffs) == call);
            }
        }
    }
}

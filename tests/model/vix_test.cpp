#include "volstorm/model/vix.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "model/parameter_sets.h"
#include "volstorm/model/transform.h"

using namespace volstorm;

namespace {

constexpr VarianceState kState{0.02, 0.012};
constexpr double kFrequency = 1e-4;

// -2 / tau times E[ln(S/F)] over 30/365 year, from the transform near 0. An event adds its normal move, and scales b.
double log_contract(const Parameters& p, const std::vector<EventAhead>& events) {
    const Complex u(0.0, kFrequency);
    Exponents e{};
    double place = kVixYears;
    for (std::size_t i = events.size(); i-- > 0;) {
        carry_back(p, place - events[i].years, {&u, 1}, {&e, 1});
        place = events[i].years;
        e.a += 0.5 * events[i].move_sd * events[i].move_sd * (u * u - u);
        e.b *= 1.0 - events[i].variance_drop;
    }
    carry_back(p, place, {&u, 1}, {&e, 1});
    return -2.0 / kVixYears * (e.a + e.b * kState.v + e.c * kState.m).imag() / kFrequency;
}

}  // namespace

TEST_CASE("VIX is the log contract of the transform") {
    const std::vector<std::vector<EventAhead>> calendars{
        {},
        {{1.0 / 252.0, 0.0075, 0.0}},
        {{1.0 / 252.0, 0.0075, 0.2}, {10.0 / 252.0, 0.005, 0.0}, {18.0 / 252.0, 0.01, 0.4}},
        {{0.0, 0.01, 0.5}, {5.0 / 252.0, 0.0, 0.1}, {5.0 / 252.0, 0.003, 0.1}},
    };
    for (const Parameters& p : {sets::calm(), sets::stressed(), sets::heston(), sets::merton(), sets::pull_alone()}) {
        for (const auto& events : calendars) {
            CHECK(std::abs(vix_squared(p, events)(kState) / log_contract(p, events) - 1.0) < 1e-8);
        }
    }
}

TEST_CASE("an event adds sd^2 / tau to VIX^2, and a drop of variance lowers what follows it") {
    const Parameters p = sets::calm();
    const std::vector<EventAhead> event{{0.01, 0.01, 0.0}}, drop{{0.01, 0.01, 0.3}}, late{{kVixYears, 0.01, 0.3}};
    const double plain = vix_squared(p, {})(kState);
    CHECK(std::abs(vix_squared(p, event)(kState) - plain - 1e-4 / kVixYears) < 1e-15);
    CHECK(vix_squared(p, drop)(kState) < vix_squared(p, event)(kState));
    CHECK(std::abs(vix_squared(p, late)(kState) - vix_squared(p, event)(kState)) < 1e-15);
}

TEST_CASE("Heston's VIX of a state at its mean is its vol") {
    CHECK(std::abs(vix_level(vix_squared(sets::heston(), {}), {0.04, 0.04}) - 20.0) < 1e-12);
}

TEST_CASE("an event within the month whose session time lies beyond the window still counts in VIX") {
    // Thirty calendar days hold up to 22 sessions, the window 20.7.
    const std::vector<EventAhead> event{{22.0 / 252.0, 0.01, 0.5}};
    const double plain = vix_squared(sets::calm(), {})(kState);
    CHECK(std::abs(vix_squared(sets::calm(), event)(kState) - plain - 1e-4 / kVixYears) < 1e-15);
}

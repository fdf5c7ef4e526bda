#include "volstorm/calibration/analog.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "volstorm/core/error.h"
#include "volstorm/math/kernel_weights.h"
#include "volstorm/math/threefry.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

constexpr std::array<double, 4> kNothing{NAN, NAN, NAN, NAN};

double uniform(std::size_t i, std::uint32_t what) {
    ThreefryEngine random(RandomKey(5, Stream::resampling, what), i);
    return open_uniform(random);
}

// SPX and VIX of `days` weekdays.
DailyHistory history(std::size_t days) {
    DailyHistory h;
    Date date = make_date(2001, 1, 1);
    double spx = 1000.0;
    for (std::size_t i = 0; i < days; ++i) {
        const double vix = 12.0 + 20.0 * uniform(i, 0);
        spx *= std::exp(0.02 * (uniform(i, 1) - 0.5));
        h.spx.push_back({date, spx, spx, spx, spx});
        h.vix.push_back({date, vix, vix, vix, vix});
        date += std::chrono::days(i % 5 == 4 ? 3 : 1);
    }
    return h;
}

DatedValues monthly(Date last) {
    DatedValues series;
    std::size_t i = 0;
    for (Date date = make_date(2000, 1, 1); date <= last; date += std::chrono::days(30))
        series.values.push_back({date, 90.0 + 20.0 * uniform(i++, 2)});
    return series;
}

}  // namespace

TEST_CASE("the state before a session is measured as by hand") {
    const DailyHistory h = history(40);
    DailySeries term{"term.csv", {}};
    for (std::size_t i = 1; i < 40; ++i) {
        const double close = h.vix[i].close * 1.1;
        term.bars.push_back({h.vix[i].date, close, close, close, close});
    }
    CHECK(state_series(h, StateVariable::vix, {}).value[7] == std::log(h.vix[7].close));
    const StateSeries vol = state_series(h, StateVariable::realised_vol, {});
    CHECK(std::isnan(vol.value[20]));
    double squares = 0.0;
    for (std::size_t i = 1; i <= 21; ++i) squares += std::pow(std::log(h.spx[i].close / h.spx[i - 1].close), 2);
    CHECK(vol.value[21] == Approx(std::log(100.0 * std::sqrt(squares * 252.0 / 21.0))));
    const StateSeries slope = state_series(h, StateVariable::term_slope, {.term = &term});
    CHECK(std::isnan(slope.value[0]));
    CHECK(slope.value[9] == Approx(std::log(1.1)));
    const DatedValues reer = monthly(make_date(2000, 12, 1));
    CHECK(state_series(h, StateVariable::reer, {.reer = &reer}).value[0] ==
          known_on(reer, h.spx[0].date, kMonthlyReer));
    CHECK_THROWS_WITH(state_series(h, StateVariable::reer, {}), Contains("--reer FILE"));
    CHECK_THROWS_WITH(state_series(h, StateVariable::term_slope, {}), Contains("--term FILE"));
}

TEST_CASE("z is by the mean and deviation of what was known at the time") {
    std::vector<double> values;
    for (std::size_t i = 0; i < 400; ++i) values.push_back(i == 100 ? NAN : 3.0 + uniform(i, 0));
    const std::vector<double> z = expanding_z(values);
    double sum = 0.0, squares = 0.0, n = 0.0;
    for (std::size_t i = 0; i <= 300; ++i) {
        if (i != 100) sum += values[i], ++n;
    }
    for (std::size_t i = 0; i <= 300; ++i) {
        if (i != 100) squares += std::pow(values[i] - sum / n, 2);
    }
    CHECK(z[300] == Approx((values[300] - sum / n) / std::sqrt(squares / (n - 1.0))));
    CHECK(z_after(std::span(values).first(301), values[300]) == Approx(z[300]));
    CHECK(std::isnan(z[251]));  // the 251st that is known
    CHECK(!std::isnan(z[252]));
    CHECK(std::isnan(z[100]));
    CHECK(std::isnan(expanding_z(std::vector<double>(300, 1.0)).back()));  // no deviation
}

TEST_CASE("nothing that comes later changes a z or a distance") {
    const DailyHistory h = history(600);
    DailyHistory other = h;
    for (std::size_t i = 400; i < 600; ++i) {
        other.vix[i].close *= 2.0;
        other.spx[i].close *= 1.0 + 0.3 * uniform(i, 3);
    }
    const DatedValues reer = monthly(make_date(2004, 1, 1));
    DatedValues changed = reer;
    for (DatedValue& v : changed.values) {
        if (v.date + kMonthlyReer.lag > h.spx[399].date) v.value += 50.0;
    }
    for (const StateVariable variable : {StateVariable::vix, StateVariable::realised_vol, StateVariable::reer}) {
        const StateSeries a = state_series(h, variable, {.reer = &reer});
        const StateSeries b = state_series(other, variable, {.reer = &changed});
        for (std::size_t i = 0; i < 400; ++i) {
            if (!(a.z[i] == b.z[i] || (std::isnan(a.z[i]) && std::isnan(b.z[i])))) FAIL("close " << i);
        }
        CHECK(a.z[500] != b.z[500]);
    }
    // The state asked for at close 399 is that of the closes up to it.
    const std::vector<StateVariable> variables{StateVariable::vix, StateVariable::reer};
    const std::vector<std::size_t> places{300, 350, 399};
    const AnalogState a = analog_state(h, variables, {.reer = &reer}, kNothing, 399);
    const AnalogState b = analog_state(other, variables, {.reer = &changed}, kNothing, 399);
    CHECK(a.z == b.z);
    CHECK(squared_distances(a, places) == squared_distances(b, places));
}

TEST_CASE("a distance is that of the close before, in z, and a quoted state takes the place of the last") {
    const DailyHistory h = history(500);
    const std::vector<StateVariable> variables{StateVariable::vix, StateVariable::realised_vol};
    const AnalogState last = analog_state(h, variables, {}, kNothing, 499);
    CHECK(last.z[0] == Approx(last.series[0].z[499]));
    const std::vector<std::size_t> places{200, 400};
    const std::vector<double> d = squared_distances(last, places);
    CHECK(std::isnan(d[0]));
    CHECK(d[1] ==
          Approx(std::pow(last.series[0].z[399] - last.z[0], 2) + std::pow(last.series[1].z[399] - last.z[1], 2)));
    const AnalogState at_40 = analog_state(h, variables, {}, std::array<double, 4>{40.0, NAN, NAN, NAN}, 499);
    CHECK(at_40.z[0] == Approx(z_after(last.series[0].value, std::log(40.0))));
    CHECK(at_40.z[1] == last.z[1]);
    CHECK_THROWS_WITH(analog_state(h, variables, {}, kNothing, 100), Contains("fewer than 252"));
    const DatedValues old = monthly(make_date(2001, 6, 1));
    const std::vector<StateVariable> only_reer{StateVariable::reer};
    CHECK_THROWS_WITH(analog_state(h, only_reer, {.reer = &old}, kNothing, 499),
                      Contains("is not known on") && Contains("only up to") && Contains("--at-reer"));
}

TEST_CASE("the kernel has the smallest bandwidth that leaves a hundred sessions") {
    std::vector<double> d;
    for (std::size_t i = 0; i < 3000; ++i) d.push_back(i % 10 == 0 ? NAN : 9.0 * uniform(i, 4));
    const AnalogWeights w = analog_weights(d);
    CHECK(w.effective == Approx(100.0).epsilon(1e-6));
    CHECK(effective_size(w.weight) == Approx(w.effective));
    double sum = 0.0, by_hand = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < d.size(); ++i) {
        sum += w.weight[i];
        const double k = std::isnan(d[i]) ? 0.0 : std::exp(-d[i] / (2.0 * w.bandwidth * w.bandwidth));
        by_hand += k, squares += k * k;
    }
    CHECK(sum == Approx(1.0));
    CHECK(by_hand * by_hand / squares == Approx(100.0).epsilon(1e-6));
    CHECK(w.weight[3] / w.weight[4] == Approx(std::exp((d[4] - d[3]) / (2.0 * w.bandwidth * w.bandwidth))));
    CHECK(w.weight[10] == 0.0);
    // Far from everything: the nearest still count.
    for (double& x : d) x += 1e6;
    CHECK(analog_weights(d).effective == Approx(100.0).epsilon(1e-4));
    CHECK_THROWS_WITH(analog_weights(std::vector<double>(100, 1.0)), Contains("100 sessions have a state"));
    CHECK(analog_weights(std::vector<double>(101, 0.0)).effective == Approx(101.0));
}

namespace {

// Sessions whose return is the louder the further the series is above 100, where `tells`; else of one law.
AnalogShare share_of_reer(bool tells) {
    const DailyHistory h = history(3000);
    const DatedValues reer = monthly(make_date(2013, 1, 1));
    const std::vector<StateVariable> variables{StateVariable::vix, StateVariable::reer};
    std::array<double, 4> quoted = kNothing;
    quoted[3] = 109.0;
    const AnalogState state = analog_state(h, variables, {.reer = &reer}, quoted, 2999);
    std::vector<std::size_t> places;
    OneDaySample sessions;
    for (std::size_t i = 300; i < 3000; ++i) {
        const double loud = tells && state.series[1].value[i - 1] > 104.0 ? 3.0 : 1.0;
        places.push_back(i);
        sessions.vix_before.push_back(h.vix[i - 1].close);
        sessions.spx_return.push_back(loud * h.vix[i - 1].close / 16.0 * (uniform(i, 6) - 0.5));
        sessions.vix_change.push_back(uniform(i, 7) - 0.5);
    }
    return share_of(StateVariable::reer, state, places, sessions, 1);
}

}  // namespace

TEST_CASE("the share of a variable is shown where it tells something, and denied where it does not") {
    const AnalogShare none = share_of_reer(false), much = share_of_reer(true);
    REQUIRE(none.effects.size() == 4);
    CHECK(none.effects[0].id == "sd_z");
    for (const AnalogEffect& effect : none.effects) CHECK(!effect.is_told());
    CHECK(much.effects[0].is_told());
    CHECK(much.effects[0].with > 1.5 * much.effects[0].without);
    CHECK(much.effects[0].low < much.effects[0].with - much.effects[0].without);
    CHECK(much.effects[0].high > much.effects[0].with - much.effects[0].without);
    CHECK(!much.effects[3].is_told());
    CHECK(much.of_distance > 0.0);
    CHECK(much.of_distance < 1.0);
    CHECK(much.overlap > 0.0);
    CHECK(much.overlap < 1.0);
}

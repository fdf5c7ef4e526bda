#include "volstorm/calibration/book_forecast.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "calibration/forecast_model.h"
#include "volstorm/core/error.h"
#include "volstorm/pricing/spx_option.h"

using namespace volstorm;

namespace {

RelativeCondor by_hand() {
    RelativeCondor condor;
    condor.strike = {98.0, 99.0, 101.0, 102.0};
    condor.credit = 0.2, condor.fees = 0.01, condor.max_risk = 0.8;
    return condor;
}

double log_percent(double spx) { return 100.0 * std::log(spx / 100.0); }

}  // namespace

TEST_CASE("a relative condor settles as by hand") {
    const RelativeCondor condor = by_hand();
    CHECK(condor.pnl(0.0) == Approx(100.0 * 0.19 / 0.8));
    CHECK(condor.pnl(log_percent(98.7)) == Approx(100.0 * (0.19 - 0.3) / 0.8));
    CHECK(condor.pnl(log_percent(101.9)) == Approx(100.0 * (0.19 - 0.9) / 0.8));
    CHECK(condor.pnl(log_percent(97.0)) == condor.worst());
    CHECK(condor.pnl(log_percent(150.0)) == condor.worst());
    CHECK(condor.worst() == Approx(-100.0 * 0.81 / 0.8));
}

TEST_CASE("the model's condor has the delta, the wings and the price of the model") {
    const ModelInput model = forecasts::model();
    const RelativeCondor condor = model_condor(model, 18.0, {0.15, 0.5});
    const PricingDay day = simulate_states(model, 18.0, 0, 0).day;
    const double years = 1.0 / 252.0, forward = 100.0 * day.carry(CalendarYears(1.0 / 365.0));
    const SpxSmile smile = SpxExpiry(day.model.pricing, years, {}, day.state, day.state).smile(day.state);
    const auto delta = [&](OptionType type, CondorLeg leg) {
        return black_delta(type, forward, condor.strike[leg], smile.implied_stdev(forward, condor.strike[leg]));
    };
    CHECK(delta(OptionType::put, kShortPut) == Approx(-0.15).margin(5e-4));
    CHECK(delta(OptionType::call, kShortCall) == Approx(0.15).margin(5e-4));
    CHECK(condor.strike[kShortPut] - condor.strike[kLongPut] == Approx(0.5));
    CHECK(condor.strike[kLongCall] - condor.strike[kShortCall] == Approx(0.5));
    const double mid = smile.put(forward, condor.strike[kShortPut]) - smile.put(forward, condor.strike[kLongPut]) +
                       smile.call(forward, condor.strike[kShortCall]) - smile.call(forward, condor.strike[kLongCall]);
    CHECK(condor.credit < mid - 4.0 * 0.05 / 50.0 * 0.999);  // half-spreads of 0.05 or 0.10 points at SPX 5000
    CHECK(condor.credit > mid - 4.0 * 0.10 / 50.0 * 1.001);
    CHECK(condor.fees == Approx(4.0 * 0.65 / 100.0 / 50.0));
    CHECK(condor.max_risk == Approx(0.5 - condor.credit));
    CHECK_THROWS_AS(model_condor(model, 18.0, {0.15, 0.002}), InputError);  // brings less than its costs
}

TEST_CASE("the law of the loss is that of the returns, atoms included") {
    std::vector<double> below, above;
    for (int i = 0; i < 400; ++i) {
        below.push_back(-3.0 + 0.0151 * i);
        above.push_back(-3.3 + 0.0166 * i);
    }
    const RelativeCondor condor = by_hand();
    const QuantileLaw returns(below, above, 0.4, 1.1);
    const LossLaw law(condor, returns);
    std::vector<double> losses;
    for (std::size_t rank = 0; rank < returns.size(); ++rank) losses.push_back(-condor.pnl(returns.at(rank)));
    std::ranges::sort(losses);
    CHECK(law.sorted() == losses);
    for (const double outcome : {0.0, -3.0, -0.9, -1.001, 0.8, 1.4, 5.0}) {
        const double loss = -condor.pnl(outcome);
        CHECK(law.pit(loss).low == pit_interval(losses, loss).low);
        CHECK(law.pit(loss).high == pit_interval(losses, loss).high);
    }
    const PnlForecast pnl = pnl_forecast(condor, losses);
    double sum = 0.0, lost = 0.0, lost_most = 0.0;
    for (const double loss : losses) {
        sum += loss / 400.0;
        lost += loss > 0.0 ? 1.0 / 400.0 : 0.0;
        lost_most += loss == -condor.worst() ? 1.0 / 400.0 : 0.0;
    }
    CHECK(pnl.mean == Approx(-sum));
    CHECK(pnl.losing == Approx(lost));
    CHECK(pnl.losing_most == Approx(lost_most));
    CHECK(lost_most > 0.1);
}

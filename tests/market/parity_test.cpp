#include "volstorm/market/parity.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "chains.h"

using namespace volstorm;

namespace {

const CalendarYears kQuarter(0.25);
const made::Expiry kExact{.years = 0.25,
                          .forward = 4003.21,
                          .discount = 0.987,
                          .low = 3000.0,
                          .high = 5000.0,
                          .step = 25.0,
                          .half_spread = 0.5,
                          .tick = 1e-10};

}  // namespace

TEST_CASE("parity gives the forward at the strike where call and put are nearest to each other") {
    const ParityForward forward = parity_forward(made::expiry(kExact)).value();
    CHECK(forward.strike == 4000.0);
    CHECK(forward.forward == Approx(4000.0 + 0.987 * 3.21).epsilon(1e-12));
    CHECK(forward.bid == Approx(forward.forward - 1.0).epsilon(1e-12));
    CHECK(forward.ask == Approx(forward.forward + 1.0).epsilon(1e-12));
}

TEST_CASE("the line through exact quotes gives forward, discount and rate") {
    const ParityFit fit = fit_parity(made::expiry(kExact)).value();
    CHECK(fit.forward == Approx(4003.21).epsilon(1e-12));
    CHECK(fit.discount == Approx(0.987).epsilon(1e-11));
    CHECK(fit.rate(kQuarter) == Approx(-4.0 * std::log(0.987)).epsilon(1e-9));
    CHECK(fit.strikes > 50);
    CHECK(fit.forward_error == Approx(0.0125 / 0.987));  // the rounding of quotes alone
}

TEST_CASE("one strike off the line does not move it") {
    ChainExpiry expiry = made::expiry(kExact);
    for (ChainRow& row : expiry.rows)
        if (row.strike == 4200.0) row.call.bid += 40.0, row.call.ask += 40.0;
    const ParityFit fit = fit_parity(expiry).value();
    CHECK(std::abs(fit.forward - 4003.21) < 1e-3);
    CHECK(std::abs(fit.discount - 0.987) < 1e-5);
}

TEST_CASE("errors of the line are those of repeated quotes") {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> noise(-0.5, 0.5);
    double forward = 0.0, discount = 0.0;
    const int chains = 400;
    for (int i = 0; i < chains; ++i) {
        ChainExpiry expiry = made::expiry(kExact);
        for (ChainRow& row : expiry.rows) {
            const double shift = noise(random);
            row.call.bid += shift, row.call.ask += shift;
        }
        const ParityFit fit = fit_parity(expiry).value();
        forward += std::pow((fit.forward - 4003.21) / fit.forward_error, 2.0) / chains;
        discount += std::pow((fit.discount - 0.987) / fit.discount_error, 2.0) / chains;
    }
    // The mean square of a standard normal is 1 +- 0.07; robust weights make it a little larger.
    CHECK((forward > 0.8 && forward < 1.3));
    CHECK((discount > 0.8 && discount < 1.3));
}

TEST_CASE("quotes of one day, rounded to ticks, do not feign a rate") {
    made::Expiry e{.forward = 4001.0, .discount = std::exp(-0.05 / 365.0), .half_spread = 0.05};
    const ParityFit fit = fit_parity(made::expiry(e)).value();
    const CalendarYears day(1.0 / 365.0);
    CHECK(fit.rate_error(day) > 0.02);
    CHECK(std::abs(fit.rate(day) - 0.05) < 3.0 * fit.rate_error(day));
}

TEST_CASE("without enough strikes on both sides there is no line, and without any no forward") {
    ChainExpiry expiry = made::expiry(kExact);
    const auto middle = expiry.rows.begin() + static_cast<std::ptrdiff_t>(expiry.rows.size() / 2);
    expiry.rows = std::vector<ChainRow>(middle - 1, middle + 2);
    CHECK(parity_forward(expiry));
    CHECK_FALSE(fit_parity(expiry));
    // A bid of nothing on either side says nothing of where the forward is, however near call and put are.
    ChainExpiry hollow = expiry;
    for (ChainRow& row : hollow.rows) row.call = row.put = {0.0, 300.0};
    CHECK_FALSE(parity_forward(hollow));
    hollow.rows.insert(hollow.rows.end(), expiry.rows.begin(), expiry.rows.end());
    CHECK(parity_forward(hollow)->forward == parity_forward(expiry)->forward);
    for (ChainRow& row : expiry.rows) row.put = {};
    CHECK_FALSE(parity_forward(expiry));
}

TEST_CASE("the rate of a chain is that of the expiries that give it, not of one that cannot") {
    const DateTime now = at(make_date(2023, 6, 14), 16, 0);
    OptionChain chain;
    for (const int days : {1, 37, 72}) {
        made::Expiry e = kExact;
        e.date = make_date(2023, 6, 14) + std::chrono::days(days);
        e.years = days / 365.0;
        e.discount = std::exp(-0.05 * e.years);
        chain.expiries.push_back(made::expiry(e));
    }
    CHECK(implied_rate(chain, now).value() == Approx(0.05).epsilon(1e-6));
    chain.expiries.push_back(made::expiry({.date = make_date(2023, 9, 13),
                                           .years = 91.0 / 365.0,
                                           .discount = 0.9,
                                           .low = 3500.0,
                                           .high = 4500.0}));  // 42 % a year
    CHECK(implied_rate(chain, now).value() == Approx(0.05).epsilon(1e-6));
    CHECK_FALSE(implied_rate(chain, at(make_date(2024, 6, 14), 16, 0)));
}

#include "volstorm/market/chain_smile.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "chains.h"
#include "volstorm/math/strike.h"

using namespace volstorm;

namespace {

const made::Expiry kFlat{.years = 3.0 / 365.0, .forward = 4001.7, .vol = 0.18, .discount = 0.9996, .tick = 1e-10};
const SmileBasis kBasis{4001.7, 0.9996};
const double kStdev = 0.18 * std::sqrt(3.0 / 365.0);

}  // namespace

TEST_CASE("mids of Black prices give their stdev back, in and out of the money") {
    for (const ChainRow& row : made::expiry(kFlat).rows) {
        if (row.call.bid > 0.0)
            CHECK(mid_stdev(row.call, OptionType::call, row.strike, kBasis) == Approx(kStdev).epsilon(1e-6));
        if (row.put.bid > 0.0)
            CHECK(mid_stdev(row.put, OptionType::put, row.strike, kBasis) == Approx(kStdev).epsilon(1e-6));
    }
}

TEST_CASE("quotes without time value, crossed or missing have no stdev") {
    CHECK(std::isnan(mid_stdev({101.0, 101.0}, OptionType::call, 3900.0, kBasis)));
    CHECK(std::isnan(mid_stdev({0.0, 0.0}, OptionType::call, 4000.0, kBasis)));
    CHECK(std::isnan(mid_stdev({9.0, 8.0}, OptionType::call, 4000.0, kBasis)));
}

TEST_CASE("the listed strike at the money and those near a delta are those of Black's formula") {
    const ChainExpiry expiry = made::expiry(kFlat);
    const SmileStrike money = at_the_money(expiry, kBasis).value();
    CHECK(money.strike == 4000.0);
    CHECK(money.stdev == Approx(kStdev).epsilon(1e-6));
    const auto flat = [](double) { return kStdev; };
    for (const OptionType type : {OptionType::call, OptionType::put}) {
        const double exact = strike_at_delta(type, 0.15, 4001.7, 3500.0, 4500.0, flat);
        const SmileStrike near = strike_near_delta(expiry, type, 0.15, kBasis).value();
        CHECK(std::abs(near.strike - exact) < 3.0);  // strikes are 5 apart
        CHECK(near.delta == Approx(std::abs(black_delta(type, 4001.7, near.strike, kStdev))).epsilon(1e-6));
    }
}

TEST_CASE("strikes that end before a delta are not taken for it") {
    const ChainExpiry expiry = made::expiry({.years = 3.0 / 365.0, .low = 3990.0, .high = 4010.0});
    CHECK_FALSE(strike_near_delta(expiry, OptionType::call, 0.15, {4000.0, 1.0}));
    CHECK_FALSE(strike_near_delta(expiry, OptionType::put, 0.15, {4000.0, 1.0}));
    CHECK(strike_near_delta(expiry, OptionType::put, 0.46, {4000.0, 1.0}));
}

TEST_CASE("a condor's credit sells at the bid and buys at the ask") {
    ChainExpiry expiry;
    expiry.rows = {{3925.0, {}, {1.0, 1.2}, 0},
                   {3950.0, {}, {2.0, 2.2}, 0},
                   {4050.0, {3.0, 3.4}, {}, 0},
                   {4075.0, {0.5, 0.7}, {}, 0}};
    const CondorCredit credit = condor_credit(expiry, 3950.0, 4050.0, 25.0).value();
    CHECK(credit.at_quotes == Approx(2.0 - 1.2 + 3.0 - 0.7));
    CHECK(credit.at_mid == Approx(2.1 - 1.1 + 3.2 - 0.6));
    CHECK_FALSE(condor_credit(expiry, 3950.0, 4050.0, 30.0));
    expiry.rows[0].put.ask = 0.0;
    CHECK_FALSE(condor_credit(expiry, 3950.0, 4050.0, 25.0));
}

TEST_CASE("session time to a close is whole sessions, to an open the night before it, and ends with the calendar") {
    const auto sessions = [](const char* root, Date date) {
        ChainExpiry expiry = made::expiry({.root = root});
        expiry.date = date;
        const auto time = session_time(at(make_date(2023, 6, 16), 16, 0), expiry);  // the Friday before a holiday
        return time ? 252.0 * time->value : -1.0;
    };
    CHECK(sessions("SPXW", make_date(2023, 6, 20)) == Approx(1.0));
    CHECK(sessions("SPX", make_date(2023, 6, 20)) == Approx(0.34));
    CHECK(sessions("SPXW", make_date(2023, 6, 23)) == Approx(4.0));
    CHECK(sessions("SPXW", make_date(2028, 1, 21)) == -1.0);
}

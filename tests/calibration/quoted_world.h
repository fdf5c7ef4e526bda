#pragma once
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "pricing/days.h"
#include "volstorm/calibration/quote_fit.h"
#include "volstorm/market/calendar.h"

/// Quotes that a known model gives: SPX and VIX options of one moment.
namespace quoted {

using namespace volstorm;

inline const DateTime kTime = at(make_date(2025, 6, 17), 15, 45);

/// One set of parameters at any VIX.
inline ModelInput model() {
    ModelInput input = days::shipped();
    input.anchors = {input.anchors[1]};
    input.level_scaling = false;
    return input;
}

/// Prices at the mids of quotes so many vol points wide, `spx` and `vix` expiries by days.
inline QuoteSet quotes_of(const QuotedWorld& world, const std::vector<Event>& events, std::vector<Date> spx,
                          std::vector<Date> vix) {
    QuoteSet set;
    set.time = kTime;
    const SessionClock clock(model().overnight_share);
    for (const Event& event : events) {
        set.events.push_back(event);
        set.event_years.push_back(clock.between(kTime, event.time).value);
    }
    const auto add = [&](ChainFamily family, DateTime settlement, double forward, std::vector<double> strikes) {
        ExpiryQuotes expiry{
            family, to_string(settlement), settlement, clock.between(kTime, settlement).value, forward, 0.05, {}};
        for (const double k : strikes) {
            OptionQuote quote;
            quote.strike = k;
            quote.type = k < forward ? OptionType::put : OptionType::call;
            expiry.quotes.push_back(quote);
        }
        set.expiries.push_back(expiry);
    };
    for (const Date date : spx) {
        std::vector<double> strikes;
        const double stdev = 0.2 * std::sqrt(clock.between(kTime, session_close(date)).value);
        for (int i = -12; i <= 6; ++i) strikes.push_back(std::round(6000.0 * std::exp(0.25 * i * stdev)));
        add(ChainFamily::spx, session_close(date), 6000.0, strikes);
    }
    const double level = vix_level(vix_squared(world.pricing, {}), world.state);
    std::vector<double> vix_strikes;
    for (const double m : {0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.3, 1.5, 1.75}) vix_strikes.push_back(m * level);
    for (const Date date : vix) add(ChainFamily::vix, at(date, 9, 30), level, vix_strikes);
    for (int round = 0; round < 2; ++round) {  // the second with the futures that the first gave
        const ModelQuotes model = model_quotes(set, world);
        set.vix = model.vix;
        for (std::size_t k = 0; k < set.expiries.size(); ++k) {
            ExpiryQuotes& e = set.expiries[k];
            e.forward = model.expiries[k].future;
            for (std::size_t i = 0; i < e.quotes.size(); ++i) {
                OptionQuote& q = e.quotes[i];
                q.type = q.strike < e.forward ? OptionType::put : OptionType::call;
                q.mid_vol = model.expiries[k].vol[i];
                const double root = std::sqrt(e.years), half = e.family == ChainFamily::spx ? 0.001 : 0.03;
                q.vega = black_vega(e.forward, q.strike, q.mid_vol * root) * root;
                const double price = model.expiries[k].price[i];
                q.bid = price - half * q.vega, q.ask = price + half * q.vega;
                q.bid_vol = q.mid_vol - half, q.ask_vol = q.mid_vol + half;
            }
        }
    }
    return set;
}

/// The same with errors of one half-spread on mids, and of the errors that the fit supposes on VIX and its futures.
inline QuoteSet with_noise(QuoteSet set, const QuoteFitOptions& options, std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    std::normal_distribution<double> normal;
    set.vix += options.vix_error * normal(engine);
    for (ExpiryQuotes& e : set.expiries) {
        for (OptionQuote& q : e.quotes) {
            const double shift = q.half_spread() * normal(engine);
            q.bid += shift, q.ask += shift;
        }
        if (e.family == ChainFamily::vix) e.forward += options.future_error * normal(engine);
    }
    return set;
}

}  // namespace quoted

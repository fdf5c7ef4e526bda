#include "volstorm/engine/quotes.h"

#include <algorithm>
#include <cmath>

#include "volstorm/market/calendar.h"
#include "volstorm/pricing/spx_option.h"
#include "volstorm/pricing/vix_surface.h"

namespace volstorm {
namespace {

constexpr const char* kTypeNames[] = {"spx_call", "spx_put", "vix_call", "vix_put", "vix_future", "vix"};

// Where an expiry lies: on both clocks, and on the calendar for the events on the way.
struct Expiry {
    double variance_years, rate_years;
    DateTime time;
};

OptionType option_type(PriceType type) {
    return type == PriceType::spx_call || type == PriceType::vix_call ? OptionType::call : OptionType::put;
}

// Black greeks at the implied vol, from the stdev to expiry.
void add_greeks(const Experiment& e, OptionType type, double stdev, const Expiry& expiry, Quote& q) {
    const double years = expiry.variance_years, discount = e.day.discount(CalendarYears(expiry.rate_years));
    const bool calendar = e.day.market.iv_clock == VolClock::calendar && expiry.rate_years > 0.0;
    q.implied_vol = stdev / std::sqrt(calendar ? expiry.rate_years : years);
    q.delta = black_delta(type, q.forward, q.strike, stdev);
    q.gamma = black_gamma(q.forward, q.strike, stdev);
    q.vega = 0.01 * discount * black_vega(q.forward, q.strike, stdev) * stdev / q.implied_vol;
    const double later = std::max(years - 1.0 / kSessionsPerYear, 0.0);
    const double aged = black_price(type, q.forward, q.strike, stdev * std::sqrt(later / years));
    q.theta = discount * (aged - black_price(type, q.forward, q.strike, stdev));
}

std::vector<EventAhead> events_until(const Experiment& e, const Expiry& expiry) {
    if (!e.day.market.has_time) return {};
    std::vector<EventAhead> events = e.day.events_between(e.day.market.time, expiry.time);
    for (EventAhead& event : events) event.years = std::min(event.years, expiry.variance_years);
    return events;
}

void price_spx(const Experiment& e, OptionType type, const Expiry& expiry, Quote& q) {
    const SpxExpiry law(e.day.model.pricing, expiry.variance_years, events_until(e, expiry), e.day.state, e.day.state);
    const SmileResidual& residual = e.day.spx_residual_at(expiry.time);
    const double scale = residual.is_none() ? 1.0 : spx_deviation(e.day, expiry.time);
    const MarkedSmile smile(law.smile(e.day.state), residual, scale);
    q.forward =
        e.day.market.spx * e.day.carry(CalendarYears(expiry.rate_years)) * residual.basis(expiry.variance_years);
    q.price = e.day.discount(CalendarYears(expiry.rate_years)) * smile.price(type, q.forward, q.strike);
    add_greeks(e, type, smile.implied_stdev(q.forward, q.strike), expiry, q);
}

LinearInState vix_squared_at(const Experiment& e, const Expiry& expiry) {
    return e.day.market.has_time ? e.day.vix_squared_at(expiry.time) : vix_squared(e.day.model.pricing, {});
}

// Of an expiry that the entry has quotes of.
void price_quoted_vix(const Experiment& e, PriceType type, const Expiry& expiry, Quote& q) {
    const VixMarker marker(e.day, e.day.market.time, expiry.time, e.day.state);
    q.price = q.forward = marker.future(e.day.state);
    if (type == PriceType::vix_future) return;
    const auto kind = type == PriceType::vix_call ? VixProduct::Kind::call : VixProduct::Kind::put;
    q.price = marker.mark({kind, q.strike}, e.day.state);
    const double price = q.price / marker.discount();
    add_greeks(e, option_type(type), black_implied_stdev(option_type(type), q.forward, q.strike, price), expiry, q);
}

void price_vix(const Experiment& e, PriceType type, const Expiry& expiry, Quote& q) {
    if (!e.day.vix_residual_at(expiry.time).is_none()) return price_quoted_vix(e, type, expiry, q);
    const VixExpiry law(e.day.model.pricing, expiry.variance_years, events_until(e, expiry), vix_squared_at(e, expiry),
                        e.day.state);
    q.forward = law.future(e.day.state);
    if (type == PriceType::vix_future) {
        q.price = q.forward;
        return;
    }
    q.price = e.day.discount(CalendarYears(expiry.rate_years)) * law.price(option_type(type), e.day.state, q.strike);
    add_greeks(e, option_type(type), law.implied_stdev(e.day.state, q.strike), expiry, q);
}

Quote quote(const Experiment& e, const std::string& name, PriceType type, double strike, const Expiry& expiry) {
    Quote q;
    q.name = name;
    q.type = kTypeNames[static_cast<std::size_t>(type)];
    if (type == PriceType::vix) {
        q.price = e.vix_at_entry;
        return q;
    }
    q.years = expiry.variance_years;
    if (type != PriceType::vix_future) q.strike = strike;
    if (type <= PriceType::spx_put) {
        price_spx(e, option_type(type), expiry, q);
    } else {
        price_vix(e, type, expiry, q);
    }
    return q;
}

Expiry expiry_at(const Experiment& e, DateTime time) {
    return {e.day.variance_time(e.day.market.time, time).value, calendar_time(e.day.market.time, time).value, time};
}

PriceType type_of(const InstrumentKind& kind) {
    if (!kind.has_strike()) return PriceType::vix_future;
    if (kind.is_vix()) return kind.type == OptionType::call ? PriceType::vix_call : PriceType::vix_put;
    return kind.type == OptionType::call ? PriceType::spx_call : PriceType::spx_put;
}

void quote_layer(const Experiment& e, const PreparedLayer& layer, std::vector<Quote>& quotes) {
    const InstrumentKind& kind = layer.spec->kind;
    const double strike = layer.entry ? layer.entry->strike : layer.first_marks().strike_at_entry();
    const DateTime settlement = layer.first_marks().settlement();
    const auto add = [&](const std::string& name, double at_strike) {
        quotes.push_back(quote(e, name, type_of(kind), at_strike, expiry_at(e, settlement)));
        quotes.back().expiry = to_string(date_of(settlement));
    };
    add(layer.name, strike);
    if (kind.is_spread) add(layer.name + "_short", layer.first_marks().second_strike(strike));
}

}  // namespace

double on_iv_clock(const Experiment& e, double session_vol, DateTime expiry) {
    if (e.day.market.iv_clock != VolClock::calendar) return session_vol;
    const Expiry at = expiry_at(e, expiry);
    return session_vol * std::sqrt(at.variance_years / at.rate_years);
}

std::vector<Quote> quote_all(const Experiment& e) {
    std::vector<Quote> quotes;
    for (std::size_t leg = 0; e.condor && leg < kCondorLegs; ++leg) {
        const PriceType type = leg <= kShortPut ? PriceType::spx_put : PriceType::spx_call;
        quotes.push_back(
            quote(e, kCondorLegNames[leg], type, e.condor->strike[leg], expiry_at(e, session_close(e.condor->expiry))));
        quotes.back().expiry = to_string(e.condor->expiry);
    }
    for (const PreparedLayer& layer : e.layers) quote_layer(e, layer, quotes);
    for (const PriceRow& row : e.scenario.prices) {
        const auto ahead = std::chrono::seconds(std::llround(row.years * kDaysPerYear * 86'400.0));
        const DateTime time = e.day.market.has_time ? e.day.market.time + ahead : DateTime{};
        quotes.push_back(quote(e, row.name, row.type, row.strike, {row.years, row.years, time}));
    }
    return quotes;
}

}  // namespace volstorm

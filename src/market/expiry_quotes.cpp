#include "volstorm/market/expiry_quotes.h"

#include <algorithm>
#include <cmath>

#include "volstorm/market/calendar.h"
#include "volstorm/market/parity.h"

namespace volstorm {

std::optional<double> years_ahead(DateTime time, DateTime settlement, const SessionClock& clock) {
    if (settlement <= time || !in_calendar(date_of(settlement))) return std::nullopt;
    try {
        const double years = clock.between(time, settlement).value;
        return years > 0.0 ? std::optional(years) : std::nullopt;
    } catch (const OutsideCalendar&) {
        return std::nullopt;
    }
}

namespace {

// Prices and vols of a quote; nothing where it is none to use.
std::optional<OptionQuote> usable_quote(double strike, OptionType type, double bid, double ask, double forward,
                                        double years) {
    OptionQuote q{strike, type, bid, ask, 0.0, 0.0, 0.0, 0.0};
    if (!(bid > 0.0 && ask > bid)) return std::nullopt;
    const double root = std::sqrt(years);
    const auto vol = [&](double price) { return black_implied_stdev(type, forward, strike, price) / root; };
    q.bid_vol = vol(bid), q.mid_vol = vol(q.mid()), q.ask_vol = vol(ask);
    if (!(q.bid_vol > 0.0 && std::isfinite(q.ask_vol))) return std::nullopt;
    q.vega = black_vega(forward, strike, q.mid_vol * root) * root;
    return q;
}

ExpiryQuotes from_chain(const ChainExpiry& listed, ChainFamily family, double years, double discount) {
    ExpiryQuotes expiry{
        family, listed.root + " " + to_string(settlement_time(listed)), settlement_time(listed), years, 0.0, 0.0, {}};
    const std::optional<ParityForward> forward = parity_forward(listed);
    if (!forward) return expiry;
    expiry.forward = forward->forward;
    expiry.forward_half_width = 0.5 * (forward->ask - forward->bid);
    for (const ChainRow& row : listed.rows) {
        const OptionType type = row.strike < forward->forward ? OptionType::put : OptionType::call;
        const BidAsk& side = type == OptionType::put ? row.put : row.call;
        const auto quote =
            usable_quote(row.strike, type, side.bid / discount, side.ask / discount, forward->forward, years);
        if (quote) expiry.quotes.push_back(*quote);
    }
    return expiry;
}

ExpiryQuotes from_vols(const VolTenor& tenor, ChainFamily family, DateTime settlement, double years) {
    ExpiryQuotes expiry{family, tenor.name + " " + to_string(settlement), settlement, years, tenor.forward, 0.0, {}};
    for (const VolQuote& vol : tenor.quotes) {
        const bool is_out = (vol.type == OptionType::put) == (vol.strike < tenor.forward);
        if (!is_out) continue;
        const auto price = [&](double v) {
            return black_price(vol.type, tenor.forward, vol.strike, v * std::sqrt(tenor.years));
        };
        const auto quote =
            usable_quote(vol.strike, vol.type, price(vol.bid_vol), price(vol.ask_vol), tenor.forward, years);
        if (quote) expiry.quotes.push_back(*quote);
    }
    std::ranges::sort(expiry.quotes, {}, &OptionQuote::strike);
    return expiry;
}

}  // namespace

std::vector<ExpiryQuotes> expiries_ahead(const QuoteSource& source, ChainFamily family, DateTime time,
                                         const SessionClock& clock, std::optional<double> rate) {
    std::vector<ExpiryQuotes> expiries;
    if (const auto* chain = std::get_if<OptionChain>(&source)) {
        const double implied = rate ? *rate : implied_rate(*chain, time).value_or(0.0);
        for (const ChainExpiry& listed : chain->expiries) {
            const DateTime settlement = settlement_time(listed);
            const auto years = years_ahead(time, settlement, clock);
            if (!years) continue;
            const double discount = std::exp(-implied * calendar_time(time, settlement).value);
            expiries.push_back(from_chain(listed, family, *years, discount));
        }
    } else {
        for (const VolTenor& tenor : std::get<VolQuotes>(source).tenors) {
            const auto ahead = std::chrono::seconds(std::llround(tenor.years * kDaysPerYear * 86'400.0));
            const auto years = years_ahead(time, time + ahead, clock);
            if (years) expiries.push_back(from_vols(tenor, family, time + ahead, *years));
        }
    }
    std::ranges::sort(expiries, {}, &ExpiryQuotes::settlement);
    return expiries;
}

}  // namespace volstorm

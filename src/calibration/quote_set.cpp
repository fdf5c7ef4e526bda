#include "volstorm/calibration/quote_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "volstorm/core/error.h"
#include "volstorm/core/text.h"
#include "volstorm/market/calendar.h"
#include "volstorm/market/chain_smile.h"
#include "volstorm/market/parity.h"

namespace volstorm {
namespace {

constexpr double kLeastVixShare = 0.2, kMostVixShare = 4.0;  // of VIX: where its futures can stand
constexpr std::size_t kFewestQuotes = 5;                     // of an expiry that is fitted

std::string date_text(Date date) { return to_string(at(date, 0, 0)).substr(0, 10); }

// Prices and vols of a quote; nothing where it is not one to fit.
std::optional<FitQuote> fit_quote(double strike, OptionType type, double bid, double ask, double forward,
                                  double years) {
    FitQuote q{strike, type, bid, ask, 0.0, 0.0, 0.0, 0.0};
    if (!(bid > 0.0 && ask > bid)) return std::nullopt;
    const double root = std::sqrt(years);
    const auto vol = [&](double price) { return black_implied_stdev(type, forward, strike, price) / root; };
    q.bid_vol = vol(bid), q.mid_vol = vol(q.mid()), q.ask_vol = vol(ask);
    if (!(q.bid_vol > 0.0 && std::isfinite(q.ask_vol))) return std::nullopt;
    q.vega = black_vega(forward, strike, q.mid_vol * root) * root;
    return q;
}

// At most `most` of them, spread evenly; the first and the last stay.
template <class T>
std::vector<T> thinned(const std::vector<T>& all, std::size_t most) {
    if (all.size() <= most) return all;
    std::vector<T> some;
    for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * (all.size() - 1) / (most - 1)]);
    return some;
}

// The vol of the quote nearest to the forward sets what is near.
void keep_near(FitExpiry& expiry, const QuoteSelection& selection) {
    if (expiry.quotes.empty()) return;
    const auto distance = [&](const FitQuote& q) { return std::abs(std::log(q.strike / expiry.forward)); };
    const FitQuote& nearest = *std::ranges::min_element(expiry.quotes, {}, distance);
    const double reach = selection.reach * nearest.mid_vol * std::sqrt(expiry.years);
    std::erase_if(expiry.quotes, [&](const FitQuote& q) { return distance(q) > reach; });
    expiry.quotes = thinned(expiry.quotes, selection.strikes);
}

FitExpiry from_chain(const ChainExpiry& listed, ChainFamily family, double years, double discount) {
    FitExpiry expiry{
        family, listed.root + " " + to_string(settlement_time(listed)), settlement_time(listed), years, 0.0, 0.0, {}};
    const std::optional<ParityForward> forward = parity_forward(listed);
    if (!forward) return expiry;
    expiry.forward = forward->forward;
    expiry.forward_half_width = 0.5 * (forward->ask - forward->bid);
    for (const ChainRow& row : listed.rows) {
        const OptionType type = row.strike < forward->forward ? OptionType::put : OptionType::call;
        const BidAsk& side = type == OptionType::put ? row.put : row.call;
        const auto quote =
            fit_quote(row.strike, type, side.bid / discount, side.ask / discount, forward->forward, years);
        if (quote) expiry.quotes.push_back(*quote);
    }
    return expiry;
}

FitExpiry from_vols(const VolTenor& tenor, ChainFamily family, DateTime settlement, double years) {
    FitExpiry expiry{family, tenor.name + " " + to_string(settlement), settlement, years, tenor.forward, 0.0, {}};
    for (const VolQuote& vol : tenor.quotes) {
        const bool is_out = (vol.type == OptionType::put) == (vol.strike < tenor.forward);
        if (!is_out) continue;
        const auto price = [&](double v) {
            return black_price(vol.type, tenor.forward, vol.strike, v * std::sqrt(tenor.years));
        };
        const auto quote =
            fit_quote(vol.strike, vol.type, price(vol.bid_vol), price(vol.ask_vol), tenor.forward, years);
        if (quote) expiry.quotes.push_back(*quote);
    }
    std::ranges::sort(expiry.quotes, {}, &FitQuote::strike);
    return expiry;
}

// Session time to a settlement; nothing where it has passed or the calendar does not reach.
std::optional<double> years_to(DateTime time, DateTime settlement, const SessionClock& clock) {
    if (settlement <= time || !in_calendar(date_of(settlement))) return std::nullopt;
    try {
        const double years = clock.between(time, settlement).value;
        return years > 0.0 ? std::optional(years) : std::nullopt;
    } catch (const OutsideCalendar&) {
        return std::nullopt;
    }
}

// Every expiry of a file that lies ahead.
std::vector<FitExpiry> all_of(const QuoteSource& source, ChainFamily family, DateTime time, const SessionClock& clock) {
    std::vector<FitExpiry> expiries;
    if (const auto* chain = std::get_if<OptionChain>(&source)) {
        const double rate = implied_rate(*chain, time).value_or(0.0);
        for (const ChainExpiry& listed : chain->expiries) {
            const DateTime settlement = settlement_time(listed);
            const auto years = years_to(time, settlement, clock);
            if (!years) continue;
            const double discount = std::exp(-rate * calendar_time(time, settlement).value);
            expiries.push_back(from_chain(listed, family, *years, discount));
        }
    } else {
        for (const VolTenor& tenor : std::get<VolQuotes>(source).tenors) {
            const auto ahead = std::chrono::seconds(std::llround(tenor.years * kDaysPerYear * 86'400.0));
            const auto years = years_to(time, time + ahead, clock);
            if (years) expiries.push_back(from_vols(tenor, family, time + ahead, *years));
        }
    }
    std::ranges::sort(expiries, {}, &FitExpiry::settlement);
    return expiries;
}

std::string file_of(const QuoteSource& source) {
    return std::visit([](const auto& quotes) { return quotes.file; }, source);
}

// Is the expiry next to an event, on either side?
bool beside_event(const std::vector<FitExpiry>& all, std::size_t i, const std::vector<Event>& events) {
    return std::ranges::any_of(events, [&](const Event& event) {
        const bool before = event.time <= all[i].settlement;
        return before ? i > 0 && event.time > all[i - 1].settlement
                      : i + 1 < all.size() && event.time <= all[i + 1].settlement;
    });
}

// At most `most`, spread evenly over the root of time; those beside an event stay as long as others can go.
std::vector<FitExpiry> spread(std::vector<FitExpiry> all, std::size_t most, const std::vector<Event>& events,
                              std::vector<std::string>& left_out) {
    while (all.size() > most) {
        // The one whose neighbours lie nearest to each other goes; the first and the last stay.
        const auto cost = [&](std::size_t i) {
            const double gap = std::sqrt(all[i + 1].years) - std::sqrt(all[i - 1].years);
            return std::pair(beside_event(all, i, events), gap);
        };
        std::size_t least = 1;
        for (std::size_t i = 2; i + 1 < all.size(); ++i) least = cost(i) < cost(least) ? i : least;
        left_out.push_back(all[least].name + ": others near it are fitted");
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(least));
    }
    return all;
}

// Futures that are known stand in place of parity's.
void set_futures(QuoteSet& set, const SessionClock& clock, const QuoteSelection& selection) {
    for (const auto& [date, points] : selection.vix_futures) {
        const DateTime settlement = at(date, 9, 30);
        if (!(points > kLeastVixShare * set.vix && points < kMostVixShare * set.vix))
            throw InputError({"--vix-futures"}, fmt::format("{}: {:g} is no VIX future, for VIX is {:g}",
                                                            date_text(date), points, set.vix));
        bool known = false;
        for (FitExpiry& expiry : set.expiries) {
            if (expiry.family != ChainFamily::vix || date_of(expiry.settlement) != date) continue;
            expiry.forward = points, expiry.forward_half_width = 0.0;
            known = true;
        }
        if (known) continue;
        const auto years = years_to(set.time, settlement, clock);
        if (!years) throw InputError({"--vix-futures"}, date_text(date) + " is not ahead of " + to_string(set.time));
        set.expiries.push_back(
            {ChainFamily::vix, "VIX future " + to_string(settlement), settlement, *years, points, 0.0, {}});
    }
    std::ranges::stable_sort(set.expiries, {}, [](const FitExpiry& e) { return std::pair(e.family, e.settlement); });
}

// Keeps the expiries that were asked for by date.
std::vector<FitExpiry> named(std::vector<FitExpiry> all, const std::vector<Date>& dates, const std::string& file) {
    for (const Date date : dates) {
        const auto has_date = [&](const FitExpiry& e) { return date_of(e.settlement) == date; };
        if (std::ranges::none_of(all, has_date))
            throw InputError({file}, "has no expiry of " + date_text(date) + " that lies ahead");
    }
    std::erase_if(all,
                  [&](const FitExpiry& e) { return std::ranges::find(dates, date_of(e.settlement)) == dates.end(); });
    return all;
}

void add_family(QuoteSet& set, const QuoteSource& source, ChainFamily family, const SessionClock& clock,
                const QuoteSelection& selection) {
    const bool is_spx = family == ChainFamily::spx;
    const std::string file = file_of(source);
    const auto* chain = std::get_if<OptionChain>(&source);
    if (chain != nullptr && chain->family != family)
        throw InputError({file}, fmt::format("holds options of {}; those of {} belong here", is_spx ? "VIX" : "SPX",
                                             is_spx ? "SPX" : "VIX"));
    std::vector<FitExpiry> all = all_of(source, family, set.time, clock);
    const std::vector<Date>& dates = is_spx ? selection.spx_dates : selection.vix_dates;
    if (!dates.empty()) all = named(std::move(all), dates, file);
    for (const FitExpiry& expiry : all) {
        const bool is_vix = expiry.forward > kLeastVixShare * set.vix && expiry.forward < kMostVixShare * set.vix;
        if (!expiry.quotes.empty() && is_vix == is_spx)
            throw InputError({file}, fmt::format("holds no options of {}: {} has a forward of {:g}, VIX is {:g}",
                                                 is_spx ? "SPX" : "VIX", expiry.name, expiry.forward, set.vix));
    }
    std::vector<FitExpiry> usable;
    for (FitExpiry& expiry : all) {
        const int days = is_spx ? selection.spx_days : selection.vix_days;
        if (dates.empty() && expiry.settlement > set.time + std::chrono::days(days)) continue;
        keep_near(expiry, selection);
        if (expiry.quotes.size() >= kFewestQuotes) {
            usable.push_back(std::move(expiry));
        } else {
            set.left_out.push_back(
                fmt::format("{}: {} quotes, fewer than {}", expiry.name, expiry.quotes.size(), kFewestQuotes));
        }
    }
    if (usable.empty())
        throw InputError({file}, fmt::format("has no expiry to fit: none ahead of {} with at least {} quotes",
                                             to_string(set.time), kFewestQuotes));
    const std::size_t most = is_spx ? selection.spx_expiries : selection.vix_expiries;
    if (dates.empty())
        usable = spread(std::move(usable), most, is_spx ? set.events : std::vector<Event>{}, set.left_out);
    std::ranges::move(usable, std::back_inserter(set.expiries));
}

}  // namespace

std::size_t QuoteSet::quotes() const {
    return std::accumulate(expiries.begin(), expiries.end(), std::size_t{0},
                           [](std::size_t sum, const FitExpiry& e) { return sum + e.quotes.size(); });
}

QuoteSet select_quotes(const QuoteSource& spx, const QuoteSource& vix, DateTime time, double vix_level,
                       const std::vector<Event>& events, const SessionClock& clock, const QuoteSelection& selection) {
    QuoteSet set;
    set.time = time;
    set.vix = vix_level;
    for (const Event& event : events) {
        if (event.time <= time) continue;
        set.events.push_back(event);
        set.event_years.push_back(clock.between(time, event.time).value);
    }
    add_family(set, spx, ChainFamily::spx, clock, selection);
    add_family(set, vix, ChainFamily::vix, clock, selection);
    set_futures(set, clock, selection);
    return set;
}

}  // namespace volstorm

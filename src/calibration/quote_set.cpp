#include "volstorm/calibration/quote_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "volstorm/core/error.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

constexpr double kLeastVixShare = 0.2, kMostVixShare = 4.0;  // of VIX: where its futures can stand
constexpr std::size_t kFewestQuotes = 5;                     // of an expiry that is fitted

std::string date_text(Date date) { return to_string(at(date, 0, 0)).substr(0, 10); }

// At most `most` of them, spread evenly; the first and the last stay.
template <class T>
std::vector<T> thinned(const std::vector<T>& all, std::size_t most) {
    if (all.size() <= most) return all;
    std::vector<T> some;
    for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * (all.size() - 1) / (most - 1)]);
    return some;
}

// The vol of the quote nearest to the forward sets what is near.
void keep_near(ExpiryQuotes& expiry, const QuoteSelection& selection) {
    if (expiry.quotes.empty()) return;
    const auto distance = [&](const OptionQuote& q) { return std::abs(std::log(q.strike / expiry.forward)); };
    const OptionQuote& nearest = *std::ranges::min_element(expiry.quotes, {}, distance);
    const double reach = selection.reach * nearest.mid_vol * std::sqrt(expiry.years);
    std::erase_if(expiry.quotes, [&](const OptionQuote& q) { return distance(q) > reach; });
    expiry.quotes = thinned(expiry.quotes, selection.strikes);
}

std::string file_of(const QuoteSource& source) {
    return std::visit([](const auto& quotes) { return quotes.file; }, source);
}

// Is the expiry next to an event, on either side?
bool beside_event(const std::vector<ExpiryQuotes>& all, std::size_t i, const std::vector<Event>& events) {
    return std::ranges::any_of(events, [&](const Event& event) {
        const bool before = event.time <= all[i].settlement;
        return before ? i > 0 && event.time > all[i - 1].settlement
                      : i + 1 < all.size() && event.time <= all[i + 1].settlement;
    });
}

// At most `most`, spread evenly over the root of time; those beside an event stay as long as others can go.
std::vector<ExpiryQuotes> spread(std::vector<ExpiryQuotes> all, std::size_t most, const std::vector<Event>& events,
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
        for (ExpiryQuotes& expiry : set.expiries) {
            if (expiry.family != ChainFamily::vix || date_of(expiry.settlement) != date) continue;
            expiry.forward = points, expiry.forward_half_width = 0.0;
            known = true;
        }
        if (known) continue;
        const auto years = years_ahead(set.time, settlement, clock);
        if (!years) throw InputError({"--vix-futures"}, date_text(date) + " is not ahead of " + to_string(set.time));
        set.expiries.push_back(
            {ChainFamily::vix, "VIX future " + to_string(settlement), settlement, *years, points, 0.0, {}});
    }
    std::ranges::stable_sort(set.expiries, {}, [](const ExpiryQuotes& e) { return std::pair(e.family, e.settlement); });
}

// Keeps the expiries that were asked for by date.
std::vector<ExpiryQuotes> named(std::vector<ExpiryQuotes> all, const std::vector<Date>& dates,
                                const std::string& file) {
    for (const Date date : dates) {
        const auto has_date = [&](const ExpiryQuotes& e) { return date_of(e.settlement) == date; };
        if (std::ranges::none_of(all, has_date))
            throw InputError({file}, "has no expiry of " + date_text(date) + " that lies ahead");
    }
    std::erase_if(
        all, [&](const ExpiryQuotes& e) { return std::ranges::find(dates, date_of(e.settlement)) == dates.end(); });
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
    std::vector<ExpiryQuotes> all = expiries_ahead(source, family, set.time, clock);
    const std::vector<Date>& dates = is_spx ? selection.spx_dates : selection.vix_dates;
    if (!dates.empty()) all = named(std::move(all), dates, file);
    for (const ExpiryQuotes& expiry : all) {
        const bool is_vix = expiry.forward > kLeastVixShare * set.vix && expiry.forward < kMostVixShare * set.vix;
        if (!expiry.quotes.empty() && is_vix == is_spx)
            throw InputError({file}, fmt::format("holds no options of {}: {} has a forward of {:g}, VIX is {:g}",
                                                 is_spx ? "SPX" : "VIX", expiry.name, expiry.forward, set.vix));
    }
    std::vector<ExpiryQuotes> usable;
    for (ExpiryQuotes& expiry : all) {
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
                           [](std::size_t sum, const ExpiryQuotes& e) { return sum + e.quotes.size(); });
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

#include "volstorm/market/arbitrage.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "convex_hull.h"
#include "volstorm/market/clock.h"
#include "volstorm/market/parity.h"

namespace volstorm {
namespace {

constexpr double kLeastPoints = 0.005;
constexpr double kRateDoubt = 0.01;

struct RateRange {
    double low = kLowestRate, high = kHighestRate;

    double largest_discount(CalendarYears t) const { return std::exp(-low * t.value); }
    double smallest_discount(CalendarYears t) const { return std::exp(-high * t.value); }
};

RateRange believed_rates(const OptionChain& chain, DateTime quote_time) {
    const std::optional<double> rate = implied_rate(chain, quote_time);
    return rate ? RateRange{*rate - kRateDoubt, *rate + kRateDoubt} : RateRange{};
}

/// The quoted options of one type, in an order in which their price falls: x is the strike of a call, minus that of a
/// put.
struct Side {
    OptionType type;
    std::vector<double> x, bid, ask;

    Side(const ChainExpiry& expiry, OptionType option) : type(option) {
        for (const ChainRow& row : expiry.rows) add(row);
        if (type == OptionType::call) return;
        for (auto* values : {&x, &bid, &ask}) std::ranges::reverse(*values);
    }
    double sign() const { return type == OptionType::call ? 1.0 : -1.0; }

 private:
    void add(const ChainRow& row) {
        const BidAsk& quote = type == OptionType::call ? row.call : row.put;
        if (!quote.is_quoted()) return;
        x.push_back(sign() * row.strike);
        bid.push_back(quote.bid);
        ask.push_back(quote.ask);
    }
};

/// The synthetic forwards C - P that the strikes with both quotes sell and buy.
struct Synthetic {
    double strike, bid, ask;
};

std::vector<Synthetic> synthetics(const ChainExpiry& expiry) {
    std::vector<Synthetic> all;
    for (const ChainRow& row : expiry.rows)
        if (row.call.is_quoted() && row.put.is_quoted())
            all.push_back({row.strike, row.call.bid - row.put.ask, row.call.ask - row.put.bid});
    return all;
}

/// An expiry that has not settled, with what the checks need of it.
struct Live {
    std::size_t index;
    const ChainExpiry* expiry;
    CalendarYears years;
    std::optional<ParityForward> forward;
    Side calls, puts;
};

std::vector<Live> live_expiries(const OptionChain& chain, DateTime quote_time) {
    std::vector<Live> live;
    for (std::size_t i = 0; i < chain.expiries.size(); ++i) {
        const ChainExpiry& e = chain.expiries[i];
        const CalendarYears years = calendar_time(quote_time, settlement_time(e));
        if (years.value > 0.0)
            live.push_back({i, &e, years, parity_forward(e), Side(e, OptionType::call), Side(e, OptionType::put)});
    }
    return live;
}

/// Collects what is large enough.
class Finder {
 public:
    void add(ViolationKind kind, const Live& live, OptionType type, std::vector<double> strikes, double points) {
        if (!(points > kLeastPoints)) return;
        if (kind != ViolationKind::calendar) std::ranges::sort(strikes);
        found_.push_back({kind, live.index, live.index, type, std::move(strikes), points});
    }
    void add_calendar(const Live& live, const Live& later, OptionType type, double strike, double later_strike,
                      double points) {
        add(ViolationKind::calendar, live, type, {strike, later_strike}, points);
        if (points > kLeastPoints) found_.back().later_expiry = later.index;
    }
    std::vector<Violation> sorted() && {
        std::ranges::sort(found_, [](const Violation& a, const Violation& b) {
            return std::tie(b.points, a.expiry, a.kind, a.type, a.strikes) <
                   std::tie(a.points, b.expiry, b.kind, b.type, b.strikes);
        });
        return std::move(found_);
    }

 private:
    std::vector<Violation> found_;
};

void find_crossed(const Live& live, Finder& finder) {
    for (const ChainRow& row : live.expiry->rows)
        for (const auto& [type, quote] : {std::pair(OptionType::call, row.call), std::pair(OptionType::put, row.put)})
            if (quote.is_crossed()) finder.add(ViolationKind::crossed, live, type, {row.strike}, quote.bid - quote.ask);
}

/// D (F - K) of a strike, from the one nearest to the money: C - P there, plus D (K0 - K).
void find_parity(const Live& live, const RateRange& rates, Finder& finder) {
    if (!live.forward) return;
    const double low = rates.smallest_discount(live.years), high = rates.largest_discount(live.years);
    const double bid0 = live.forward->bid - live.forward->strike, ask0 = live.forward->ask - live.forward->strike;
    for (const Synthetic& s : synthetics(*live.expiry)) {
        const double step = live.forward->strike - s.strike;
        const double most = ask0 + std::max(low * step, high * step), least = bid0 + std::min(low * step, high * step);
        finder.add(ViolationKind::parity, live, OptionType::call, {s.strike, live.forward->strike},
                   std::max(s.bid - most, least - s.ask));
    }
}

/// For each strike the best box with a higher one: sold above the largest discount of their distance, or bought below
/// the smallest.
void find_boxes(const Live& live, Finder& finder) {
    const double low = RateRange{}.smallest_discount(live.years), high = RateRange{}.largest_discount(live.years);
    std::vector<Synthetic> all = synthetics(*live.expiry);
    std::ranges::reverse(all);
    struct Best {
        double value, strike;
    };
    Best cheapest{std::numeric_limits<double>::infinity(), 0.0}, dearest{-cheapest.value, 0.0};
    for (const Synthetic& s : all) {
        const double sold = s.bid + high * s.strike - cheapest.value, bought = dearest.value - s.ask - low * s.strike;
        if (sold >= bought) {
            finder.add(ViolationKind::box, live, OptionType::call, {s.strike, cheapest.strike}, sold);
        } else {
            finder.add(ViolationKind::box, live, OptionType::call, {s.strike, dearest.strike}, bought);
        }
        if (s.ask + high * s.strike < cheapest.value) cheapest = {s.ask + high * s.strike, s.strike};
        if (s.bid + low * s.strike > dearest.value) dearest = {s.bid + low * s.strike, s.strike};
    }
}

/// A later x sold above the ask of an earlier one; or an earlier one sold, a later bought, for more than their
/// distance.
void find_verticals(const Live& live, const Side& side, Finder& finder) {
    const auto strike = [&](std::size_t i) { return std::abs(side.x[i]); };
    std::size_t cheapest = 0;
    for (std::size_t i = 1; i < side.x.size(); ++i) {
        finder.add(ViolationKind::vertical, live, side.type, {strike(cheapest), strike(i)},
                   side.bid[i] - side.ask[cheapest]);
        if (side.ask[i] < side.ask[cheapest]) cheapest = i;
    }
    const double discount = RateRange{}.largest_discount(live.years);
    const auto cost = [&](std::size_t i) { return side.ask[i] + discount * side.x[i]; };
    std::size_t least = side.x.empty() ? 0 : side.x.size() - 1;
    for (std::size_t i = least; i-- > 0;) {
        finder.add(ViolationKind::vertical, live, side.type, {strike(i), strike(least)},
                   side.bid[i] + discount * side.x[i] - cost(least));
        if (cost(i) < cost(least)) least = i;
    }
}

void find_butterflies(const Live& live, const Side& side, Finder& finder) {
    const LowerHull hull(side.x, side.ask);
    for (std::size_t i = 0; i < side.x.size(); ++i)
        if (const auto wings = hull.at(side.x[i]))
            finder.add(ViolationKind::butterfly, live, side.type,
                       {std::abs(wings->left), std::abs(side.x[i]), std::abs(wings->right)}, side.bid[i] - wings->y);
}

/// A later expiry as a hedge of an earlier one: F1 / F2 of its options at K F2 / F1 are worth at least as much.
struct LaterHedge {
    const Live* later;
    LowerHull hull;
    double ratio;  // F2 / F1, on the side that makes the hedge dear
    double carry;  // D1 / D2, the largest
};

/// For each strike the later expiry that pays best.
void find_calendars(const Live& live, const Side& side, const std::vector<LaterHedge>& hedges, Finder& finder) {
    for (std::size_t i = 0; i < side.x.size(); ++i) {
        const LaterHedge* best = nullptr;
        double most = 0.0;
        for (const LaterHedge& hedge : hedges) {
            const auto cost = hedge.hull.at(side.x[i] * hedge.ratio);
            if (!cost || side.bid[i] - cost->y / hedge.ratio * hedge.carry <= most) continue;
            most = side.bid[i] - cost->y / hedge.ratio * hedge.carry;
            best = &hedge;
        }
        if (best)
            finder.add_calendar(live, *best->later, side.type, std::abs(side.x[i]), std::abs(side.x[i]) * best->ratio,
                                most);
    }
}

std::vector<LaterHedge> later_hedges(const std::vector<Live>& all, std::size_t first, OptionType type,
                                     const RateRange& rates) {
    std::vector<LaterHedge> hedges;
    const auto& own = all[first].forward;
    for (std::size_t i = first + 1; own && i < all.size(); ++i) {
        const Live& later = all[i];
        if (!later.forward || later.years.value <= all[first].years.value) continue;
        const Side& side = type == OptionType::call ? later.calls : later.puts;
        const double ratio = type == OptionType::call ? later.forward->bid / own->ask : later.forward->ask / own->bid;
        const double carry = std::exp(rates.high * (later.years - all[first].years).value);
        if (ratio > 0.0 && std::isfinite(ratio)) hedges.push_back({&later, LowerHull(side.x, side.ask), ratio, carry});
    }
    return hedges;
}

}  // namespace

std::string_view name_of(ViolationKind kind) {
    switch (kind) {
        case ViolationKind::crossed:
            return "crossed";
        case ViolationKind::parity:
            return "parity";
        case ViolationKind::box:
            return "box";
        case ViolationKind::vertical:
            return "vertical";
        case ViolationKind::butterfly:
            return "butterfly";
        case ViolationKind::calendar:
            return "calendar";
    }
    return "";
}

std::vector<Violation> find_violations(const OptionChain& chain, DateTime quote_time) {
    const std::vector<Live> all = live_expiries(chain, quote_time);
    const RateRange rates = believed_rates(chain, quote_time);
    Finder finder;
    for (std::size_t i = 0; i < all.size(); ++i) {
        find_crossed(all[i], finder);
        find_parity(all[i], rates, finder);
        find_boxes(all[i], finder);
        for (const Side* side : {&all[i].calls, &all[i].puts}) {
            find_verticals(all[i], *side, finder);
            find_butterflies(all[i], *side, finder);
            if (chain.family == ChainFamily::spx)
                find_calendars(all[i], *side, later_hedges(all, i, side->type, rates), finder);
        }
    }
    return std::move(finder).sorted();
}

}  // namespace volstorm

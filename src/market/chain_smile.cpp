#include "volstorm/market/chain_smile.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "volstorm/market/calendar.h"
#include "volstorm/market/clock.h"

namespace volstorm {
namespace {

const BidAsk& side(const ChainRow& row, OptionType type) { return type == OptionType::call ? row.call : row.put; }

OptionType out_of_the_money(double strike, double forward) {
    return strike >= forward ? OptionType::call : OptionType::put;
}

std::optional<SmileStrike> smile_strike(const ChainRow& row, OptionType type, const SmileBasis& basis) {
    const double stdev = mid_stdev(side(row, type), type, row.strike, basis);
    if (std::isnan(stdev)) return std::nullopt;
    return SmileStrike{row.strike, stdev, std::abs(black_delta(type, basis.forward, row.strike, stdev))};
}

const ChainRow* find_row(const ChainExpiry& expiry, double strike) {
    const auto row = std::ranges::lower_bound(expiry.rows, strike, {}, &ChainRow::strike);
    return row != expiry.rows.end() && row->strike == strike ? &*row : nullptr;
}

/// The credit of one vertical spread.
std::optional<CondorCredit> spread_credit(const ChainExpiry& expiry, OptionType type, double sold, double bought) {
    const ChainRow *short_row = find_row(expiry, sold), *long_row = find_row(expiry, bought);
    if (!short_row || !long_row) return std::nullopt;
    const BidAsk &short_leg = side(*short_row, type), &long_leg = side(*long_row, type);
    if (!short_leg.is_quoted() || !long_leg.is_quoted()) return std::nullopt;
    return CondorCredit{short_leg.bid - long_leg.ask, short_leg.mid() - long_leg.mid()};
}

}  // namespace

double mid_stdev(const BidAsk& quote, OptionType type, double strike, const SmileBasis& basis) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    if (!quote.is_quoted()) return kNone;
    const double stdev = black_implied_stdev(type, basis.forward, strike, quote.mid() / basis.discount);
    return stdev > 0.0 && std::isfinite(stdev) ? stdev : kNone;
}

std::optional<SmileStrike> at_the_money(const ChainExpiry& expiry, const SmileBasis& basis) {
    std::optional<SmileStrike> nearest;
    for (const ChainRow& row : expiry.rows) {
        if (nearest && std::abs(row.strike - basis.forward) >= std::abs(nearest->strike - basis.forward)) continue;
        const auto point = smile_strike(row, out_of_the_money(row.strike, basis.forward), basis);
        if (point) nearest = point;
    }
    return nearest;
}

std::optional<SmileStrike> strike_near_delta(const ChainExpiry& expiry, OptionType type, double delta,
                                             const SmileBasis& basis) {
    std::optional<SmileStrike> nearest;
    bool below = false, above = false;
    for (const ChainRow& row : expiry.rows) {
        if (out_of_the_money(row.strike, basis.forward) != type) continue;
        const auto point = smile_strike(row, type, basis);
        if (!point) continue;
        below = below || point->delta <= delta;
        above = above || point->delta >= delta;
        if (!nearest || std::abs(point->delta - delta) < std::abs(nearest->delta - delta)) nearest = point;
    }
    return below && above ? nearest : std::nullopt;
}

std::optional<CondorCredit> condor_credit(const ChainExpiry& expiry, double short_put, double short_call, double wing) {
    const auto puts = spread_credit(expiry, OptionType::put, short_put, short_put - wing);
    const auto calls = spread_credit(expiry, OptionType::call, short_call, short_call + wing);
    if (!puts || !calls) return std::nullopt;
    return CondorCredit{puts->at_quotes + calls->at_quotes, puts->at_mid + calls->at_mid};
}

std::optional<SessionYears> session_time(DateTime quote_time, const ChainExpiry& expiry) {
    const DateTime end = settlement_time(expiry);
    if (!in_calendar(date_of(quote_time)) || !in_calendar(date_of(end))) return std::nullopt;
    try {
        return SessionClock().between(quote_time, end);
    } catch (const OutsideCalendar&) {  // before the first open or after the last close
        return std::nullopt;
    }
}

}  // namespace volstorm

#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "volstorm/core/civil_time.h"
#include "volstorm/market/chain.h"
#include "volstorm/math/black.h"

namespace volstorm {

/// What a quote can break. All but `crossed` are trades that pay at the quotes, options bought at the ask and sold at
/// the bid, and cost nothing later; forwards and money by the quotes too, see find_violations().
enum class ViolationKind {
    crossed,    // a bid above its own ask
    parity,     // call and put of a strike against a forward traded at the strike nearest to the money
    box,        // two strikes' calls and puts: money lent or borrowed at a rate outside -1 % to 10 %
    vertical,   // a spread that pays more than nothing, or costs more than it can ever pay
    butterfly,  // an option sold above what its neighbours cost in the middle
    calendar,   // an option sold above what a later one of the same forward-moneyness costs
};
std::string_view name_of(ViolationKind kind);

struct Violation {
    ViolationKind kind = ViolationKind::crossed;
    std::size_t expiry = 0, later_expiry = 0;  // in OptionChain::expiries; the later one: of a calendar, else the same
    OptionType type = OptionType::call;        // of a crossed quote, vertical, butterfly or calendar
    std::vector<double> strikes;               // points, ascending; of a calendar the earlier, then the later expiry's
    double points = 0.0;                       // what one unit of the trade brings
};

/// All that break one of the bounds by more than 0.005 points at `quote_time`, the largest first, at most one for each
/// kind, option type and strike (the worst). Expiries that have settled are left out.
/// Parity and calendars take the rate within 1 % of implied_rate(), or within -1 % to 10 % where the chain implies
/// none; verticals and boxes take -1 % to 10 %. A calendar takes the worse side of both forwards at the strikes nearest
/// to the money, supposes dividends in proportion to the index, and is for SPX alone: each VIX expiry has its own
/// underlying. Bounds: Merton (1973); the lower convex hull of the asks gives the cheapest butterfly and the cheapest
/// later option.
std::vector<Violation> find_violations(const OptionChain& chain, DateTime quote_time);

}  // namespace volstorm

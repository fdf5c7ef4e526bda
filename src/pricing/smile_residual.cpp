#include "volstorm/pricing/smile_residual.h"

#include <algorithm>
#include <cmath>

#include "volstorm/pricing/day.h"
#include "volstorm/pricing/vix_surface.h"

namespace volstorm {
namespace {

constexpr double kLeastPrice = 1e-8;  // share of the forward from which a vol is read
constexpr double kPrecision = 1e-9;   // of the model's prices, in units of the forward
constexpr double kSame = 1e-6;        // in moneyness

// What a vol is read from: the price itself, unless it is next to nothing.
double readable(double price) { return std::max(price, kLeastPrice); }

OptionType side_of(double moneyness) { return moneyness < 0.0 ? OptionType::put : OptionType::call; }

}  // namespace

SmileResidual::SmileResidual(double basis, double years, std::vector<Node> nodes)
    : log_basis_(std::log(basis)), years_(years), nodes_(std::move(nodes)), slopes_(nodes_.size(), 0.0) {
    for (std::size_t i = 1; i + 1 < nodes_.size(); ++i) {
        const double left = slope(nodes_[i - 1], nodes_[i]), right = slope(nodes_[i], nodes_[i + 1]);
        if (left * right > 0.0) slopes_[i] = 2.0 * left * right / (left + right);
    }
}

double SmileResidual::slope(const Node& a, const Node& b) { return (b.ratio - a.ratio) / (b.moneyness - a.moneyness); }

double SmileResidual::basis(double years_left) const { return std::exp(log_basis_ * years_left / years_); }

double SmileResidual::factor(double moneyness) const { return std::exp(ratio(moneyness)); }

double SmileResidual::ratio(double moneyness) const {
    if (nodes_.empty()) return 0.0;
    const auto above = std::ranges::upper_bound(nodes_, moneyness, {}, &Node::moneyness);
    if (above == nodes_.begin()) return nodes_.front().ratio;
    if (above == nodes_.end()) return nodes_.back().ratio;
    const Node &a = *(above - 1), &b = *above;
    const auto i = static_cast<std::size_t>(above - nodes_.begin());
    const double width = b.moneyness - a.moneyness, t = (moneyness - a.moneyness) / width, s = 1.0 - t;
    const double bend = s * (slopes_[i - 1] - slope(a, b)) - t * (slopes_[i] - slope(a, b));
    return s * a.ratio + t * b.ratio + t * s * width * bend;
}

SmileResidual SmileResidual::thinned(double spacing, std::span<const double> keep) const {
    if (is_none()) return *this;
    std::vector<Node> few, outwards = nodes_;
    const auto add = [&](double moneyness, double least) {
        const auto apart = [&](const Node& node) { return std::abs(node.moneyness - moneyness) >= least; };
        if (std::ranges::all_of(few, apart)) few.push_back({moneyness, ratio(moneyness)});
    };
    for (const double moneyness : keep) add(moneyness, kSame);
    for (const Node& end : {nodes_.front(), nodes_.back()}) add(end.moneyness, kSame);
    std::ranges::sort(outwards, {}, [](const Node& node) { return std::abs(node.moneyness); });
    for (const Node& node : outwards) add(node.moneyness, &node == &outwards.front() ? kSame : spacing);
    std::ranges::sort(few, {}, &Node::moneyness);
    SmileResidual thin(1.0, years_, std::move(few));
    thin.log_basis_ = log_basis_;
    return thin;
}

MarkedSmile::MarkedSmile(SpxSmile model, const SmileResidual& residual, double scale)
    : model_(std::move(model)), residual_(&residual), scale_(scale) {}

// On a forward of 1.
double MarkedSmile::raised(OptionType side, double log_strike, double price) const {
    const double strike = std::exp(log_strike), read = readable(price);
    const double stdev = black_implied_stdev(side, 1.0, strike, read);
    const double marked = residual_->factor(log_strike / scale_) * stdev;
    return std::max(price + black_price(side, 1.0, strike, marked) - read, 0.0);
}

double MarkedSmile::price(OptionType type, double forward, double strike) const {
    if (residual_->is_none()) return model_.price(type, forward, strike);
    const double log_strike = std::log(strike / forward);
    const OptionType side = side_of(log_strike);
    const double out = forward * raised(side, log_strike, model_.price(side, 1.0, strike / forward));
    if (type == side) return out;
    return std::max(type == OptionType::call ? out + forward - strike : out + strike - forward, 0.0);
}

double MarkedSmile::put(double forward, double strike) const { return price(OptionType::put, forward, strike); }

double MarkedSmile::implied_stdev(double forward, double strike) const {
    if (residual_->is_none()) return model_.implied_stdev(forward, strike);
    const OptionType side = strike < forward ? OptionType::put : OptionType::call;
    return black_implied_stdev(side, forward, strike, price(side, forward, strike));
}

SmileResidual spx_residual(const PricingDay& day, const ExpiryQuotes& quotes) {
    const DateTime now = day.market.time;
    const std::vector<EventAhead> events = day.events_between(now, quotes.settlement);
    const double years = day.variance_time(now, quotes.settlement).value;
    const double scale = spx_deviation(day, quotes.settlement);
    const SpxSmile model =
        SpxExpiry(day.model.pricing, years, events, day.state, day.state, kPrecision).smile(day.state);
    std::vector<SmileResidual::Node> nodes;
    for (const OptionQuote& quote : quotes.quotes) {
        const double log_strike = std::log(quote.strike / quotes.forward), strike = std::exp(log_strike);
        const OptionType side = side_of(log_strike);
        const double price = model.price(side, 1.0, strike), read = readable(price);
        const auto stdev = [&](double value) { return black_implied_stdev(side, 1.0, strike, value); };
        const double marked = stdev(quote.mid() / quotes.forward - price + read);
        nodes.push_back({log_strike / scale, std::log(marked / stdev(read))});
    }
    const double forward = day.market.spx * day.carry(calendar_time(now, quotes.settlement));
    return {quotes.forward / forward, years, std::move(nodes)};
}

SmileResidual vix_residual(const PricingDay& day, const ExpiryQuotes& quotes) {
    const VixMarker model(day, day.market.time, quotes.settlement, day.state);
    const VixMarker::Place place = model.place(day.state);
    const double basis = quotes.forward / place.law.future;
    std::vector<SmileResidual::Node> nodes;
    for (const OptionQuote& quote : quotes.quotes)
        nodes.push_back(model.residual_at(quote.strike / basis, quote.mid() / basis, place));
    return {basis, model.years(), std::move(nodes)};
}

}  // namespace volstorm

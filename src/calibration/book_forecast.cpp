#include "volstorm/calibration/book_forecast.h"

#include <algorithm>
#include <cmath>

#include "volstorm/calibration/one_day_law.h"
#include "volstorm/market/calendar.h"
#include "volstorm/risk/sum.h"

namespace volstorm {
namespace {

constexpr double kSpxOfCosts = 5000.0;  // where Costs, in points, are what they are
constexpr double kFineSpx = 500'000.0;  // the strike grid of 5 points is 0.001 % of it
constexpr double kPercent = 100.0 / kFineSpx;

Costs costs_at_fine_spx() {
    Costs costs;
    costs.spx_option_half_spread *= kFineSpx / kSpxOfCosts;
    costs.spx_wing_half_spread *= kFineSpx / kSpxOfCosts;
    return costs;
}

CondorSpec spec_of(const BookRule& rule, Date expiry) {
    CondorSpec spec(Table::parse("", "the condor of the backtest"));
    spec.expiry = expiry;
    spec.distance = rule.short_delta;
    spec.wing_width = std::max(1.0, std::round(rule.wing_percent / kPercent / kSpxStrikeGrid)) * kSpxStrikeGrid;
    return spec;
}

}  // namespace

double RelativeCondor::pnl(double spx_return) const {
    const double spx = 100.0 * std::exp(0.01 * spx_return);
    const double below = std::clamp(strike[kShortPut] - spx, 0.0, strike[kShortPut] - strike[kLongPut]);
    const double above = std::clamp(spx - strike[kShortCall], 0.0, strike[kLongCall] - strike[kShortCall]);
    // Beyond a wing the loss is the greatest to the last bit, so that it can be counted.
    if (spx <= strike[kLongPut] || spx >= strike[kLongCall]) return worst();
    return 100.0 * (credit - fees - below - above) / max_risk;
}

RelativeCondor model_condor(const ModelInput& model, double vix, const BookRule& rule) {
    const SessionStates session = simulate_states(model, vix, 0, 0);
    PricingDay day = session.day;
    day.market.spx = kFineSpx;
    const Costs costs = costs_at_fine_spx();
    const Condor sold = make_condor(spec_of(rule, date_of(session.close)), day, costs);
    RelativeCondor condor;
    for (std::size_t leg = 0; leg < kCondorLegs; ++leg) condor.strike[leg] = kPercent * sold.strike[leg];
    condor.credit = kPercent * sold.credit.value;
    condor.fees = 100.0 * kCondorLegs * costs.spx_option_fee / kOptionMultiplier / kSpxOfCosts;
    condor.max_risk = condor.strike[kShortPut] - condor.strike[kLongPut] - condor.credit;
    return condor;
}

LossLaw::LossLaw(const RelativeCondor& condor, const QuantileLaw& spx_return)
    : condor_(condor), return_(spx_return), middle_(0) {
    const double centre = 100.0 * std::log(0.005 * (condor.strike[kShortPut] + condor.strike[kShortCall]));
    middle_ = first_rank(0, return_.size(), [&](std::size_t rank) { return return_.at(rank) >= centre; });
}

PitInterval LossLaw::pit(double loss) const {
    const std::size_t n = return_.size();
    const auto up_to = [&](auto is_of_tail, auto is_inside) {  // how many losses lie between the two tails
        return first_rank(middle_, n, is_of_tail) - first_rank(0, middle_, is_inside);
    };
    const std::size_t below =
        up_to([&](std::size_t rank) { return at(rank) >= loss; }, [&](std::size_t rank) { return at(rank) < loss; });
    const std::size_t not_above =
        up_to([&](std::size_t rank) { return at(rank) > loss; }, [&](std::size_t rank) { return at(rank) <= loss; });
    const auto all = static_cast<double>(n + 1);
    return {static_cast<double>(below) / all, static_cast<double>(not_above + 1) / all};
}

std::vector<double> LossLaw::sorted() const {
    std::vector<double> losses(return_.size());
    for (std::size_t rank = 0; rank < losses.size(); ++rank) losses[rank] = at(rank);
    const auto middle = losses.begin() + static_cast<std::ptrdiff_t>(middle_);
    std::reverse(losses.begin(), middle);
    std::inplace_merge(losses.begin(), middle, losses.end());
    return losses;
}

PnlForecast pnl_forecast(const RelativeCondor& condor, std::span<const double> sorted_losses) {
    const auto n = static_cast<double>(sorted_losses.size());
    CompensatedSum sum, squares;
    for (const double loss : sorted_losses) {
        sum.add(loss);
        squares.add(loss * loss);
    }
    const double mean = sum.value() / n;
    const auto share_from = [&](double loss, bool above) {
        const auto first =
            above ? std::ranges::upper_bound(sorted_losses, loss) : std::ranges::lower_bound(sorted_losses, loss);
        return static_cast<double>(sorted_losses.end() - first) / n;
    };
    return {-mean, std::sqrt(std::max(0.0, squares.value() / n - mean * mean)), share_from(0.0, true),
            share_from(-condor.worst(), false)};
}

}  // namespace volstorm

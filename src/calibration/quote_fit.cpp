#include "volstorm/calibration/quote_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "quote_model.h"
#include "volstorm/core/error.h"
#include "volstorm/math/threefry.h"
#include "volstorm/model/transform.h"
#include "volstorm/pricing/day.h"

namespace volstorm {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kFitPrecision = 1e-5;            // of prices while the search runs: below 0.001 points of SPX
constexpr double kStable = 1.02;                  // physical kappa_v over what it must be, where it is raised
constexpr double kStartReach = 2.0;               // of further starts: e^2 times a number, or two units
constexpr std::size_t kProfileEvaluations = 400;  // of each point of a profile
constexpr double kDrawnAnew = 0.25;               // share of the numbers that a hop draws anew
constexpr double kDifference = 1e-5;
constexpr double kLeastProfile = 0.2;  // standard errors: nearer to a bound nothing can be seen

QuotedWorld start_world(const QuoteSet& quotes, const ModelInput& input, double& event_free_vix, Parameters& physical) {
    Market market;
    market.time = quotes.time;
    market.has_time = true;
    market.spx = quotes.expiries.front().forward;
    market.vix = quotes.vix;
    const PricingDay day = make_day(market, input, quotes.events);
    event_free_vix = day.event_free_vix;
    physical = day.model.physical;
    return {day.model.pricing, day.state, quotes.events};
}

// What is fitted, by the names that were given.
std::vector<FreeNumber> chosen(const QuotedWorld& start, const std::vector<std::string>& names) {
    const std::vector<FreeNumber> all = free_numbers(start);
    std::vector<FreeNumber> free;
    std::string known;
    for (const FreeNumber& number : all) {
        known += (known.empty() ? "" : ", ") + number.name;
        if (names.empty()) free.push_back(number);
    }
    for (const std::string& name : names) {
        if (std::ranges::find(all, name, &FreeNumber::name) == all.end())
            throw InputError({"--free " + name}, "is nothing that can be fitted; there are " + known);
    }
    for (const FreeNumber& number : all) {
        if (std::ranges::find(names, number.name) != names.end()) free.push_back(number);
    }
    return free;
}

// The least squares of one fit.
class Objective {
 public:
    Objective(const QuoteSet& quotes, const QuotedWorld& start, const QuoteFitOptions& options, Executor& executor)
        : quotes_(&quotes),
          start_(&start),
          options_(&options),
          executor_(&executor),
          free_(chosen(start, options.free)),
          payoffs_(executor.threads()) {}

    const std::vector<FreeNumber>& free() const { return free_; }
    QuotedWorld world(std::span<const double> y) const {
        QuotedWorld world = *start_;
        for (std::size_t i = 0; i < free_.size(); ++i) free_[i].set(y[i], world);
        return world;
    }
    LeastSquaresProblem problem() {
        LeastSquaresProblem problem;
        for (const FreeNumber& number : free_) problem.parameters.push_back(parameter(number));
        problem.residuals = residuals();
        problem.evaluate = [this](std::span<const double> y, std::span<double> r) { evaluate(y, r, payoffs_.front()); };
        problem.batch = [this](std::size_t count, std::span<const double> y, std::span<double> r) {
            const std::size_t n = free_.size(), m = residuals();
            executor_->for_each_ordered(
                count,
                [&](std::size_t worker, std::size_t, std::size_t i) {
                    evaluate(y.subspan(i * n, n), r.subspan(i * m, m), payoffs_[worker]);
                },
                [](std::size_t, std::size_t) {});
        };
        return problem;
    }

 private:
    FitParameter parameter(const FreeNumber& number) const {
        FitParameter p;
        p.name = number.name;
        p.start = number.to_search(*start_);
        p.low = number.low;
        p.high = number.high;
        p.step = 1e-4;
        const double reach = kStartReach * number.unit;
        p.start_low = std::max(p.low, p.start - reach), p.start_high = std::min(p.high, p.start + reach);
        return p;
    }
    std::size_t futures() const {
        return static_cast<std::size_t>(std::ranges::count(quotes_->expiries, ChainFamily::vix, &ExpiryQuotes::family));
    }
    std::size_t residuals() const {
        return quotes_->quotes() + futures() + 1 + (options_->ridge > 0.0 ? free_.size() : 0);
    }

    void evaluate(std::span<const double> y, std::span<double> r, VixPayoffs& payoffs) const {
        const QuotedWorld now = world(y);
        std::ranges::fill(r, kNone);
        if (!instability(now.pricing).empty() || !within_ranges(now.pricing)) return;
        try {
            fill(y, price_quotes(*quotes_, now, kFitPrecision, payoffs, false), r);
        } catch (const std::domain_error&) {
        } catch (const MomentExplosion&) {
        }
    }
    // Soft L1: quotes alone can be wrong; VIX, its futures and the start keep their squares.
    double robust(double r) const {
        const double s = options_->loss_scale, z = r / s;
        if (!(s > 0.0)) return r;
        return std::copysign(s * std::sqrt(2.0 * (std::sqrt(1.0 + z * z) - 1.0)), r);
    }
    void fill(std::span<const double> y, const ModelQuotes& model, std::span<double> r) const {
        std::size_t at = 0;
        for (std::size_t k = 0; k < quotes_->expiries.size(); ++k) {
            const ExpiryQuotes& expiry = quotes_->expiries[k];
            const bool is_vix = expiry.family == ChainFamily::vix;
            const double least = is_vix ? options_->least_vix_vol : options_->least_vol;
            const double most = is_vix ? options_->most_vix_vol : std::numeric_limits<double>::infinity();
            for (std::size_t i = 0; i < expiry.quotes.size(); ++i) {
                const OptionQuote& q = expiry.quotes[i];
                const double error = std::max(std::min(q.half_spread(), most * q.vega), least * q.vega);
                r[at++] = robust((model.expiries[k].price[i] - q.mid()) / error);
            }
            if (is_vix) {
                const double error =
                    std::max(options_->forward_share * expiry.forward_half_width, options_->future_error);
                r[at++] = (model.expiries[k].future - expiry.forward) / error;
            }
        }
        r[at++] = (model.vix - quotes_->vix) / options_->vix_error;
        for (std::size_t i = 0; at < r.size(); ++i, ++at) {
            r[at] = options_->ridge * (y[i] - free_[i].to_search(*start_)) / free_[i].unit;
        }
    }

    const QuoteSet* quotes_;
    const QuotedWorld* start_;
    const QuoteFitOptions* options_;
    Executor* executor_;
    std::vector<FreeNumber> free_;
    std::vector<VixPayoffs> payoffs_;  // of each thread
};

// How far the cost rises two standard errors away on both sides; from a nearer bound by the square of the distance.
void look_along(const LeastSquaresProblem& problem, const Fit& fit, std::size_t i, FittedParameter& parameter) {
    const double error = fit.standard_errors[i], at = fit.parameters[i];
    const FitParameter& p = problem.parameters[i];
    if (!std::isfinite(error)) return;
    const double below = std::max(p.low, at - 2.0 * error), above = std::min(p.high, at + 2.0 * error);
    LeastSquaresOptions options;
    options.evaluations = kProfileEvaluations;
    options.tolerance = 1e-4;
    options.one_sided = true;
    const auto rise_at = [&](double value) {  // unknown where the others were not yet fitted again
        if (!(std::abs(value - at) > kLeastProfile * error)) return kNone;
        const ProfilePoint point = profile(problem, fit, i, std::vector<double>{value}, options).front();
        const double share = (value - at) / (2.0 * error);
        return point.stop == FitStop::converged ? (point.cost - fit.cost) / (share * share) : kNone;
    };
    parameter.rise_below = rise_at(below);
    parameter.rise_above = rise_at(above);
}

// Its value less and more one standard error, within the search's bounds. kappa_v is searched as what it is beyond the
// least that the others allow, so that its error is theirs too (delta method).
std::pair<double, double> interval(const Objective& objective, const Fit& fit, const FitParameter& p, std::size_t i) {
    const FreeNumber& number = objective.free()[i];
    const auto value = [&](const std::vector<double>& y) {
        QuotedWorld world = objective.world(y);
        return number_of(world, number.name);
    };
    std::vector<double> y = fit.parameters;
    const double at = value(y), error = fit.standard_errors[i];
    if (!std::isfinite(error)) return {kNone, kNone};
    if (number.name != "kappa_v") {
        y[i] = std::max(p.low, fit.parameters[i] - error);
        const double low = value(y);
        y[i] = std::min(p.high, fit.parameters[i] + error);
        return {low, value(y)};
    }
    std::vector<double> slope(y.size());
    for (std::size_t k = 0; k < y.size(); ++k) {
        y[k] += kDifference;
        const double up = value(y);
        y[k] -= 2.0 * kDifference;
        slope[k] = std::isfinite(fit.standard_errors[k]) ? (up - value(y)) / (2.0 * kDifference) : 0.0;
        y[k] = fit.parameters[k];
    }
    double variance = 0.0;
    for (std::size_t k = 0; k < y.size(); ++k) {
        for (std::size_t l = 0; l < y.size(); ++l) {
            if (slope[k] != 0.0 && slope[l] != 0.0) variance += slope[k] * slope[l] * fit.covariance[k][l];
        }
    }
    const double factor = std::exp(std::sqrt(variance) / at);
    return {at / factor, at * factor};
}

// Quotes say nothing of frequencies: physical jumps stay as they were, physical rates keep their ratio to the priced
// ones, and what both measures share is the fitted. kappa_v is raised where the mean of v would not return.
Parameters physical_of(const Parameters& start_physical, const Parameters& start_pricing, const Parameters& fitted) {
    Parameters p = start_physical;
    p.sigma_v = fitted.sigma_v, p.sigma_m = fitted.sigma_m, p.rho = fitted.rho;
    for (const auto member : {&Parameters::kappa_v, &Parameters::kappa_m, &Parameters::theta_m, &Parameters::pull_m}) {
        const double before = start_pricing.*member;
        p.*member = before == 0.0 ? start_physical.*member : start_physical.*member / before * fitted.*member;
    }
    const double least = least_kappa_v(p);
    if (p.kappa_v < kStable * least) p.kappa_v = kStable * least;
    return p;
}

double without_events(const QuoteSet& quotes, const QuotedWorld& world) {
    double variance = 0.0;
    for (const Event& event : world.events) {
        if (event.time <= quotes.time + std::chrono::days(kVixDays)) variance += event.spx_move_sd * event.spx_move_sd;
    }
    return std::sqrt(std::max(quotes.vix * quotes.vix - 1e4 * variance / kVixYears, 0.0));
}

// The best point so far with a quarter of its numbers drawn anew from where starts may lie: out of the local minima in
// which a deviation or an intensity has run to nothing (basin hopping: Wales, Doye 1997).
std::vector<double> hop(const LeastSquaresProblem& problem, const std::vector<double>& best, std::uint64_t seed,
                        std::size_t number) {
    ThreefryEngine engine(RandomKey(seed, Stream::start, static_cast<std::uint32_t>(number)), 0);
    std::vector<double> point = best;
    for (std::size_t i = 0; i < point.size(); ++i) {
        const FitParameter& p = problem.parameters[i];
        const double chosen = open_uniform(engine), place = open_uniform(engine);
        if (chosen < kDrawnAnew) point[i] = p.start_low + place * (p.start_high - p.start_low);
    }
    return point;
}

// A search from the start, then from hops around the best, each with an equal share of what evaluations are left.
Fit search(const LeastSquaresProblem& problem, const QuoteFitOptions& options) {
    LeastSquaresOptions how;
    how.tolerance = 1e-6;
    how.one_sided = true;
    how.residual_variance = options.residual_variance;
    how.stop = [&](const FitProgress& progress) {
        if (options.progress) options.progress(progress);
        return false;
    };
    how.evaluations = options.evaluations / (options.starts > 1 ? 3 : 1);
    Fit best = least_squares(problem, how);
    std::vector<StartResult> starts = best.starts;
    std::size_t evaluations = best.evaluations;
    for (std::size_t k = 1; k < options.starts && evaluations < options.evaluations; ++k) {
        LeastSquaresProblem from = problem;
        const std::vector<double> point = hop(problem, best.parameters, options.seed, k);
        for (std::size_t i = 0; i < point.size(); ++i) from.parameters[i].start = point[i];
        how.evaluations = (options.evaluations - evaluations) / (options.starts - k);
        Fit fit = least_squares(from, how);
        evaluations += fit.evaluations;
        starts.insert(starts.end(), fit.starts.begin(), fit.starts.end());
        if (fit.cost < best.cost) best = std::move(fit);
    }
    best.evaluations = evaluations;
    best.starts = std::move(starts);
    return best;
}

}  // namespace

QuoteFit fit_quotes(const QuoteSet& quotes, const ModelInput& model, const QuoteFitOptions& options,
                    Executor& executor) {
    QuoteFit result;
    Parameters start_physical;
    result.start = start_world(quotes, model, result.event_free_vix, start_physical);
    Objective objective(quotes, result.start, options, executor);
    const LeastSquaresProblem problem = objective.problem();
    result.fit = search(problem, options);
    if (!std::isfinite(result.fit.cost))
        throw InputError({"calibrate"}, "the start has no prices for these quotes: begin from another model");
    result.world = objective.world(result.fit.parameters);
    result.event_free_vix = without_events(quotes, result.world);
    result.physical = physical_of(start_physical, result.start.pricing, result.world.pricing);
    result.start_quotes = model_quotes(quotes, result.start);
    result.quotes = model_quotes(quotes, result.world);
    for (std::size_t i = 0; i < objective.free().size(); ++i) {
        const FreeNumber& number = objective.free()[i];
        FittedParameter p;
        p.name = number.name;
        p.unit = number.unit_name;
        p.start = number_of(result.start, number.name);
        p.value = number_of(result.world, number.name);
        std::tie(p.low, p.high) = interval(objective, result.fit, problem.parameters[i], i);
        p.at_bound = result.fit.at_bound[i];
        if (options.profiles) look_along(problem, result.fit, i, p);
        result.parameters.push_back(p);
    }
    return result;
}

ModelInput calibrated_model(const ModelInput& start, const QuoteFit& fit) {
    ModelInput model = start;
    Anchor anchor;
    anchor.name = "quotes";
    anchor.reference_vix = fit.event_free_vix;
    anchor.pricing = fit.world.pricing;
    anchor.physical = fit.physical;
    anchor.has_own_physical = true;
    model.anchors = {anchor};
    model.set_pricing = model.set_physical = std::nullopt;  // they are in the anchor
    return model;
}

}  // namespace volstorm

#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "volstorm/calibration/least_squares.h"
#include "volstorm/calibration/quote_set.h"
#include "volstorm/engine/executor.h"
#include "volstorm/market/event.h"
#include "volstorm/model/model.h"

/// The pricing parameters, the state and the events' moves that quotes of SPX and VIX imply together.
namespace volstorm {

/// The model of one moment: what prices follow from.
struct QuotedWorld {
    Parameters pricing;
    VarianceState state;
    std::vector<Event> events;  // after the quotes, in order of time
};

/// What the model gives for a set of quotes.
struct ModelQuotes {
    double vix = 0.0;  // points
    struct Expiry {
        double future = 0.0;        // of a VIX expiry, points; of SPX the forward of the quotes
        std::vector<double> price;  // undiscounted points
        std::vector<double> vol;    // on the session clock
    };
    std::vector<Expiry> expiries;
};

/// Prices of the quoted options, with about `precision` of the forward. Throws std::domain_error or MomentExplosion
/// where the parameters have no prices.
ModelQuotes model_quotes(const QuoteSet& quotes, const QuotedWorld& world, double precision = 1e-10);

struct QuoteFitOptions {
    /// Names of what is fitted: kappa_v ... pull_m, FAMILY.intensity ..., variance, variance_mean, EVENT.spx_move_sd.
    /// Empty: all that are not zero at the start, where a feature is absent.
    std::vector<std::string> free;
    /// Each residual of a quote is (model - mid) / half-spread; those far beyond `loss_scale` count in proportion to
    /// their size, not to its square (soft L1). 0: squares.
    double loss_scale = 3.0;
    /// Half-spreads count as this much vol at least: about what the model leaves where quotes are narrow, so that the
    /// narrowest do not take all of it.
    double least_vol = 0.006, least_vix_vol = 0.01;
    /// And those of VIX options as this much at most: their mids are better than their spreads.
    double most_vix_vol = 0.04;
    double vix_error = 0.07, future_error = 0.05;  // points: what VIX and its futures may be off
    double forward_share = 0.12;  // the same for a future by parity, of the half-width within which it can be traded
    double ridge = 0.3;           // pull to the start: residual for a parameter that is e times its start; 0: none
    std::optional<double> residual_variance = {};  // if known; else estimated. For loss_scale 0
    std::size_t starts = 1;  // the first at the model; each other one hops off the best point so far
    std::uint64_t seed = 1;
    std::size_t evaluations = 6'000;  // sets of parameters, all starts together
    bool profiles = false;
    std::function<void(const FitProgress&)> progress = {};
};

/// One parameter of the fit, in its own unit.
struct FittedParameter {
    std::string name, unit;
    double start = 0.0, value = 0.0;
    double low = 0.0, high = 0.0;  // its value less and more one standard error, within the bounds of the search; NaN
                                   // where it is not determined
    AtBound at_bound = AtBound::no;
    /// Rise of the cost two standard errors below and above, the others fitted again; 4 residual variances where the
    /// cost is a parabola. Where a bound is nearer, what a parabola through it would give. NaN where it was not looked
    /// for, or where the bound is too near.
    double rise_below = std::numeric_limits<double>::quiet_NaN(), rise_above = std::numeric_limits<double>::quiet_NaN();
};

struct QuoteFit {
    QuotedWorld start, world;
    Parameters physical;          // the start's premia on the fitted pricing parameters
    double event_free_vix = 0.0;  // points: the level at which the fitted parameters are not scaled
    ModelQuotes start_quotes, quotes;
    Fit fit;  // of the transformed parameters
    std::vector<FittedParameter> parameters;
};

/// Fits the model, at the level of VIX of the quotes, to them. InputError for a name that is none, or events that alone
/// make a larger VIX than the quoted one.
QuoteFit fit_quotes(const QuoteSet& quotes, const ModelInput& model, const QuoteFitOptions& options,
                    Executor& executor);

/// The model as a file would give it: one anchor with the fitted parameters at the fitted level.
ModelInput calibrated_model(const ModelInput& start, const QuoteFit& fit);

}  // namespace volstorm

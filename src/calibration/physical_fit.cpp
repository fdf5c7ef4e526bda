#include "volstorm/calibration/physical_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "loss.h"
#include "physical_errors.h"
#include "physical_targets.h"
#include "volstorm/core/error.h"

namespace volstorm {
namespace {

constexpr double kTolerance = 1e-3;  // relative: finer than the noise of the paths makes no sense

LeastSquaresProblem problem_of(const ModelInput& start, const PhysicalTargets& targets, Executor& executor) {
    LeastSquaresProblem problem;
    for (const PhysicalVariable& variable : targets.variables())
        problem.parameters.push_back(variable.fit_parameter(start));
    problem.residuals = targets.residuals();
    problem.evaluate = [&](std::span<const double> x, std::span<double> out) { targets.evaluate(x, out, executor); };
    problem.batch = [&](std::size_t count, std::span<const double> x, std::span<double> out) {
        targets.evaluate_each(count, x, out, executor);
    };
    return problem;
}

LeastSquaresOptions search_options(const PhysicalFitOptions& options) {
    LeastSquaresOptions search{.loss = Loss::soft_l1, .evaluations = options.evaluations, .tolerance = kTolerance};
    search.stop = [&](const FitProgress& progress) {
        if (options.progress) options.progress(progress);
        return false;
    };
    return search;
}

double cost_at_start(const PhysicalTargets& targets, Executor& executor) {
    std::vector<double> residuals(targets.residuals());
    targets.evaluate(std::vector<double>(targets.variables().size(), 0.0), residuals, executor);
    double cost = 0.0;
    for (const double r : residuals) cost += volstorm::cost_of(Loss::soft_l1, 1.0, r);
    return cost;
}

RealismTable judged(const ModelInput& model, const MarketBars& bars, const PhysicalFitOptions& options,
                    Executor& executor) {
    return compare_with(bars, model_laws(model, bars, options.judge_paths, options.seed + 1, executor), {});
}

std::vector<PhysicalParameter> parameters_of(const ModelInput& start, const PhysicalTargets& targets, const Fit& fit,
                                             const std::vector<double>& errors, const ModelInput& fitted) {
    std::vector<PhysicalParameter> parameters;
    for (std::size_t i = 0; i < errors.size(); ++i) {
        const PhysicalVariable& variable = targets.variables()[i];
        parameters.push_back({start.anchors[variable.anchor()].name, variable.family_name(start), variable.key(),
                              variable.value(start), variable.value(fitted), errors[i], fit.at_bound[i]});
    }
    return parameters;
}

void require_possible(const PhysicalTargets& targets) {
    if (targets.variables().empty())
        throw InputError({"--physical"}, "has no jump family whose intensity is above 0: nothing can be fitted");
    if (targets.statistics().empty())
        throw InputError({"--spx"}, "no regime of VIX has sessions enough to be fitted to");
}

}  // namespace

double cost_of(const RealismRow& row) {
    const double half = 0.5 * (row.market.high - row.market.low);
    return half > 0.0 ? cost_of(Loss::soft_l1, 1.0, (row.model - row.market.value) / half) : 0.0;
}

double cost_of(const RealismTable& table, Regime regime) {
    double cost = 0.0;
    for (const RealismRow& row : table.rows) {
        if (row.regime == regime && !std::isnan(row.model)) cost += cost_of(row);
    }
    return cost;
}

void drop_scarce_regimes(Bootstrap& market) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t r = 0; r < kRegimes.size(); ++r) {
        if (market.effective[r] >= kFewestOfRegime) continue;
        for (RegimeFigures& bar : market.bars.bars) bar[r] = {kNone, kNone, kNone};
    }
}

PhysicalFit fit_physical(const ModelInput& start, const Bootstrap& market, const PhysicalFitOptions& options,
                         Executor& executor) {
    const PhysicalTargets targets(start, market, options);
    require_possible(targets);
    PhysicalFit result;
    result.before = judged(start, market.bars, options, executor);
    if (options.with_premia) result.premia_before = vix_premia(start, options.seed, executor);
    result.cost_before = cost_at_start(targets, executor);
    result.search = least_squares(problem_of(start, targets, executor), search_options(options));
    result.cost_after = result.search.cost;
    result.model = targets.at(result.search.parameters).model;
    result.parameters = parameters_of(start, targets, result.search,
                                      parameter_errors(targets, market, result.search, executor), result.model);
    result.after = judged(result.model, market.bars, options, executor);
    for (const Anchor& anchor : result.model.anchors) {
        if (is_at_stability_line(anchor.physical)) result.unstable.push_back(anchor.name);
    }
    if (options.with_premia) result.premia_after = vix_premia(result.model, options.seed, executor);
    return result;
}

}  // namespace volstorm

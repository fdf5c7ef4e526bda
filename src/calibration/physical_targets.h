#pragma once
#include <span>
#include <vector>

#include "volstorm/calibration/physical_fit.h"
#include "volstorm/calibration/physical_variables.h"

namespace volstorm {

/// A statistic of a regime that the fit aims at.
struct PhysicalTarget {
    std::size_t statistic;  // place in one_day_statistics()
    Regime regime;
    double market, half_width;  // its value, and that of its interval
};

/// The residuals of fit_physical() as a function of the variables of its search: the statistics, what VIX^2 gains, the
/// anchors' stability, the ridge.
class PhysicalTargets {
 public:
    PhysicalTargets(const ModelInput& start, const Bootstrap& market, const PhysicalFitOptions& options);

    const std::vector<PhysicalVariable>& variables() const { return variables_; }
    const std::vector<PhysicalTarget>& statistics() const { return targets_; }
    std::size_t residuals() const {
        return targets_.size() + levels_.size() + start_.anchors.size() + variables_.size();
    }
    void evaluate(std::span<const double> x, std::span<double> residuals, Executor& executor) const;
    /// Many points, each on one thread.
    void evaluate_each(std::size_t count, std::span<const double> x, std::span<double> residuals,
                       Executor& executor) const;
    PhysicalCandidate at(std::span<const double> x) const { return candidate_at(start_, variables_, x); }

 private:
    void add_statistics(const ModelInput& model, std::span<double> out, Executor& executor) const;
    const ModelInput& start_;
    const MarketBars& bars_;
    const PhysicalFitOptions& options_;
    std::vector<PhysicalVariable> variables_;
    std::vector<PhysicalTarget> targets_;
    std::vector<double> levels_;  // of VIX, where its gain is looked at
};

/// What VIX^2 gains in a session on its expectation under the pricing measure, as a share of VIX^2.
double expected_vix_gain(const ModelInput& model, double vix);

}  // namespace volstorm

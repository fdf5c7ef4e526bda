#pragma once
#include <array>
#include <vector>

#include "volstorm/calibration/forecast.h"
#include "volstorm/instrument/condor.h"

namespace volstorm {

/// Which one-day condor is sold at every close.
struct BookRule {
    double short_delta = 0.15;  // Black forward delta of both short strikes
    double wing_percent = 0.5;  // from short to long strike, % of SPX
};

/// A condor to the next close, its prices in % of SPX at the sale: strikes on a grid of 0.001 %, half-spreads and fees
/// those of Costs at SPX 5,000.
struct RelativeCondor {
    std::array<double, kCondorLegs> strike{};
    double credit = 0.0;    // after half-spreads
    double fees = 0.0;      // of the sale; nothing at the settlement
    double max_risk = 0.0;  // wing less credit
    /// P&L after costs in % of max_risk, for a log return of SPX in %.
    double pnl(double spx_return) const;
    /// That beyond the wings.
    double worst() const { return -100.0 * (max_risk + fees) / max_risk; }
};

/// The condor at the model's prices of a day of which the VIX close alone is known. InputError where it cannot be sold.
RelativeCondor model_condor(const ModelInput& model, double vix, const BookRule& rule);

/// The law of the loss, % of max_risk (below 0: gained), that follows from a law of the SPX return.
class LossLaw {
 public:
    LossLaw(const RelativeCondor& condor, const QuantileLaw& spx_return);
    /// As pit_interval() of the sorted losses.
    PitInterval pit(double loss) const;
    std::vector<double> sorted() const;

 private:
    double at(std::size_t rank) const { return -condor_.pnl(return_.at(rank)); }
    RelativeCondor condor_;
    QuantileLaw return_;
    std::size_t middle_;  // a rank up to which losses do not rise, and from which they do not fall
};

/// What a day's law says of the P&L, % of max_risk.
struct PnlForecast {
    double mean = 0.0, sd = 0.0;
    double losing = 0.0, losing_most = 0.0;  // probabilities of a loss, and of the greatest
};
PnlForecast pnl_forecast(const RelativeCondor& condor, std::span<const double> sorted_losses);

}  // namespace volstorm

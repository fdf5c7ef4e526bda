#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "volstorm/calibration/market_bars.h"
#include "volstorm/engine/executor.h"
#include "volstorm/model/model.h"

namespace volstorm {

/// A figure of the model by regime; NaN where it has none.
struct ModelFigure {
    std::string id, meaning;
    std::array<double, kRegimes.size()> value;
};

/// How the marks of the VIX futures and of VIX options answer to VIX over one session of the physical law, from VIX
/// closes of a period's mix: slopes of least squares on the VIX change, regimes weighted by their share of the history.
/// `future_beta_m1` ... `m6`: settlement of a future 15, 44, 74, 104 or 165 days from its end on average (a third 10
/// days nearer, a third 10 days further); `vvix_per_vix`: 30-day at-the-money implied vol of VIX in vol points for a
/// point of VIX, under the model's mark.
std::vector<ModelFigure> mark_response(const ModelInput& model, const MarketBars& bars, std::uint64_t seed,
                                       Executor& executor);

/// What a VIX product gains over one session under the physical law, by its marks.
struct VixPremium {
    double vix = 0.0;  // at the entry
    std::string product;
    double gain = 0.0;   // mean, % of its price at the entry
    double error = 0.0;  // standard error of that
};
/// At VIX 12 to 45: futures of 30 and 90 days, and 30-day calls struck at the future and a quarter above it. Long VIX
/// must not earn anything: a gain above 0 is a fault of the model.
std::vector<VixPremium> vix_premia(const ModelInput& model, std::uint64_t seed, Executor& executor);

}  // namespace volstorm

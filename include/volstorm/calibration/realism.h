#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "volstorm/calibration/mark_response.h"
#include "volstorm/calibration/market_bars.h"
#include "volstorm/engine/executor.h"
#include "volstorm/model/model.h"

namespace volstorm {

/// One figure of the model beside the market's.
struct RealismRow {
    std::string id, meaning;
    Regime regime = Regime::all;
    MarketFigure market{};
    double model = 0.0;
    bool inside() const { return market.contains(model); }
};

/// The model against one period of history.
struct RealismTable {
    std::string period;
    std::vector<RealismRow> rows;
    struct Count {
        int inside = 0, rows = 0;
        double share() const { return rows == 0 ? 0.0 : static_cast<double>(inside) / rows; }
    };
    Count count() const;               // of all rows
    Count count(Regime regime) const;  // of one column
};

/// Sessions of the model's physical law over the VIX mix of a period: each regime by itself (64 closes x `paths`), and
/// all of them in the shares of the history.
std::vector<OneDayLaw> model_laws(const ModelInput& model, const MarketBars& bars, std::size_t paths,
                                  std::uint64_t seed, Executor& executor);

/// What no one-day return shows: mark_response() and the variance of event days.
std::vector<ModelFigure> response_figures(const ModelInput& model, const MarketBars& bars, std::uint64_t seed,
                                          Executor& executor);

/// Every figure that the period knows, regime by regime.
RealismTable compare_with(const MarketBars& bars, const std::vector<OneDayLaw>& laws,
                          const std::vector<ModelFigure>& figures);

}  // namespace volstorm

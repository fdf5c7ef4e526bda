#pragma once
#include <string>
#include <vector>

#include "volstorm/calibration/realism.h"

namespace volstorm {

/// A model against the market: what `realism` says.
struct RealismReport {
    std::string model;  // file
    std::vector<RealismTable> tables;
    std::vector<VixPremium> premia;
};

/// One table in full with what is outside, at most 100 columns; of the other periods the counts; the VIX premia.
std::string realism_text(const RealismReport& report, const std::string& period);
/// Every row of every period: period,regime,statistic,meaning,market,low,high,model,inside.
std::string realism_csv(const RealismReport& report);
/// The tables in Markdown: model value and market interval, what is outside in bold.
std::string realism_markdown(const RealismReport& report);

}  // namespace volstorm

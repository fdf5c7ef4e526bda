#pragma once
#include <string>

#include "volstorm/calibration/out_of_sample.h"

namespace volstorm {

/// Forecasts against what came: what `backtest` says.
struct BacktestReport {
    std::string model;   // file
    std::string period;  // 2020-01-02 to 2025-08-21
    BookRule rule;       // the condor of the book
    BacktestTable table;
};

/// All sessions in full, p-values by regime, what is rejected and why, at most 100 columns.
std::string backtest_text(const BacktestReport& report);
/// Every row: regime,subject,test,meaning,sessions,expected,observed,statistic,p_value,rejected,reason; the tenths of
/// each law as tests `tenth_1` to `tenth_10`.
std::string backtest_csv(const BacktestReport& report);
/// The same rows as tables in Markdown, one for each regime, what is rejected in bold.
std::string backtest_markdown(const BacktestReport& report);

}  // namespace volstorm

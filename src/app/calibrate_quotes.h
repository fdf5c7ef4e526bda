#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "command.h"

namespace volstorm {

/// `calibrate SCENARIO`: what a model's pricing measure is fitted to.
struct CalibrateQuotesOptions {
    std::string scenario;          // its model is the start; its events are those of the calendar
    std::vector<std::string> set;  // --set key=value
    std::string spx, vix;          // --spx-quotes, --vix-quotes
    std::string time;              // of the quotes; empty: the files' own
    double vix_level = 0.0;        // --vix-level; 0: last value in the file, or market.vix
    std::vector<std::string> spx_dates, vix_dates, free;
    double reach = 3.0;
    double spx_error = 0.6;                   // vol points
    std::vector<std::string> vix_futures;     // DATE=POINTS
    std::size_t starts = 8, evaluations = 0;  // 0: by the number of quotes
    bool profiles = false;
    std::string table, plot;  // .csv and .svg; empty: none
};

/// Puts the options of the fit to quotes, all but those that every calibration shares, to the command.
void add_quote_options(CLI::App& command, CalibrateQuotesOptions& options);

/// Reads the quotes, fits, says what came of it and writes the model file `output`.
Exit calibrate_quotes(const CalibrateQuotesOptions& options, const std::string& output, std::uint64_t seed,
                      std::size_t threads);

}  // namespace volstorm

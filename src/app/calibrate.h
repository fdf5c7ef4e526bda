#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "calibrate_physical.h"
#include "calibrate_quotes.h"

namespace volstorm {

/// `calibrate`: parameters of a model from what the market shows.
struct CalibrateOptions {
    CalibrateQuotesOptions quotes;
    CalibratePhysicalOptions physical;
    std::string output;
    std::uint64_t seed = 1;
    std::size_t threads = 0;
};

void add_calibrate_options(CLI::App& command, CalibrateOptions& options);
Exit calibrate_command(const CalibrateOptions& options);

}  // namespace volstorm

#pragma once
#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "command.h"

namespace volstorm {

inline constexpr double kNotQuoted = std::numeric_limits<double>::quiet_NaN();

/// `calibrate --physical`: what a model's physical measure is fitted to.
struct CalibratePhysicalOptions {
    std::string model;                 // --physical
    std::string spx, vix;              // daily files
    std::string from, to;              // empty: all of the history
    std::vector<std::string> weights;  // state variables; empty: all sessions count alike
    std::string term, reer;            // files
    std::array<double, 4> at{kNotQuoted, kNotQuoted, kNotQuoted, kNotQuoted};  // the state asked for, by StateVariable
    std::size_t paths = 1024, evaluations = 500;
    std::string diagnostics;  // JSON; empty: none
};

/// Puts the options of the physical fit, all but those that every calibration shares, to the command.
void add_physical_options(CLI::App& command, CalibratePhysicalOptions& options);

/// Reads the history, weights it, fits, says what came of it and writes the model file `output`.
Exit calibrate_physical(const CalibratePhysicalOptions& options, const std::string& output, std::uint64_t seed,
                        std::size_t threads);

}  // namespace volstorm

#pragma once
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "volstorm/engine/executor.h"
#include "volstorm/engine/simulate.h"

/// Short runs for tests: a scenario as text, simulated into memory.
namespace short_run {

/// The shipped model on Tuesday 17 June 2025, with a condor to the next session; every section can be replaced.
struct Text {
    std::string time = "2025-06-17T16:00:00";
    double vix = 20.0, rate = 0.04, dividend_yield = 0.013;
    std::string market = {};  // more of [market]
    std::string model = "file = \"" VOLSTORM_SCENARIOS "/models/default.toml\"\n";
    std::string condor = "expiry = 2025-06-18\nshort_delta = 0.15\nwing_width = 25.0\n";
    std::string sampling = "seed = 11\nmethod = \"plain\"\n";  // any number of its paths are a sample
    std::string rest = {};                                     // [costs], [[event]], [[layer]] ...

    std::string text() const {
        return "[market]\ntime = " + time + "\nspx = 6000.0\nvix = " + std::to_string(vix) +
               "\nrate = " + std::to_string(rate) + "\ndividend_yield = " + std::to_string(dividend_yield) + "\n" +
               market + "[model]\n" + model + "[condor]\n" + condor + "[sampling]\n" + sampling + rest;
    }
};

inline std::string layer(const std::string& name, const std::string& instrument, const std::string& more) {
    return "[[layer]]\nname = \"" + name + "\"\ninstrument = { " + instrument + " }\n" + more + "\n";
}

inline std::unique_ptr<const volstorm::Experiment> prepare(const Text& text) {
    return volstorm::prepare(volstorm::parse_scenario(text.text(), "test.toml"));
}

/// All paths below `paths` on one thread.
inline volstorm::PathColumns run(const volstorm::Experiment& experiment, std::size_t paths) {
    volstorm::PathColumns columns;
    volstorm::Simulator(experiment).run(0, paths, columns);
    return columns;
}

/// The same in pieces, on all threads, for runs that are too large to keep.
inline void run_pieces(const volstorm::Experiment& experiment, std::size_t paths,
                       const std::function<void(const volstorm::PathColumns&)>& use) {
    const auto executor = volstorm::make_tbb_executor(0);
    std::vector<std::unique_ptr<volstorm::Simulator>> simulators(executor->threads());
    std::vector<volstorm::PathColumns> columns(executor->slots());
    executor->for_each_ordered((paths + volstorm::kChunkPaths - 1) / volstorm::kChunkPaths,
                               [&](std::size_t worker, std::size_t slot, std::size_t piece) {
                                   if (!simulators[worker])
                                       simulators[worker] = std::make_unique<volstorm::Simulator>(experiment);
                                   const std::size_t first = piece * volstorm::kChunkPaths;
                                   simulators[worker]->run(first, std::min(volstorm::kChunkPaths, paths - first),
                                                           columns[slot]);
                               },
                               [&](std::size_t slot, std::size_t) { use(columns[slot]); });
}

/// Mean of a sample, with its standard error.
class Mean {
 public:
    void add(double x) {
        ++n_;
        const double step = x - value_;
        value_ += step / static_cast<double>(n_);
        squares_ += step * (x - value_);
    }
    double value() const { return value_; }
    double sd() const { return std::sqrt(squares_ / static_cast<double>(n_)); }
    double error() const { return sd() / std::sqrt(static_cast<double>(n_)); }

 private:
    std::size_t n_ = 0;
    double value_ = 0.0, squares_ = 0.0;
};

}  // namespace short_run

#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "command.h"
#include "volstorm/engine/scenario.h"
#include "volstorm/risk/precision.h"

namespace volstorm {

/// What --until says after a run.
struct Look {
    std::string text;              // a line, or nothing without --until
    bool reached = true;           // every goal
    std::optional<Scenario> next;  // with more paths, where that would help and fits
};

/// The option --until: how narrow intervals should be, and how many paths to try next. The paths of a look are those of
/// the scenario doubled a whole number of times, and nothing but the look before decides how often: the same command
/// stops at the same paths, and its result is that of a run with these.
class Until {
 public:
    /// InputError for goals that cannot be read, or that more paths do not reach.
    Until(const RunOptions& options, const Scenario& scenario, std::filesystem::path target, std::size_t threads);
    Look look(const Scenario& scenario, const BookRisk& risk) const;

 private:
    Scenario with_paths(std::uint64_t paths) const;
    const RunOptions& options_;
    std::filesystem::path target_;
    std::size_t threads_;
    std::vector<Precision> goals_;
};

}  // namespace volstorm

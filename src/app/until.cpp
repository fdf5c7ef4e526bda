#include "until.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "room.h"
#include "volstorm/core/error.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

std::string count(std::uint64_t paths) { return grouped(static_cast<std::int64_t>(paths)) + " paths"; }

/// The paths of the next look: those of this one doubled as often as the intervals ask for.
double more_paths(std::uint64_t paths, double factor) {
    constexpr double kFactorWithoutInterval = 4.0, kMostDoublings = 40.0;
    const double wanted = std::isfinite(factor) ? factor : kFactorWithoutInterval;
    return static_cast<double>(paths) * std::exp2(std::clamp(std::ceil(std::log2(wanted)), 1.0, kMostDoublings));
}

/// es99.9 < 0.5 %: it is 0.71 %.
std::string goals_text(std::span<const Precision> goals, const BookRisk& risk) {
    std::string text;
    for (const Precision& goal : goals) {
        const double half = half_width(goal, risk);
        const std::string width = std::isinf(half) ? "has no interval"
                                  : goal.relative  ? fmt::format("is +-{:.2g} %", 100.0 * half)
                                                   : fmt::format("is +-{:.4g}", half);
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", goal.text, width);
    }
    return text;
}

}  // namespace

Until::Until(const RunOptions& options, const Scenario& scenario, std::filesystem::path target, std::size_t threads)
    : options_(options), target_(std::move(target)), threads_(threads) {
    if (options.until.empty()) return;
    const std::string where = "--until " + shell_word(printable(options.until));
    if (!scenario.generator.is_model()) {
        throw InputError({where}, fmt::format("more paths of model.generator = \"{}\" narrow no interval; leave it out",
                                              scenario.generator.name));
    }
    goals_ = read_precision(options.until, where, scenario.strategy_names());
}

Scenario Until::with_paths(std::uint64_t paths) const {
    ScenarioOptions more = options_.scenario;
    more.paths = paths;
    return more.read();
}

Look Until::look(const Scenario& scenario, const BookRisk& risk) const {
    if (goals_.empty()) return {};
    const double factor = paths_factor(goals_, risk);
    const std::string state = fmt::format("Until    {}: {}", count(scenario.sampling.paths), goals_text(goals_, risk));
    if (factor <= 1.0) return {state + ", reached\n", true, {}};
    const double next = more_paths(scenario.sampling.asked, factor);
    if (next > static_cast<double>(kPathLimit))
        return {fmt::format("{}, NOT reached: it needs about {:.0e} paths\n", state, next), false, {}};
    Scenario more = with_paths(static_cast<std::uint64_t>(next));
    if (const auto lack = lack_of_room(more, target_, threads_))
        return {fmt::format("{}, NOT reached: {}\n", state, *lack), false, {}};
    std::string text = fmt::format("{}, next {}\n", state, count(more.sampling.paths));
    return {std::move(text), false, std::move(more)};
}

}  // namespace volstorm

#include <fmt/format.h>

#include <filesystem>

#include "command.h"
#include "print.h"
#include "target.h"
#include "volstorm/core/text.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/report/days_text.h"
#include "volstorm/report/terminal.h"

namespace volstorm {
namespace {

void write_table(const std::vector<DayResult>& results, const std::vector<std::string>& layers,
                 const std::filesystem::path& file) {
    make_folder_of(file);
    write_atomically(file, file.extension() == ".md" ? days_markdown(results, layers) : days_csv(results, layers));
}

}  // namespace

Exit days_command(const DaysOptions& options) {
    Scenario scenario = options.scenario.read();
    refuse_method(options.scenario, "changes nothing here: every named day is one path");
    if (!options.output.empty()) check_table(options.output, scenario);
    const std::vector<NamedDay> days = named_days();
    scenario.generator = paths_of(days);
    scenario.sampling.paths = scenario.sampling.asked = days.size();
    scenario.sampling.method = SamplingMethod::plain;
    scenario.sampling.measure = Measure::physical;
    const auto experiment = prepare(scenario, true);
    std::vector<std::string> layers;
    for (const PreparedLayer& layer : experiment->layers) layers.push_back(layer.name);
    const std::vector<DayResult> results = results_of(*experiment, days);
    say("{}\n{}", entry_text(*experiment), days_text(results, layers));
    if (options.output.empty()) return Exit::ok;
    write_table(results, layers, options.output);
    note("every figure of every day: {}\n", options.output);
    return Exit::ok;
}

}  // namespace volstorm

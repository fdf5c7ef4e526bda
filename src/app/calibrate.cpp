#include "calibrate.h"

#include "volstorm/core/error.h"

namespace volstorm {

void add_calibrate_options(CLI::App& command, CalibrateOptions& options) {
    add_quote_options(command, options.quotes);
    const std::size_t of_quotes = command.get_options().size();
    add_physical_options(command, options.physical);
    // What belongs to one way of fitting is refused with the other, not ignored.
    CLI::Option* scenario = command.get_option("scenario");
    CLI::Option* physical = command.get_option("--physical");
    const std::vector<CLI::Option*> all = command.get_options();
    for (std::size_t i = 0; i < all.size(); ++i) {
        CLI::Option* way = i < of_quotes ? scenario : physical;
        if (all[i] != way && all[i] != command.get_help_ptr()) all[i]->needs(way);
    }
    const auto read_seed = [&options](const std::string& text) {
        options.seed = whole_number("--seed", text, 0, std::numeric_limits<std::int64_t>::max());
    };
    command
        .add_option_function<std::string>("--seed", read_seed,
                                          "seed of simulated sessions and of further starts (default 1)")
        ->type_name("N");
    command.add_option("--threads", options.threads, "threads (default: all cores)")->check(CLI::Range(0, 4096));
    command.add_option("-o,--output", options.output, "model file to write; nothing may be there yet")->required();
}

Exit calibrate_command(const CalibrateOptions& options) {
    const bool physical = !options.physical.model.empty(), quotes = !options.quotes.scenario.empty();
    if (physical == quotes)
        throw InputError({"calibrate"},
                         "needs a SCENARIO, whose model is fitted to quotes, or --physical MODEL, to a history");
    if (quotes) return calibrate_quotes(options.quotes, options.output, options.seed, options.threads);
    return calibrate_physical(options.physical, options.output, options.seed, options.threads);
}

}  // namespace volstorm

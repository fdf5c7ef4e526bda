#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "command.h"
#include "model_file.h"
#include "print.h"
#include "target.h"
#include "volstorm/core/civil_time.h"
#include "volstorm/core/error.h"
#include "volstorm/core/table.h"
#include "volstorm/core/text.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/market/calendar.h"
#include "volstorm/market/market.h"

namespace volstorm {
namespace {

namespace fs = std::filesystem;

/// New York's time as TOML writes it; the seconds may be left out.
std::string moment(const std::string& text) {
    std::string form = text;
    for (char& c : form) c = c >= '0' && c <= '9' ? '0' : c;
    const bool with_seconds = form == "0000-00-00T00:00:00" || form == "0000-00-00 00:00:00";
    if (!with_seconds && form != "0000-00-00T00:00" && form != "0000-00-00 00:00") {
        throw InputError({"--time " + printable(text)}, "is not a date and time such as 2025-06-17T15:45:00");
    }
    std::string toml = text + (with_seconds ? "" : ":00");
    toml[10] = 'T';
    return toml;
}

/// The quotes, checked as a scenario's would be; errors name the option.
Market checked_quotes(const InitOptions& o) {
    struct Quote {
        std::string option, typed, set;
    };
    std::vector<Quote> quotes{{"--time", o.time, "market.time=" + moment(o.time)}};
    const auto add = [&](const char* option, const char* key, double value) {
        quotes.push_back({option, shortest(value), fmt::format("market.{}={}", key, shortest(value))});
    };
    add("--spx", "spx", o.spx), add("--vix", "vix", o.vix), add("--rate", "rate", o.rate);
    add("--dividend-yield", "dividend_yield", o.dividend_yield);
    std::vector<std::string> sets;
    sets.reserve(quotes.size());
    for (const Quote& quote : quotes) sets.push_back(quote.set);
    try {
        return read_market(Table::parse("", "volstorm init", sets));
    } catch (const InputError& error) {
        const std::string place = error.where().text(), message = error.what();
        for (const Quote& quote : quotes) {
            if (place != "--set " + quote.set) continue;
            throw InputError({quote.option + " " + printable(quote.typed)}, message.substr(place.size() + 2));
        }
        throw;
    }
}

std::string starter(const InitOptions& o, const Market& market, const std::string& model) {
    const Date expiry = next_session(date_of(market.time));
    return fmt::format(R"(title = "SPX condor of {0}"

[market]                      # what is known when the trade is put on
time = {1}    # New York
spx = {2}
vix = {3}
# atm_vol_1d = 0.16           # one-day at-the-money vol, if you have it: 0.16 is 16 %, on the session clock
rate = {4}
dividend_yield = {5}

[model]
file = {6}

# [[event]]                   # a scheduled announcement before the settlement
# name = "FOMC"
# time = 2025-06-18T14:00:00
# spx_move_sd = 0.0075

[condor]
expiry = {0}
short_delta = 0.15
wing_width = 25.0
contracts = 1

[[layer]]
name = "first"
instrument = {{ type = "vix_call", days = 30, delta = 0.50 }}
size = {{ budget = 0.125, of = "max_risk", whole = false }}
open = "entry"

[sampling]
paths = 1000000
seed = 1

[[claim]]
text = "The hedge turns a -40 % day into -8 % or better"
given = "condor_return >= -0.45 and condor_return <= -0.35"
expect = "total_return >= -0.08"
)",
                       to_string(expiry), moment(o.time), shortest(o.spx), shortest(o.vix), shortest(o.rate),
                       shortest(o.dividend_yield), toml_string(model));
}

}  // namespace

Exit init_command(const InitOptions& options) {
    const Market market = checked_quotes(options);
    if (!options.output.empty()) check_new_file(options.output);
    const fs::path folder =
        fs::absolute(options.output.empty() ? "x" : options.output).lexically_normal().parent_path();
    const std::optional<fs::path> model = shipped_model(folder);
    const std::string text =
        starter(options, market, model ? model->lexically_relative(folder).string() : "models/default.toml");
    if (!model) {
        note(
            "volstorm init: no models/default.toml was found above {}, the current folder or the program; give the "
            "scenario its model file under [model]\n",
            printable(folder.string()));
    }
    if (options.output.empty()) {
        say("{}", text);
        return Exit::ok;
    }
    make_folder_of(options.output);
    write_atomically(options.output, text);
    say("wrote {}\n", options.output);
    return Exit::ok;
}

}  // namespace volstorm

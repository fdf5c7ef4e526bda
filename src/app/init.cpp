#include <fmt/format.h>

#include "command.h"
#include "volstorm/core/civil_time.h"
#include "volstorm/core/error.h"
#include "volstorm/core/table.h"
#include "volstorm/core/text.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/market/calendar.h"
#include "volstorm/market/market.h"

namespace volstorm {
namespace {

std::string starter(const InitOptions& o, Date expiry) {
    return fmt::format(R"(title = "SPX condor of {0}"

[market]                      # what is known when the trade is put on
time = {1}    # New York
spx = {2}
vix = {3}
# atm_vol_1d = 0.16           # one-day at-the-money vol, if you have it: 0.16 is 16 %, on the session clock
rate = {4}
dividend_yield = {5}

[model]
file = "{6}"

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
                       to_string(expiry), o.time, shortest(o.spx), shortest(o.vix), shortest(o.rate),
                       shortest(o.dividend_yield), "models/default.toml");
}

}  // namespace

Exit init_command(const InitOptions& options) {
    // The quotes are checked as a scenario's would be.
    const Table quotes =
        Table::parse(fmt::format("[market]\ntime = {}\nspx = {}\nvix = {}\nrate = {}\ndividend_yield = {}\n",
                                 options.time, shortest(options.spx), shortest(options.vix), shortest(options.rate),
                                 shortest(options.dividend_yield)),
                     "volstorm init");
    const Market market = read_market(quotes);
    const Date expiry = next_session(date_of(market.time));
    const std::string text = starter(options, expiry);
    if (options.output.empty()) {
        fmt::print("{}", text);
        return Exit::ok;
    }
    if (std::filesystem::exists(options.output)) {
        throw InputError({options.output}, "is there already; choose another name");
    }
    write_atomically(options.output, text);
    fmt::print("wrote {}\n", options.output);
    return Exit::ok;
}

}  // namespace volstorm

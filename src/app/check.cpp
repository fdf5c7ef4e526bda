#include <fmt/format.h>

#include "command.h"
#include "print.h"
#include "volstorm/core/text.h"
#include "volstorm/engine/experiment.h"
#include "volstorm/report/terminal.h"
#include "volstorm/risk/book.h"

namespace volstorm {

Exit check_command(const CheckOptions& options) {
    const Scenario scenario = options.scenario.read();
    check_claims(scenario);
    const auto experiment = prepare_entry(scenario);
    if (options.explain) {
        for (const Setting& setting : scenario.settings) {
            say("{} = {}  # {}\n", setting.key, printable(setting.value), setting.origin);
        }
        return Exit::ok;
    }
    say("{}{}\n{}: this scenario can {}\n", entry_text(*experiment), budget_warnings(scenario), scenario.path,
        scenario.condor ? "run" : "be priced; a run needs a condor");
    return Exit::ok;
}

}  // namespace volstorm

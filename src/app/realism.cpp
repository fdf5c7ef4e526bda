#include <fmt/format.h>

#include "command.h"
#include "print.h"
#include "volstorm/calibration/realism.h"

namespace volstorm {
namespace {

std::vector<MarketBars> bars_from(const RealismOptions& o) {
    const DailyHistory history = join_daily(read_daily_series(o.spx), read_daily_series(o.vix));
    for (const auto& remark : history.remarks) note("{}\n", remark);
    const Date first = make_date(1900, 1, 1), last = make_date(2100, 1, 1);
    return {bars_of(sessions_of(history, first, make_date(2019, 12, 31)), "1990-2019"),
            bars_of(sessions_of(history, make_date(2020, 1, 1), last), "2020-2025"),
            bars_of(sessions_of(history, first, last), "1990-2025")};
}

}  // namespace

Exit realism_command(const RealismOptions& o) {
    const std::vector<MarketBars> periods = o.spx.empty() ? shipped_bars() : bars_from(o);
    if (!o.write_bars.empty()) {
        say("{}", to_csv(periods));
        return Exit::ok;
    }
    const ModelInput model = read_model(Table::parse("[model]\nfile = \"" + o.model + "\"\n", "."));
    const auto executor = make_tbb_executor(0);
    for (const auto& bars : periods) {
        const auto laws = model_laws(model, bars, o.paths, 1, *executor);
        const auto table = compare_with(bars, laws);
        say("{}\n", table.period);
        std::string last;
        for (const auto& row : table.rows) {
            if (row.id != last) say("\n{:<18}", row.id);
            last = row.id;
            say("{:>9.3f}{} [{:>7.3f} {:>7.3f}]", row.model, row.inside() ? ' ' : 'X', row.market.low, row.market.high);
        }
        say("\n");
        for (const Regime r : kRegimes) say("{} {}/{}  ", name_of(r), table.count(r).inside, table.count(r).rows);
        say("total {}/{}\n", table.count().inside, table.count().rows);
    }
    return Exit::ok;
}

}  // namespace volstorm

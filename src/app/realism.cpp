#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "command.h"
#include "model_file.h"
#include "print.h"
#include "target.h"
#include "threads.h"
#include "volstorm/core/text.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/report/realism_text.h"

namespace volstorm {
namespace {

constexpr Date kFirst = make_date(1900, 1, 1), kLast = make_date(2199, 12, 31);

// The periods of a history that the user gives: up to the end of 2019, after it, and all of it.
std::vector<MarketBars> bars_from(const DailyHistory& history) {
    const Date split = make_date(2019, 12, 31);
    const auto name = [&](Date from, Date to) {
        const auto year = [](Date date) { return static_cast<int>(std::chrono::year_month_day(date).year()); };
        return fmt::format("{}-{}", year(std::max(from, history.spx.front().date)),
                           year(std::min(to, history.spx.back().date)));
    };
    std::vector<MarketBars> periods;
    for (const auto& [from, to] :
         {std::pair(kFirst, split), std::pair(split + std::chrono::days(1), kLast), std::pair(kFirst, kLast)}) {
        const OneDaySample sessions = sessions_of(history, from, to);
        if (sessions.size() > 0) periods.push_back(bars_of(sessions, name(from, to)));
    }
    return periods;
}

std::vector<MarketBars> market_of(const RealismOptions& options) {
    if (options.spx.empty() && options.vix.empty()) return shipped_bars();
    if (options.spx.empty() || options.vix.empty())
        throw InputError({"realism"}, "a history needs both --spx and --vix");
    const DailyHistory history = join_daily(read_daily_series(options.spx), read_daily_series(options.vix));
    for (const std::string& remark : history.remarks) note("{}\n", remark);
    return bars_from(history);
}

std::string period_of(const RealismOptions& options, const std::vector<MarketBars>& periods) {
    if (options.period.empty()) return periods.front().period;
    std::string names;
    for (const MarketBars& bars : periods) {
        if (bars.period == options.period) return bars.period;
        names += (names.empty() ? "" : ", ") + bars.period;
    }
    throw InputError({"--period " + printable(options.period)}, "is no period; there are " + names);
}

void write_table(const RealismReport& report, const std::filesystem::path& file) {
    make_folder_of(file);
    write_atomically(file, file.extension() == ".md" ? realism_markdown(report) : realism_csv(report));
}

}  // namespace

Exit realism_command(const RealismOptions& options) {
    const std::string file = model_or_shipped(options.model);
    if (options.bars.empty()) check_table(options.output, {file, options.spx, options.vix});
    const std::vector<MarketBars> periods = market_of(options);
    if (!options.bars.empty()) {
        write_atomically(options.bars, to_csv(periods));
        return Exit::ok;
    }
    const std::string period = period_of(options, periods);
    const ModelInput model = read_model_file(file, options.set, "volstorm realism");
    const auto executor = make_executor(options.threads);
    RealismReport report{file, {}, vix_premia(model, options.seed, *executor)};
    for (const MarketBars& bars : periods) {
        const auto laws = model_laws(model, bars, options.paths, options.seed, *executor);
        report.tables.push_back(compare_with(bars, laws, response_figures(model, bars, options.seed, *executor)));
    }
    say("{}", realism_text(report, period));
    write_table(report, options.output);
    note("every row of every period: {}\n", options.output);
    return Exit::ok;
}

}  // namespace volstorm

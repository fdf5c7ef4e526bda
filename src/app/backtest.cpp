#include <fmt/format.h>

#include <filesystem>

#include "command.h"
#include "model_file.h"
#include "period.h"
#include "print.h"
#include "target.h"
#include "threads.h"
#include "volstorm/io/atomic_file.h"
#include "volstorm/report/backtest_text.h"

namespace volstorm {
namespace {

constexpr std::size_t kFewestSessions = 100;
constexpr std::uint64_t kRepetitions = 2000;  // smallest p-value of expected shortfall: 1 / 2001

OneDaySample sessions_in(const Period& period, const DailyHistory& history) {
    OneDaySample sessions = sessions_of(history, period.from, period.to);
    if (sessions.size() < kFewestSessions)
        throw InputError({"--from"}, fmt::format("leaves {} sessions of the history ({}); {} are needed, for tests of "
                                                 "fewer reject next to nothing",
                                                 sessions.size(), period.text(), kFewestSessions));
    return sessions;
}

void write_table(const BacktestReport& report, const std::string& file) {
    const std::filesystem::path path = file;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
    write_atomically(path, path.extension() == ".md" ? backtest_markdown(report) : backtest_csv(report));
}

}  // namespace

Exit backtest_command(const BacktestOptions& options) {
    const std::string file = model_or_shipped(options.model);
    check_table(options.output, {file, options.spx, options.vix});
    const ModelInput model = read_model_file(file, options.set, "volstorm backtest");
    const DailyHistory history = join_daily(read_daily_series(options.spx), read_daily_series(options.vix));
    for (const std::string& remark : history.remarks) note("{}\n", remark);
    const Period period = period_of(options.from, options.to, history);
    const OneDaySample sessions = sessions_in(period, history);
    const BookRule rule{options.short_delta, options.wing_percent};
    const auto executor = make_executor(options.threads);
    const Forecaster forecaster(model, sessions.vix_before, rule, {.seed = options.seed}, *executor);
    const BacktestReport report{file, period.text(), rule,
                                judge(forecaster.of(sessions), kRepetitions, options.seed, *executor)};
    say("{}", backtest_text(report));
    write_table(report, options.output);
    note("every row of every regime: {}\n", options.output);
    return Exit::ok;
}

}  // namespace volstorm

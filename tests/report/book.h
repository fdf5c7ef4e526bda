#pragma once
#include "engine/short_run.h"
#include "volstorm/risk/book.h"

/// A small run with its figures, kept in memory.
namespace book {

/// The P&L of a run in memory.
class Results final : public volstorm::PnlSource {
 public:
    explicit Results(const volstorm::PathColumns& columns) : columns_(columns) {}
    std::uint64_t paths() const override { return columns_.count; }
    std::size_t draws() const override { return columns_.drawn.size(); }
    volstorm::PathWeights weights() const override { return {}; }
    void read(std::size_t, volstorm::PnlPiece& out) const override {
        out = {0, {}, columns_.pnl, columns_.drawn};
        for (std::size_t i = 0; i < columns_.count; ++i) {
            out.cell.push_back(volstorm::cell_of(columns_.breach[i], columns_.spx_return[i]));
        }
    }

 private:
    const volstorm::PathColumns& columns_;
};

struct Run {
    std::unique_ptr<const volstorm::Experiment> experiment;
    volstorm::PathColumns columns;
    volstorm::BookRisk risk;
};

inline Run measured(const short_run::Text& text, std::size_t paths) {
    Run run{short_run::prepare(text), {}, {}};
    run.columns = short_run::run(*run.experiment, paths);
    volstorm::BookStatistics statistics(*run.experiment, 1);
    statistics.count(0, run.columns);
    statistics.count_sessions(run.columns);
    run.risk = statistics.finish(Results(run.columns), *volstorm::make_thread_executor(1));
    return run;
}

/// Ten condors, a layer at the entry, one by rule, one that a budget never buys; claims and what really happened.
inline short_run::Text full() {
    short_run::Text text;
    text.condor += "contracts = 10\n";
    text.rest =
        short_run::layer("first", "type = \"vix_call\", days = 30, delta = 0.50",
                         "size = { budget = 0.3, of = \"max_risk\" }") +
        short_run::layer("second", "type = \"vix_call_spread\", days = 30, delta = 0.40, width = 10.0",
                         "size = { contracts = 5 }\nopen = \"vix_change > 1\"\nclose = \"vix_change < 0.5\"") +
        short_run::layer("none", "type = \"vx_future\", days = 30",
                         "size = { budget = 0.01, of = \"max_risk\" }\nopen = \"vix_change > 1\"") +
        "[realised]\nspx = 5950.0\nvix = 21.5\n"
        "[[claim]]\ntext = \"every path\"\ngiven = \"true\"\nexpect = \"spx_return > -0.5\"\n"
        "[[claim]]\ntext = \"VIX ends lower after a breach\"\ngiven = \"down_breach\"\nexpect = \"vix_change < 0\"\n"
        "[[claim]]\ntext = \"a rare day\"\ngiven = \"spx_return < -0.2\"\nexpect = \"total_return > 0\"\n";
    return text;
}

}  // namespace book

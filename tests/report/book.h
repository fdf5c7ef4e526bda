#pragma once
#include <map>

#include "engine/short_run.h"
#include "volstorm/risk/book.h"

/// A small run with its figures, kept in memory.
namespace book {

/// The columns of a run as the statistics read them.
class Results final : public volstorm::PathResults {
 public:
    explicit Results(const volstorm::PathColumns& c) : paths_(c.count) {
        const auto rows = [&](const std::string& name, const auto& group) {
            for (std::size_t k = 0; k < group.size(); ++k) add(name, k, group[k]);
        };
        rows("pnl", c.pnl), rows("pnl_leg", c.pnl_leg), rows("opened", c.opened), rows("closed", c.closed);
        rows("contracts", c.contracts), rows("unit_pnl", c.unit_pnl), rows("unit_cost", c.unit_cost);
        add("spx_return", 0, c.spx_return), add("vix_end", 0, c.vix_end), add("vix_max", 0, c.vix_max);
        add("breach", 0, c.breach);
    }
    std::uint64_t paths() const override { return paths_; }
    const volstorm::Column& column(const std::string& name, std::size_t row) const override {
        return *columns_.at({name, row});
    }

 private:
    template <class T>
    void add(const std::string& name, std::size_t row, const std::vector<T>& values) {
        auto& kept = values_[{name, row}];
        kept.assign(values.begin(), values.end());
        columns_[{name, row}] = std::make_unique<volstorm::MemoryColumn>(kept);
    }
    std::uint64_t paths_;
    std::map<std::pair<std::string, std::size_t>, std::vector<float>> values_;
    std::map<std::pair<std::string, std::size_t>, std::unique_ptr<volstorm::MemoryColumn>> columns_;
};

struct Run {
    std::unique_ptr<const volstorm::Experiment> experiment;
    volstorm::PathColumns columns;
    volstorm::BookRisk risk;
};

inline Run measured(const short_run::Text& text, std::size_t paths) {
    Run run{short_run::prepare(text), {}, {}};
    run.columns = short_run::run(*run.experiment, paths);
    run.risk = volstorm::measure(*run.experiment, Results(run.columns));
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

#include "figures.h"

#include <string>
#include <vector>

namespace volstorm {
namespace {

using h5::Layout;
using Names = std::vector<std::string>;

// An estimate in four datasets: name, name_low, name_high and name_standard_error.
struct EstimateRows {
    std::vector<double> value, low, high, error;
    void add(const Estimate& e) {
        value.push_back(e.value);
        low.push_back(e.low);
        high.push_back(e.high);
        error.push_back(e.standard_error);
    }
};

void write_numbers(h5::File& file, const std::string& path, const Names& dims, const std::string& units,
                   const std::string& long_name, const std::vector<double>& values) {
    file.dataset(path, Layout{.dims = dims, .units = units, .long_name = long_name});
    file.write(path, values);
}

void write_counts(h5::File& file, const std::string& path, const Names& dims, const std::string& long_name,
                  const std::vector<std::int64_t>& values) {
    file.dataset(path, Layout{.type = h5::Type::int64, .dims = dims, .units = "1", .long_name = long_name});
    file.write(path, values);
}

void write_estimates(h5::File& file, const std::string& path, const Names& dims, const std::string& units,
                     const std::string& long_name, const EstimateRows& rows) {
    write_numbers(file, path, dims, units, long_name, rows.value);
    write_numbers(file, path + "_low", dims, units, long_name + ", lower end of the 95 % interval", rows.low);
    write_numbers(file, path + "_high", dims, units, long_name + ", upper end of the 95 % interval", rows.high);
    write_numbers(file, path + "_standard_error", dims, units, long_name + ", standard error", rows.error);
}

// A figure that stands in a member of T.
template <class T>
struct Figure {
    const char* name;
    const char* units;
    const char* long_name;
    Estimate T::*member;
};

void write_summary(const BookRisk& risk, h5::File& file) {
    constexpr Figure<Summary> figures[] = {
        {"mean", "USD", "mean P&L", &Summary::mean},
        {"sd", "USD", "standard deviation of the P&L", &Summary::sd},
        {"p_loss", "1", "share of paths that lose", &Summary::p_loss},
        {"win_share", "1", "share of paths that win", &Summary::win_share},
        {"mean_win", "USD", "mean P&L of winning paths", &Summary::mean_win},
        {"mean_loss", "USD", "mean P&L of losing paths", &Summary::mean_loss},
        {"atom_share", "1", "share of paths at exactly the worst loss", &Summary::atom_share},
    };
    for (const auto& figure : figures) {
        EstimateRows rows;
        for (const StrategyRisk& s : risk.strategies) rows.add(s.whole().*figure.member);
        write_estimates(file, std::string("/summary/") + figure.name, {"strategy"}, figure.units, figure.long_name,
                        rows);
    }
    std::vector<double> worst, best, cost;
    EstimateRows var, es;
    for (const StrategyRisk& s : risk.strategies) {
        worst.push_back(s.whole().worst);
        best.push_back(s.whole().best);
        cost.push_back(s.mean_cost);
        for (const Tail& tail : s.whole().tails) var.add(tail.value_at_risk), es.add(tail.expected_shortfall);
    }
    write_numbers(file, "/summary/worst", {"strategy"}, "USD", "worst loss", worst);
    write_numbers(file, "/summary/best", {"strategy"}, "USD", "best P&L", best);
    write_numbers(file, "/summary/mean_cost", {"strategy"}, "USD", "mean of all costs", cost);
    write_estimates(file, "/summary/value_at_risk", {"strategy", "level"}, "USD", "value at risk (loss)", var);
    write_estimates(file, "/summary/expected_shortfall", {"strategy", "level"}, "USD", "expected shortfall (loss)", es);
}

// Against the unhedged book on the same paths; that book itself stands there with zeros.
void write_changes(const BookRisk& risk, h5::File& file) {
    EstimateRows mean, es;
    const Estimate nothing{0.0, 0.0, 0.0, 0.0};
    for (const StrategyRisk& s : risk.strategies) {
        const PairedDifference& difference = s.figures.against_first;
        const bool is_first = difference.expected_shortfall.empty();
        mean.add(is_first ? nothing : difference.mean);
        for (std::size_t i = 0; i < s.whole().tails.size(); ++i) {
            es.add(is_first ? nothing : difference.expected_shortfall[i].value);
        }
    }
    write_estimates(file, "/summary/mean_change", {"strategy"}, "USD", "mean P&L less that of the unhedged book", mean);
    write_estimates(file, "/summary/expected_shortfall_change", {"strategy", "level"}, "USD",
                    "expected shortfall less that of the unhedged book (below 0: smaller tail)", es);
}

void write_groups(const BookRisk& risk, h5::File& file) {
    const Names names{"all", "no_breach", "down_breach", "up_breach", "spx_down", "spx_up"};
    file.coordinate("group", names, "paths by how the condor settled, and by the side of SPX (unchanged is up)");
    EstimateRows share, mean, es;
    for (const Estimate& of_group : risk.strategies.front().figures.share) share.add(of_group);
    for (const StrategyRisk& s : risk.strategies) {
        for (const auto& summary : s.figures.summary) {
            mean.add(summary ? summary->mean : Estimate{});
            for (std::size_t i = 0; i < kTailLevels.size(); ++i) {
                es.add(summary ? summary->tails[i].expected_shortfall : Estimate{});
            }
        }
    }
    write_estimates(file, "/groups/share", {"group"}, "1", "share of all paths", share);
    write_estimates(file, "/groups/mean", {"strategy", "group"}, "USD", "mean P&L within the group", mean);
    write_estimates(file, "/groups/expected_shortfall", {"strategy", "group", "level"}, "USD",
                    "expected shortfall (loss) within the group", es);
}

void write_layers(const BookRisk& risk, h5::File& file) {
    if (risk.layers.empty()) return;
    constexpr Figure<LayerRisk> figures[] = {
        {"opened_share", "1", "share of paths on which it was opened", &LayerRisk::opened_share},
        {"closed_early_share", "1", "share of paths on which it was closed before the horizon",
         &LayerRisk::closed_early_share},
        {"empty_share", "1", "share of paths on which its budget bought none", &LayerRisk::empty_share},
        {"mean_pnl", "USD", "mean P&L at mid", &LayerRisk::mean_pnl},
        {"mean_cost", "USD", "mean of its costs", &LayerRisk::mean_cost},
    };
    for (const auto& figure : figures) {
        EstimateRows rows;
        for (const LayerRisk& layer : risk.layers) rows.add(layer.*figure.member);
        write_estimates(file, std::string("/layers/") + figure.name, {"layer"}, figure.units, figure.long_name, rows);
    }
}

void write_realised(const BookRisk& risk, h5::File& file) {
    if (!risk.realised) return;
    const RealisedRisk& r = *risk.realised;
    const auto one = [&](const char* name, const char* units, const char* long_name, double value) {
        write_numbers(file, std::string("/realised/") + name, {}, units, long_name, {value});
    };
    one("spx_return", "1", "SPX at the real settlement over SPX at entry, less 1", r.spx_return);
    one("vix", "VIX point", "VIX at the real horizon", r.vix);
    one("condor_pnl", "USD", "P&L of the condor alone at the real settlement, after costs", r.condor_pnl);
    one("spx_share_below", "1", "share of paths with a lower SPX", r.spx.below);
    one("vix_share_above", "1", "share of paths with a higher VIX", r.vix_standing.above);
}

void write_convergence(const Convergence& convergence, h5::File& file) {
    file.coordinate("sample", std::vector<std::int64_t>(convergence.paths.begin(), convergence.paths.end()), "1",
                    "number of paths, from the first, that the figures of /convergence are computed from");
    const auto figure = [&](const char* name, const char* long_name, const std::vector<std::vector<Estimate>>& books) {
        EstimateRows rows;
        for (const std::vector<Estimate>& book : books) {
            for (const Estimate& estimate : book) rows.add(estimate);
        }
        write_estimates(file, std::string("/convergence/") + name, {"strategy", "sample"}, "USD", long_name, rows);
    };
    figure("mean", "mean P&L", convergence.mean);
    figure("expected_shortfall", "expected shortfall (loss) at 97.5 %", convergence.expected_shortfall);
}

void write_claims(const BookRisk& risk, h5::File& file) {
    if (risk.claims.empty()) return;
    Names texts, verdicts;
    std::vector<std::int64_t> given, holds;
    std::vector<double> given_share;
    EstimateRows share;
    for (const ClaimRisk& claim : risk.claims) {
        texts.push_back(claim.text);
        verdicts.emplace_back(to_string(claim.result.verdict));
        given.push_back(static_cast<std::int64_t>(claim.result.given));
        holds.push_back(static_cast<std::int64_t>(claim.result.holds));
        share.add(claim.result.share);
        given_share.push_back(claim.result.given_share);
    }
    file.coordinate("claim", texts, "claim, in the scenario's words");
    file.dataset("/claims/verdict",
                 Layout{.type = h5::Type::text, .dims = {"claim"}, .long_name = "verdict on the claim"});
    file.write_text("/claims/verdict", verdicts);
    write_counts(file, "/claims/given", {"claim"}, "paths on which the claim is tested", given);
    write_counts(file, "/claims/holds", {"claim"}, "paths of these on which it holds", holds);
    write_estimates(file, "/claims/share", {"claim"}, "1", "share on which it holds", share);
    write_numbers(file, "/claims/given_share", {"claim"}, "1", "share of all paths on which the claim is tested",
                  given_share);
}

}  // namespace

void write_figures(const BookRisk& risk, h5::File& file) {
    write_summary(risk, file);
    write_changes(risk, file);
    write_groups(risk, file);
    write_layers(risk, file);
    write_realised(risk, file);
    write_convergence(risk.convergence, file);
    write_claims(risk, file);
}

}  // namespace volstorm

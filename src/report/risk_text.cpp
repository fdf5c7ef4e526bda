#include <fmt/format.h>

#include <cmath>

#include "format.h"
#include "volstorm/core/text.h"
#include "volstorm/engine/strata.h"
#include "volstorm/report/terminal.h"

namespace volstorm {
namespace {

constexpr std::size_t kNameWidth = 18;
constexpr double kFewestOfAtom = 4.5;       // paths
constexpr std::size_t kPrecisionLevel = 2;  // of ES 99

// The name of a strategy, or its end where it is long: the last layer is the one that the row adds.
std::string short_name(const std::string& name) {
    return name.size() <= kNameWidth ? name : ".." + name.substr(name.size() - kNameWidth + 2);
}

void strategy_table(const BookRisk& risk, Buffer out) {
    fmt::format_to(out, "P&L to the horizon, dollars, after costs (95 % intervals; gross: before costs)\n");
    fmt::format_to(out, "  {:<18} {:>9} {:<20} {:>8} {:>9} {:>7} {:>9} {:>9}\n", "book", "mean", "", "gross", "sd",
                   "P(loss)", "best", "worst");
    for (const StrategyRisk& s : risk.strategies) {
        const Summary& all = s.whole();
        fmt::format_to(out, "  {:<18} {:>9} {:<20} {:>8} {:>9} {:>5.2f} % {:>9} {:>9}\n", short_name(s.name),
                       dollars(all.mean.value), interval(all.mean), dollars(all.mean.value + s.mean_cost),
                       dollars(all.sd.value), 100.0 * all.p_loss.value, dollars(all.best), dollars(-all.worst));
    }
    for (const StrategyRisk& s : risk.strategies) {
        const Summary& all = s.whole();
        fmt::format_to(out, "  {}: mean win {} on {:.1f} %, mean loss {} on {} of paths\n", short_name(s.name),
                       dollars(all.mean_win.value), 100.0 * all.win_share.value, dollars(-all.mean_loss.value),
                       share(all.p_loss));
    }
}

void tail_table(const BookRisk& risk, Buffer out) {
    fmt::format_to(out, "\nTail of the loss, dollars (positive: money lost)\n");
    fmt::format_to(out, "  {:<18} {:>6} {:>10} {:<22} {:>10}\n", "book", "level", "VaR", "", "ES");
    for (const StrategyRisk& s : risk.strategies) {
        for (const Tail& tail : s.whole().tails) {
            fmt::format_to(out, "  {:<18} {:>6} {:>10} {:<22} {:>10} {}\n", short_name(s.name),
                           fmt::format("{:g}", 100.0 * tail.level), dollars(tail.value_at_risk.value),
                           interval(tail.value_at_risk), dollars(tail.expected_shortfall.value),
                           tail.atom ? "= the worst loss" : interval(tail.expected_shortfall));
        }
    }
    for (const StrategyRisk& s : risk.strategies) {
        const Summary& all = s.whole();
        // A path or two at the worst loss are no atom; one of a sample in strata may count for two.
        const double paths = all.atom_share.value * static_cast<double>(all.n);
        if (all.atom_share.value < 1e-4 || paths < kFewestOfAtom || all.worst <= 0.0) continue;
        fmt::format_to(out, "  {}: {:.2f} % of paths end at the worst loss of {}\n", short_name(s.name),
                       100.0 * all.atom_share.value, dollars(all.worst));
    }
}

void difference_table(const BookRisk& risk, Buffer out) {
    if (risk.strategies.size() < 2) return;
    fmt::format_to(out, "\nWhat the hedge changes, against unhedged on the same paths, dollars\n");
    fmt::format_to(out, "  {:<18} {:>9} {:<20} {:>12} {}\n", "book", "mean", "", "ES 97.5", "(below 0: smaller tail)");
    for (const StrategyRisk& s : risk.strategies) {
        const PairedDifference& difference = s.figures.against_first;
        if (difference.expected_shortfall.empty()) continue;
        const Estimate& es = difference.expected_shortfall[1].value;
        fmt::format_to(out, "  {:<18} {:>9} {:<20} {:>12} {}\n", short_name(s.name), dollars(difference.mean.value),
                       interval(difference.mean), dollars(es.value), interval(es));
    }
}

void group_table(const BookRisk& risk, Buffer out) {
    fmt::format_to(out, "\nBy outcome: mean P&L (share of paths), and ES 97.5 within the side\n");
    fmt::format_to(out, "  {:<18} {:>18} {:>18} {:>18} {:>10} {:>10}\n", "book", "no breach", "down breach",
                   "up breach", "SPX down", "SPX up");
    for (const StrategyRisk& s : risk.strategies) {
        const auto mean = [&](Group group) {
            const auto& summary = s.figures.summary[group];
            if (!summary) return std::string("-");
            return fmt::format("{} ({:.2f} %)", dollars(summary->mean.value), 100.0 * s.figures.share[group].value);
        };
        const auto shortfall = [&](Group group) {
            const auto& summary = s.figures.summary[group];
            return summary ? dollars(summary->tails[1].expected_shortfall.value) : std::string("-");
        };
        fmt::format_to(out, "  {:<18} {:>18} {:>18} {:>18} {:>10} {:>10}\n", short_name(s.name), mean(kNoBreach),
                       mean(kDownBreach), mean(kUpBreach), shortfall(kSpxDown), shortfall(kSpxUp));
    }
}

// What the mark of an option earns or loses by itself: not the hedge's doing.
void drift_line(const PreparedLayer& layer, Buffer out) {
    if (!layer.spec->kind.has_strike() || std::abs(layer.drift) < 2.0 * layer.drift_error) return;
    fmt::format_to(out, "    its mark drifts by {:+.1f} % (+-{:.1f}) of its price to the horizon", 100.0 * layer.drift,
                   100.0 * layer.drift_error);
    if (layer.entry) {
        const double price = layer.entry->mid * layer.entry->contracts * layer.multiplier;
        fmt::format_to(out, ": {} of these dollars", dollars(layer.drift * price));
    }
    fmt::format_to(out, "\n");
}

void layer_table(const Experiment& e, const BookRisk& risk, Buffer out) {
    if (risk.layers.empty()) return;
    fmt::format_to(out, "\nLayers: mean P&L at mid and mean cost, dollars\n");
    fmt::format_to(out, "  {:<18} {:<25} {:>12} {:>9} {:<16} {:>7}\n", "layer", "opened on", "closed early", "P&L", "",
                   "cost");
    for (std::size_t k = 0; k < risk.layers.size(); ++k) {
        const LayerRisk& layer = risk.layers[k];
        fmt::format_to(out, "  {:<18} {:<25} {:>10.2f} % {:>9} {:<16} {:>7}\n", short_name(layer.name),
                       share(layer.opened_share), 100.0 * layer.closed_early_share.value, dollars(layer.mean_pnl.value),
                       interval(layer.mean_pnl), dollars(layer.mean_cost.value));
        if (layer.empty_share.value > 0.01 * layer.opened_share.value) {
            fmt::format_to(out, "    its budget bought nothing on {:.2f} % of paths\n",
                           100.0 * layer.empty_share.value);
        }
        drift_line(e.layers[k], out);
        if (pays_for_holding(e, risk, k)) {
            fmt::format_to(out,
                           "    it earns before costs: this model pays for holding it, which flatters the hedge\n");
        }
    }
}

// How many paths a claim is tested on: in strata their share by weight, since their number tells nothing.
std::string given_paths(const ClaimResult& r, bool in_strata) {
    return in_strata ? fmt::format("{:.2f} %", 100.0 * r.given_share) : grouped(static_cast<std::int64_t>(r.given));
}

void claim_table(const BookRisk& risk, bool in_strata, Buffer out) {
    if (risk.claims.empty()) return;
    fmt::format_to(out, "\nClaims\n");
    for (const ClaimRisk& claim : risk.claims) {
        const auto held = [&](const ClaimResult& r) {
            return fmt::format("{} of {}", r.given == 0 ? "none" : share(r.share), given_paths(r, in_strata));
        };
        fmt::format_to(out, "  {}: {}\n", printable(claim.text), to_string(claim.result.verdict));
        fmt::format_to(out, "    holds on {} {} (needs {:g} %)\n    SPX down: {}; SPX up: {}\n", held(claim.result),
                       in_strata ? "of all paths" : "paths", 100.0 * claim.required, held(claim.down), held(claim.up));
    }
}

void realised_lines(const BookRisk& risk, Buffer out) {
    if (!risk.realised) return;
    const RealisedRisk& r = *risk.realised;
    fmt::format_to(out,
                   "\nThe real session: SPX {:+.2f} %, lower on {:.2f} % of paths; VIX {:.2f}, higher on {:.2f} %\n",
                   100.0 * r.spx_return, 100.0 * r.spx.below, r.vix, 100.0 * r.vix_standing.above);
    fmt::format_to(out, "  the condor alone would have made {} dollars after costs\n", dollars(r.condor_pnl));
}

// What the intervals are of, where it is not Monte Carlo's error.
void sessions_lines(const BookRisk& risk, Buffer out) {
    if (std::isnan(risk.effective_sessions)) return;
    fmt::format_to(out, "{}\n", session_intervals("Intervals", risk.effective_sessions));
}

// A number of paths with the two digits that sixteen replicates know of it.
std::string about(double paths) {
    const double unit = std::pow(10.0, std::floor(std::log10(paths)) - 1.0);
    return grouped(static_cast<std::int64_t>(std::round(paths / unit) * unit));
}

// How the paths were drawn, where it is not plainly.
void strata_lines(const Experiment& e, const BookRisk& risk, Buffer out) {
    if (!e.plan.strata) return;
    fmt::format_to(out, "{}\n", strata_text(e.scenario.sampling));
    const Tail& tail = risk.strategies.back().whole().tails[kPrecisionLevel];
    if (std::isfinite(tail.plain_paths) && std::isfinite(tail.expected_shortfall.high) && !tail.atom) {
        fmt::format_to(out, "ES {:g} of the whole book is as precise as from about {} plain paths\n",
                       100.0 * tail.level, about(tail.plain_paths));
    }
    fmt::format_to(out, "Best and worst depend on how paths are drawn: plain paths have others\n\n");
}

// Of paths that are no sample.
void best_and_worst(const BookRisk& risk, Buffer out) {
    fmt::format_to(out,
                   "P&L to the horizon, dollars, after costs. Named days are no sample of any law: no odds, no VaR,\n"
                   "no intervals. `volstorm days` shows each of them\n  {:<18} {:>10} {:>10}\n",
                   "book", "best day", "worst day");
    for (const StrategyRisk& s : risk.strategies)
        fmt::format_to(out, "  {:<18} {:>10} {:>10}\n", short_name(s.name), dollars(s.whole().best),
                       dollars(-s.whole().worst));
}

}  // namespace

std::string risk_text(const Experiment& e, const BookRisk& risk) {
    std::string text;
    Buffer out(text);
    const Sampling& sampling = e.scenario.sampling;
    const GeneratorSpec& generator = e.scenario.generator;
    const std::string law = !generator.is_model()                   ? fmt::format("by {}", generator.name)
                            : sampling.measure == Measure::physical ? "physical measure"
                                                                    : "pricing measure";
    fmt::format_to(out, "{} path{}{}, {}, seed {}, {} step{} to {}\n{}",
                   grouped(static_cast<std::int64_t>(sampling.paths)), sampling.paths == 1 ? "" : "s",
                   asked_text(sampling.paths, sampling.asked), law, sampling.seed, e.timeline.size(),
                   e.timeline.size() == 1 ? "" : "s", to_string(e.horizon()), e.plan.strata ? "" : "\n");
    strata_lines(e, risk, out);
    if (!generator.is_sample()) {
        best_and_worst(risk, out);
        claim_table(risk, false, out);
        return text;
    }
    sessions_lines(risk, out);
    strategy_table(risk, out);
    tail_table(risk, out);
    difference_table(risk, out);
    group_table(risk, out);
    layer_table(e, risk, out);
    claim_table(risk, e.plan.strata != nullptr, out);
    realised_lines(risk, out);
    return text;
}

}  // namespace volstorm

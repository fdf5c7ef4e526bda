#include "snapshot_quotes.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>

#include "volstorm/core/text.h"
#include "volstorm/market/calendar.h"
#include "volstorm/pricing/vix_surface.h"

namespace volstorm {
namespace {

constexpr std::size_t kFewestQuotes = 3;
constexpr double kSpacing = 0.5;  // of quotes along paths, in moneyness
constexpr auto kSameMoment = std::chrono::minutes(30);
// How far a quoted forward may lie from the model's before it is said: of SPX in deviations to the expiry, of VIX as a
// share. Further than `kMost` the two cannot be of one market.
constexpr double kSpxOff = 0.1, kVixOff = 0.05, kMostSpxOff = 1.0, kMostVixOff = 0.5;
constexpr double kMostVolOff = 0.15;    // of the at-the-money vol of SPX, in logarithm, before it is said
constexpr double kMostYearsOff = 1.25;  // factor of the time that was left at the quotes, beyond which they say nothing
constexpr double kLeastViolation = 0.1;  // points that a trade at the quotes can bring before it is said

const char* name_of(ChainFamily family) { return family == ChainFamily::vix ? "VIX" : "SPX"; }

std::string shown(const OptionChain& chain) { return printable(std::filesystem::path(chain.file).filename().string()); }

void warn_of_moment(Experiment& e, const OptionChain& chain) {
    const std::string file = shown(chain);
    if (!chain.quote_time) {
        e.warnings.push_back(file + " does not say when its quotes stood: taken as those of the entry");
    } else if (std::chrono::abs(*chain.quote_time - e.day.market.time) > kSameMoment) {
        e.warnings.push_back(
            fmt::format("{} holds quotes of {}, taken as those of the entry", file, to_string(*chain.quote_time)));
    }
}

// In units of what may be: deviations of SPX to the expiry, shares of VIX.
double basis_off(const Experiment& e, const ExpiryQuotes& quotes, double basis) {
    const double off = std::abs(std::log(basis));
    if (quotes.family == ChainFamily::vix) return off;
    return off / spx_deviation(e.day, quotes.settlement);
}

void check_basis(Experiment& e, const OptionChain& chain, const ExpiryQuotes& quotes, double basis) {
    const bool is_vix = quotes.family == ChainFamily::vix;
    const double off = basis_off(e, quotes, basis);
    if (off <= (is_vix ? kVixOff : kSpxOff)) return;
    const std::string what = fmt::format("{} has a forward of {:.2f}, {:+.2f} % from that of the model", quotes.name,
                                         quotes.forward, 100.0 * (basis - 1.0));
    if (off > (is_vix ? kMostVixOff : kMostSpxOff))
        throw InputError({chain.file},
                         fmt::format("{}: it cannot be of the moment of market.{}", what, is_vix ? "vix" : "spx"));
    e.warnings.push_back(fmt::format("{}: is market.{} of the same moment?", what, is_vix ? "vix" : "spx"));
}

// Vol of the model at the money, and that of the quotes.
void set_vols(const Experiment& e, const ExpiryQuotes& quotes, const SmileResidual& residual, QuotedExpiry& quoted) {
    const double root = std::sqrt(quotes.years);
    if (quotes.family == ChainFamily::vix) {
        const VixMarker model(e.day, e.day.market.time, quotes.settlement, e.day.state);
        quoted.model_atm_vol = model.place(e.day.state).at_the_money / root;
    } else {
        const SpxMarker model(e.day, e.day.market.time, quotes.settlement, e.day.state, e.day.state);
        quoted.model_atm_vol = model.smile(e.day.state).implied_stdev(1.0, 1.0) / root;
    }
    quoted.atm_vol = residual.factor(0.0) * quoted.model_atm_vol;
}

void check_vol(Experiment& e, const QuotedExpiry& quoted) {
    const bool is_condor = quoted.settlement == session_close(e.scenario.condor->expiry);
    if (quoted.family != ChainFamily::spx || !is_condor) return;
    if (std::abs(std::log(quoted.atm_vol / quoted.model_atm_vol)) <= kMostVolOff) return;
    e.warnings.push_back(
        fmt::format("paths begin in a state of vol {:.1f} % where the quotes of {} say {:.1f}: what is "
                    "sold is worth another day; market.atm_vol_1d or a calibrated state would agree",
                    100.0 * quoted.model_atm_vol, quoted.name, 100.0 * quoted.atm_vol));
}

// The same quotes with another time left mean other vols.
void check_time_left(const Experiment& e, const OptionChain& chain, const ExpiryQuotes& quotes) {
    if (!chain.quote_time) return;
    const auto then = years_ahead(*chain.quote_time, quotes.settlement, e.day.clock);
    if (then && *then < kMostYearsOff * quotes.years && quotes.years < kMostYearsOff * *then) return;
    throw InputError({chain.file},
                     fmt::format("holds quotes of {}, when {:.2f} sessions were left to {}; at the entry, {}, it is "
                                 "{:.2f}: they say nothing of its prices then",
                                 to_string(*chain.quote_time), then.value_or(0.0) * kSessionsPerYear, quotes.name,
                                 to_string(e.day.market.time), quotes.years * kSessionsPerYear));
}

}  // namespace

SnapshotQuotes::SnapshotQuotes(Experiment& e) : experiment_(&e) {
    sides_[ChainFamily::spx] = {.chain = e.day.market.spx_quotes.get(), .residuals = &e.day.spx_residuals};
    sides_[ChainFamily::vix] = {.chain = e.day.market.vix_quotes.get(), .residuals = &e.day.vix_residuals};
}

// When the first expiry is asked for.
void SnapshotQuotes::open(ChainFamily family) {
    Side& side = sides_[family];
    Experiment& e = *experiment_;
    warn_of_moment(e, *side.chain);
    side.listed = expiries_ahead(*side.chain, family, e.day.market.time, e.day.clock, e.day.market.rate);
    if (side.listed.empty())
        throw InputError({side.chain->file}, "has no expiry ahead of the entry, " + to_string(e.day.market.time));
    side.violations = find_violations(*side.chain, side.chain->quote_time.value_or(e.day.market.time));
}

// Trades at the quotes that pay for nothing: one of them is wrong.
void SnapshotQuotes::warn_of_violations(const Side& side, DateTime settlement) {
    std::size_t count = 0;
    double worst = 0.0;
    for (const Violation& violation : side.violations) {
        if (settlement_time(side.chain->expiries[violation.expiry]) != settlement) continue;
        if (violation.points < kLeastViolation) continue;
        ++count, worst = std::max(worst, violation.points);
    }
    if (count == 0) return;
    experiment_->warnings.push_back(
        fmt::format("{}: {} trades at the quotes of {} pay for nothing, up to {:.2f} points: some are wrong (volstorm "
                    "screen shows which)",
                    shown(*side.chain), count, to_string(settlement), worst));
}

void SnapshotQuotes::accept(ChainFamily family, const ExpiryQuotes& quotes) {
    Experiment& e = *experiment_;
    const Side& side = sides_[family];
    check_time_left(e, *side.chain, quotes);
    const SmileResidual residual =
        family == ChainFamily::vix ? vix_residual(e.day, quotes) : spx_residual(e.day, quotes);
    const double basis = residual.basis(quotes.years);
    check_basis(e, *side.chain, quotes, basis);
    QuotedExpiry quoted{.name = quotes.name,
                        .family = family,
                        .settlement = quotes.settlement,
                        .forward = quotes.forward,
                        .model_forward = quotes.forward / basis};
    for (const OptionQuote& quote : quotes.quotes) quoted.strikes.push_back(quote.strike);
    set_vols(e, quotes, residual, quoted);
    check_vol(e, quoted);
    warn_of_violations(side, quotes.settlement);
    e.quoted.push_back(std::move(quoted));
    side.residuals->emplace(quotes.settlement, residual);
}

void SnapshotQuotes::take(ChainFamily family, DateTime settlement) {
    Side& side = sides_[family];
    if (side.chain == nullptr || side.asked.contains(settlement)) return;
    if (side.asked.empty()) open(family);
    side.asked.insert(settlement);
    const auto quotes = std::ranges::find(side.listed, settlement, &ExpiryQuotes::settlement);
    const bool is_listed = quotes != side.listed.end();
    if (is_listed && quotes->quotes.size() >= kFewestQuotes) return accept(family, *quotes);
    experiment_->warnings.push_back(fmt::format("{} {}: {} in the snapshot; priced by the model alone", name_of(family),
                                                to_string(settlement),
                                                is_listed ? "fewer than three quotes to use" : "no quotes"));
}

namespace {

// Strikes of the layers that are there from the start, by the contract that they are of.
std::vector<std::pair<const LayerMarks*, double>> strikes_at_entry(const Experiment& e) {
    std::vector<std::pair<const LayerMarks*, double>> strikes;
    for (const PreparedLayer& layer : e.layers) {
        const InstrumentKind& kind = layer.spec->kind;
        if (!kind.has_strike() || (!layer.entry && layer.spec->strike_rule != StrikeRule::fixed)) continue;
        const LayerMarks& marks = layer.first_marks();
        const double strike = layer.entry ? layer.entry->strike : marks.strike_at_entry();
        strikes.emplace_back(&marks, strike);
        if (kind.is_spread) strikes.emplace_back(&marks, marks.second_strike(strike));
    }
    return strikes;
}

void warn_of_strike(Experiment& e, ChainFamily family, DateTime settlement, double strike) {
    const auto quoted = std::ranges::find_if(
        e.quoted, [&](const QuotedExpiry& q) { return q.family == family && q.settlement == settlement; });
    if (quoted == e.quoted.end() || std::ranges::find(quoted->strikes, strike) != quoted->strikes.end()) return;
    const bool is_inside = strike > quoted->strikes.front() && strike < quoted->strikes.back();
    e.warnings.push_back(fmt::format(
        "{}: strike {:g} has no bid and ask of its own; {}", quoted->name, strike,
        is_inside ? "priced between its neighbours" : "priced beyond the last one, as far from the model as that"));
}

bool is_vix(const LayerMarks& marks) { return marks.kind().is_vix(); }

}  // namespace

void warn_of_unquoted_strikes(Experiment& e) {
    if (e.quoted.empty()) return;
    for (const double strike : e.condor->strike)
        warn_of_strike(e, ChainFamily::spx, session_close(e.condor->expiry), strike);
    for (const auto& [marks, strike] : strikes_at_entry(e))
        warn_of_strike(e, is_vix(*marks) ? ChainFamily::vix : ChainFamily::spx, marks->settlement(), strike);
}

void thin_quotes(Experiment& e) {
    const auto strikes = strikes_at_entry(e);
    for (const bool of_vix : {false, true}) {
        for (auto& [settlement, residual] : of_vix ? e.day.vix_residuals : e.day.spx_residuals) {
            std::vector<double> kept;
            for (const auto& [marks, strike] : strikes) {
                if (is_vix(*marks) == of_vix && marks->settlement() == settlement)
                    kept.push_back(marks->moneyness_at_entry(strike));
            }
            residual = residual.thinned(kSpacing, kept);
        }
    }
}

}  // namespace volstorm

#include "entry_quotes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "volstorm/core/text.h"
#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

constexpr std::size_t kFewestQuotes = 3;
constexpr double kSpacing = 0.5;  // of quotes along paths, in moneyness
constexpr auto kSameMoment = std::chrono::minutes(30);
// Quoted forward over the model's: how far off is said, and how far off it cannot be of the same market.
constexpr double kSpxOff = 0.005, kVixOff = 0.10, kMostSpxOff = 0.05, kMostVixOff = 0.3;

struct Family {
    ChainFamily family;
    const char* name;
    const OptionChain* chain;
    std::map<DateTime, SmileResidual>* residuals;
    double off, most_off;
};

// Every settlement that a contract of the book can have.
std::set<DateTime> settlements_of(const Experiment& e, ChainFamily family) {
    std::set<DateTime> settlements;
    const bool is_vix = family == ChainFamily::vix;
    if (!is_vix) settlements.insert(session_close(e.scenario.condor->expiry));
    for (const LayerSpec& layer : e.scenario.layers) {
        if (layer.kind.is_vix() != is_vix) continue;
        settlements.insert(settlement_of(layer, date_of(e.day.market.time), e.horizon()));
        for (const Step& step : e.timeline) {
            if (layer.open && step.is_bar_end) settlements.insert(settlement_of(layer, date_of(step.end), e.horizon()));
        }
    }
    return settlements;
}

SmileResidual residual_of(const Experiment& e, const Family& f, const ExpiryQuotes& quotes) {
    return f.family == ChainFamily::vix ? vix_residual(e.day, quotes) : spx_residual(e.day, quotes);
}

void check_basis(Experiment& e, const Family& f, const ExpiryQuotes& quotes, double basis) {
    const double off = std::abs(basis - 1.0);
    if (off <= f.off) return;
    const std::string what = fmt::format("{} has a forward of {:.2f}, {:+.1f} % from that of the model", quotes.name,
                                         quotes.forward, 100.0 * (basis - 1.0));
    if (off > f.most_off)
        throw InputError({f.chain->file}, what + ": market.spx and market.vix must be of the same moment");
    e.warnings.push_back(what + ": are market and quotes of the same moment?");
}

void take_expiry(Experiment& e, const Family& f, const std::vector<ExpiryQuotes>& listed, DateTime settlement) {
    const auto quotes = std::ranges::find(listed, settlement, &ExpiryQuotes::settlement);
    const bool is_listed = quotes != listed.end();
    if (!is_listed || quotes->quotes.size() < kFewestQuotes) {
        e.warnings.push_back(fmt::format("{} {}: {} in the snapshot; priced by the model alone", f.name,
                                         to_string(settlement),
                                         is_listed ? "fewer than three quotes to use" : "no quotes"));
        return;
    }
    const SmileResidual residual = residual_of(e, f, *quotes);
    check_basis(e, f, *quotes, residual.basis());
    e.quoted.push_back({quotes->name, quotes->quotes.size(), quotes->forward, quotes->forward / residual.basis()});
    f.residuals->emplace(settlement, residual);
}

void warn_of_moment(Experiment& e, const OptionChain& chain) {
    const std::string file = printable(std::filesystem::path(chain.file).filename().string());
    if (!chain.quote_time) {
        e.warnings.push_back(file + " does not say when its quotes stood: taken as those of the entry");
    } else if (std::chrono::abs(*chain.quote_time - e.day.market.time) > kSameMoment) {
        e.warnings.push_back(
            fmt::format("{} holds quotes of {}, taken as those of the entry", file, to_string(*chain.quote_time)));
    }
}

void take_family(Experiment& e, const Family& f) {
    if (f.chain == nullptr) return;
    const std::set<DateTime> settlements = settlements_of(e, f.family);
    if (settlements.empty()) return;
    warn_of_moment(e, *f.chain);
    const auto listed = expiries_ahead(*f.chain, f.family, e.day.market.time, e.day.clock, e.day.market.rate);
    for (const DateTime settlement : settlements) take_expiry(e, f, listed, settlement);
}

// The moneyness of every strike that layers of one expiry begin with.
std::vector<double> moneyness_of(const Experiment& e, bool is_vix, DateTime settlement) {
    std::vector<double> kept;
    for (const PreparedLayer& layer : e.layers) {
        const InstrumentKind& kind = layer.spec->kind;
        const LayerMarks& marks = layer.first_marks();
        if (!layer.entry || !kind.has_strike() || kind.is_vix() != is_vix || marks.settlement() != settlement) continue;
        kept.push_back(marks.moneyness_at_entry(layer.entry->strike));
        if (kind.is_spread) kept.push_back(marks.moneyness_at_entry(marks.second_strike(layer.entry->strike)));
    }
    return kept;
}

}  // namespace

void thin_quotes(Experiment& e) {
    for (const bool is_vix : {false, true}) {
        for (auto& [settlement, residual] : is_vix ? e.day.vix_residuals : e.day.spx_residuals)
            residual = residual.thinned(kSpacing, moneyness_of(e, is_vix, settlement));
    }
}

void take_quotes(Experiment& e) {
    const Market& market = e.day.market;
    take_family(e, {ChainFamily::spx, "SPX", market.spx_quotes.get(), &e.day.spx_residuals, kSpxOff, kMostSpxOff});
    take_family(e, {ChainFamily::vix, "VIX", market.vix_quotes.get(), &e.day.vix_residuals, kVixOff, kMostVixOff});
}

}  // namespace volstorm

#include "claim_test.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "volstorm/instrument/breach.h"
#include "volstorm/risk/replicates.h"

namespace volstorm {
namespace {

using Floats = std::span<const float>;

// A variable of claims: a column of the results, or one made from them into `made`.
struct Variable {
    const char* name;
    Type type;
    const char* help;
    Floats (*column)(const Experiment&, const PathColumns&, std::vector<float>& made);
};

template <class Source, class Function>
Floats make(const Source& source, std::vector<float>& made, const Function& function) {
    made.resize(source.size());
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = function(source[i]);
    return made;
}

// P&L over the condor's max risk at entry.
Floats return_of(const Experiment& e, const std::vector<float>& pnl, std::vector<float>& made) {
    const double risk = e.condor->max_risk.value * e.condor->contracts;
    return make(pnl, made, [risk](float x) { return static_cast<float>(x / risk); });
}

Floats breach_is(const PathColumns& c, Breach wanted, std::vector<float>& made) {
    const auto code = static_cast<std::uint8_t>(wanted);
    return make(c.breach, made, [code](std::uint8_t x) { return x == code ? 1.0f : 0.0f; });
}

constexpr Variable kVariables[] = {
    {"condor_return", Type::number, "P&L of the condor alone, over its max risk at entry",
     [](const Experiment& e, const PathColumns& c, std::vector<float>& made) {
         return return_of(e, c.pnl.front(), made);
     }},
    {"total_return", Type::number, "P&L of the whole book, over the condor's max risk at entry",
     [](const Experiment& e, const PathColumns& c, std::vector<float>& made) {
         return return_of(e, c.pnl.back(), made);
     }},
    {"spx_return", Type::number, "SPX at settlement over SPX at entry, less 1",
     [](const Experiment&, const PathColumns& c, std::vector<float>&) { return Floats(c.spx_return); }},
    {"vix_end", Type::number, "VIX at the horizon, points",
     [](const Experiment&, const PathColumns& c, std::vector<float>&) { return Floats(c.vix_end); }},
    {"vix_max", Type::number, "highest VIX at a bar end, points",
     [](const Experiment&, const PathColumns& c, std::vector<float>&) { return Floats(c.vix_max); }},
    {"vix_change", Type::number, "VIX at the horizon less VIX at entry, points",
     [](const Experiment& e, const PathColumns& c, std::vector<float>& made) {
         return make(c.vix_end, made, [&](float x) { return static_cast<float>(x - e.vix_at_entry); });
     }},
    {"down_breach", Type::flag, "SPX settles below the short put",
     [](const Experiment&, const PathColumns& c, std::vector<float>& made) {
         return breach_is(c, Breach::down, made);
     }},
    {"up_breach", Type::flag, "SPX settles above the short call",
     [](const Experiment&, const PathColumns& c, std::vector<float>& made) { return breach_is(c, Breach::up, made); }},
};

std::vector<ConditionVariable> known_variables() {
    std::vector<ConditionVariable> known;
    for (const Variable& variable : kVariables) known.push_back({variable.name, variable.type});
    return known;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> claim_variables() {
    std::vector<std::pair<std::string, std::string>> list;
    for (const Variable& variable : kVariables) list.emplace_back(variable.name, variable.help);
    return list;
}

void check_claims(const Scenario& scenario) {
    const auto known = known_variables();
    for (const ClaimSpec& claim : scenario.claims) {
        Condition::parse(claim.given, claim.given_place, known);
        Condition::parse(claim.expect, claim.expect_place, known);
    }
}

void ClaimCounts::add(const ClaimCounts& more) {
    mass += more.mass;
    for (Counts ClaimCounts::*side : {&ClaimCounts::all, &ClaimCounts::down, &ClaimCounts::up}) {
        Counts& to = this->*side;
        const Counts& from = more.*side;
        to.given += from.given;
        to.holds += from.holds;
        to.coarse += from.coarse;
        to.coarse_square += from.coarse_square;
        to.given_mass.resize(std::max(to.given_mass.size(), from.given_mass.size()));
        to.holds_mass.resize(to.given_mass.size());
        for (std::size_t r = 0; r < from.given_mass.size(); ++r) {
            to.given_mass[r] += from.given_mass[r];
            to.holds_mass[r] += from.holds_mass[r];
        }
    }
}

double ClaimCounts::Counts::effective() const {
    const auto sum = static_cast<double>(coarse);
    return coarse_square > 0 ? sum * sum / static_cast<double>(coarse_square) : 1.0;
}

ClaimRisk ClaimCounts::judged(const ClaimSpec& claim) const {
    const auto judge = [&](const Counts& c) {
        const auto all_mass = static_cast<double>(mass);
        if (c.given_mass.empty()) {
            ClaimResult result = judge_claim(c.given, c.holds, claim.share);
            result.given_share = static_cast<double>(c.given) / all_mass;
            return result;
        }
        const ReplicateRatio ratio(std::vector<double>(c.holds_mass.begin(), c.holds_mass.end()),
                                   std::vector<double>(c.given_mass.begin(), c.given_mass.end()));
        const double worth = c.effective(), effective = ratio.effective_paths(worth);
        ClaimResult result = judge_claim(c.given, c.holds, claim.share, ratio.share(worth), std::min(effective, worth));
        const auto given = std::accumulate(c.given_mass.begin(), c.given_mass.end(), std::uint64_t{0});
        result.given_share = static_cast<double>(given) / all_mass;
        return result;
    };
    return {claim.text, judge(all), judge(down), judge(up), claim.share};
}

ClaimTest::Tester::Tester(const std::string& text, const TextPlace& place)
    : condition_(Condition::parse(text, place, known_variables())) {
    for (const std::string& name : condition_.variables()) {
        const auto found =
            std::ranges::find_if(kVariables, [&](const Variable& variable) { return variable.name == name; });
        variables_.push_back(static_cast<std::size_t>(found - std::begin(kVariables)));
    }
    made_.resize(variables_.size());
}

const std::vector<std::uint8_t>& ClaimTest::Tester::test(const Experiment& e, const PathColumns& c) {
    std::vector<Floats> columns;
    for (std::size_t k = 0; k < variables_.size(); ++k) {
        columns.push_back(kVariables[variables_[k]].column(e, c, made_[k]));
    }
    out_.resize(c.count);
    condition_.evaluate(columns, out_);
    return out_;
}

ClaimTest::ClaimTest(const ClaimSpec& claim, const Experiment& experiment)
    : experiment_(experiment), given_(claim.given, claim.given_place), expect_(claim.expect, claim.expect_place) {}

void ClaimTest::count(const PathColumns& c, const PathWeights& weights) {
    const PathMasses masses(weights, c.stratum);
    const std::vector<std::uint64_t> coarse = weights.coarse();
    for (ClaimCounts::Counts* counts : {&counts_.all, &counts_.down, &counts_.up}) {
        counts->given_mass.resize(weights.replicates);
        counts->holds_mass.resize(weights.replicates);
    }
    const std::vector<std::uint8_t>& is_given = given_.test(experiment_, c);
    const std::vector<std::uint8_t>& is_held = expect_.test(experiment_, c);
    for (std::size_t i = 0; i < c.count; ++i) {
        counts_.mass += masses[i];
        if (is_given[i] == 0) continue;
        ClaimCounts::Counts& side = c.spx_return[i] < 0.0f ? counts_.down : counts_.up;
        ++counts_.all.given, ++side.given;
        counts_.all.holds += is_held[i], side.holds += is_held[i];
        if (weights.is_plain()) continue;
        for (ClaimCounts::Counts* counts : {&counts_.all, &side}) {
            counts->given_mass[c.replicate[i]] += masses[i];
            counts->coarse += coarse[c.stratum[i]];
            counts->coarse_square += coarse[c.stratum[i]] * coarse[c.stratum[i]];
            counts->holds_mass[c.replicate[i]] += is_held[i] != 0 ? masses[i] : 0;
        }
    }
}

}  // namespace volstorm

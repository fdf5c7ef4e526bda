#include "claim_columns.h"

#include <algorithm>
#include <map>

#include "volstorm/instrument/breach.h"

namespace volstorm {
namespace {

// A variable of claims: made from stored columns, piece by piece.
struct Variable {
    const char* name;
    Type type;
    const char* help;
    void (*fill)(const Experiment&, const PathResults&, std::uint64_t first, std::span<float> out);
};

void read(const PathResults& results, const char* name, std::size_t row, std::uint64_t first, std::span<float> out) {
    results.column(name, row).read(first, out);
}

// P&L over the condor's max risk at entry.
void return_of(const Experiment& e, const PathResults& results, std::size_t strategy, std::uint64_t first,
               std::span<float> out) {
    read(results, "pnl", strategy, first, out);
    const double risk = e.condor->max_risk.value * e.condor->contracts;
    for (float& x : out) x = static_cast<float>(x / risk);
}

void breach_is(const PathResults& results, Breach wanted, std::uint64_t first, std::span<float> out) {
    read(results, "breach", 0, first, out);
    for (float& x : out) x = x == static_cast<float>(wanted) ? 1.0f : 0.0f;
}

constexpr Variable kVariables[] = {
    {"condor_return", Type::number, "P&L of the condor alone, over its max risk at entry",
     [](const Experiment& e, const PathResults& r, std::uint64_t first, std::span<float> out) {
         return_of(e, r, 0, first, out);
     }},
    {"total_return", Type::number, "P&L of the whole book, over the condor's max risk at entry",
     [](const Experiment& e, const PathResults& r, std::uint64_t first, std::span<float> out) {
         return_of(e, r, e.layers.size(), first, out);
     }},
    {"spx_return", Type::number, "SPX at settlement over SPX at entry, less 1",
     [](const Experiment&, const PathResults& r, std::uint64_t first, std::span<float> out) {
         read(r, "spx_return", 0, first, out);
     }},
    {"vix_end", Type::number, "VIX at the horizon, points",
     [](const Experiment&, const PathResults& r, std::uint64_t first, std::span<float> out) {
         read(r, "vix_end", 0, first, out);
     }},
    {"vix_max", Type::number, "highest VIX at a bar end, points",
     [](const Experiment&, const PathResults& r, std::uint64_t first, std::span<float> out) {
         read(r, "vix_max", 0, first, out);
     }},
    {"vix_change", Type::number, "VIX at the horizon less VIX at entry, points",
     [](const Experiment& e, const PathResults& r, std::uint64_t first, std::span<float> out) {
         read(r, "vix_end", 0, first, out);
         for (float& x : out) x = static_cast<float>(x - e.vix_at_entry);
     }},
    {"down_breach", Type::flag, "SPX settles below the short put",
     [](const Experiment&, const PathResults& r, std::uint64_t first, std::span<float> out) {
         breach_is(r, Breach::down, first, out);
     }},
    {"up_breach", Type::flag, "SPX settles above the short call",
     [](const Experiment&, const PathResults& r, std::uint64_t first, std::span<float> out) {
         breach_is(r, Breach::up, first, out);
     }},
};

std::vector<ConditionVariable> known_variables() {
    std::vector<ConditionVariable> known;
    for (const Variable& variable : kVariables) known.push_back({variable.name, variable.type});
    return known;
}

// A condition with the columns that it needs, for one piece of the paths at a time.
class Tester {
 public:
    Tester(Condition condition, const Experiment& e, const PathResults& r)
        : condition_(std::move(condition)), e_(e), r_(r) {
        columns_.resize(condition_.variables().size());
    }
    const std::vector<std::uint8_t>& test(std::uint64_t first, std::size_t count) {
        std::vector<std::span<const float>> spans;
        for (std::size_t k = 0; k < columns_.size(); ++k) {
            columns_[k].resize(count);
            const auto variable = std::find_if(std::begin(kVariables), std::end(kVariables),
                                               [&](const Variable& v) { return v.name == condition_.variables()[k]; });
            variable->fill(e_, r_, first, columns_[k]);
            spans.emplace_back(columns_[k]);
        }
        out_.resize(count);
        condition_.evaluate(spans, out_);
        return out_;
    }

 private:
    Condition condition_;
    const Experiment& e_;
    const PathResults& r_;
    std::vector<std::vector<float>> columns_;
    std::vector<std::uint8_t> out_;
};

struct Counts {
    std::uint64_t given = 0, holds = 0;
};

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

ClaimRisk test_claim(const ClaimSpec& claim, const Experiment& e, const PathResults& results) {
    const auto known = known_variables();
    Tester given(Condition::parse(claim.given, claim.given_place, known), e, results);
    Tester expect(Condition::parse(claim.expect, claim.expect_place, known), e, results);
    Counts all, down, up;
    std::vector<float> spx;
    for (std::uint64_t first = 0; first < results.paths(); first += kColumnChunk) {
        const auto count = static_cast<std::size_t>(std::min(kColumnChunk, results.paths() - first));
        const auto& is_given = given.test(first, count);
        const auto& is_held = expect.test(first, count);
        spx.resize(count);
        read(results, "spx_return", 0, first, spx);
        for (std::size_t i = 0; i < count; ++i) {
            if (is_given[i] == 0) continue;
            Counts& side = spx[i] < 0.0f ? down : up;
            ++all.given, ++side.given;
            all.holds += is_held[i], side.holds += is_held[i];
        }
    }
    const auto judge = [&](const Counts& c) { return judge_claim(c.given, c.holds, claim.share); };
    return {claim.text, judge(all), judge(down), judge(up), claim.share};
}

}  // namespace volstorm

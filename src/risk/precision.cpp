#include "volstorm/risk/precision.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "volstorm/core/error.h"
#include "volstorm/core/text.h"
#include "volstorm/risk/tail.h"

namespace volstorm {
namespace {

using Kind = FigureName::Kind;

std::vector<std::string> figure_names() {
    std::vector<std::string> names{"mean", "sd", "p_loss"};
    for (const char* kind : {"var", "es"})
        for (const double level : kTailLevels)
            names.push_back(std::string(kind).append(shortest(std::round(1e4 * level) / 100.0)));
    return names;
}

/// Reads a text from its beginning, word by word.
class GoalReader {
 public:
    GoalReader(std::string_view text, const std::string& where, std::span<const std::string> strategies)
        : rest_(text), where_(where), strategies_(strategies) {}

    std::vector<Precision> all() {
        std::vector<Precision> goals{goal()};
        for (skip_spaces(); !rest_.empty(); skip_spaces()) {
            if (word("abcdefghijklmnopqrstuvwxyz") != "and") fail("two goals are joined by 'and'");
            goals.push_back(goal());
        }
        return goals;
    }

 private:
    Precision goal() {
        skip_spaces();
        const std::string_view from = rest_;
        Precision goal;
        goal.figure = figure();
        if (!take("<")) fail("a goal is a figure < a width, such as es99.9 < 0.5 %");
        goal.limit = number();
        goal.relative = take("%");
        if (goal.relative) goal.limit /= 100.0;
        goal.text = std::string(from.substr(0, from.size() - rest_.size()));
        return goal;
    }

    FigureName figure() {
        const std::string name(word("abcdefghijklmnopqrstuvwxyz_0123456789."));
        const std::vector<std::string> names = figure_names();
        const auto found = std::ranges::find(names, name);
        if (name.empty()) fail(fmt::format("a figure is missing; there are {}", fmt::join(names, ", ")));
        if (found == names.end())
            fail(fmt::format("'{}' is no figure; there are {}", printable(name), fmt::join(names, ", ")));
        constexpr std::size_t kPlain = 3;  // names without a level
        const auto at = static_cast<std::size_t>(found - names.begin());
        FigureName figure{.kind = static_cast<Kind>(at), .book = strategies_.size() - 1};
        if (at >= kPlain) {
            figure.kind = at - kPlain < kTailLevels.size() ? Kind::value_at_risk : Kind::expected_shortfall;
            figure.level = (at - kPlain) % kTailLevels.size();
        }
        if (take("(")) figure.book = book();
        return figure;
    }

    std::size_t book() {
        const std::size_t end = rest_.find(')');
        if (end == std::string_view::npos) fail("a ')' is missing after the name of the book");
        const std::string name(rest_.substr(0, end));
        rest_.remove_prefix(end + 1);
        if (name == "total") return strategies_.size() - 1;
        const auto found = std::ranges::find(strategies_, name);
        if (found == strategies_.end())
            fail(fmt::format("'{}' is no book of this scenario; there are total, {}", printable(name),
                             fmt::join(strategies_, ", ")));
        return static_cast<std::size_t>(found - strategies_.begin());
    }

    double number() {
        skip_spaces();
        double value = 0.0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc{} || !std::isfinite(value) || value <= 0.0)
            fail("the width must be a number above 0, in dollars or, with %, of the figure");
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return value;
    }

    void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }
    bool take(std::string_view token) {
        skip_spaces();
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(token.size());
        return true;
    }
    std::string_view word(std::string_view letters) {
        skip_spaces();
        const std::string_view found = rest_.substr(0, rest_.find_first_not_of(letters));
        rest_.remove_prefix(found.size());
        return found;
    }
    [[noreturn]] void fail(const std::string& message) const { throw InputError({where_}, message); }

    std::string_view rest_;
    const std::string& where_;
    std::span<const std::string> strategies_;
};

const Estimate& estimate_of(const FigureName& figure, const BookRisk& risk) {
    const Summary& book = risk.strategies[figure.book].whole();
    switch (figure.kind) {
        case Kind::mean:
            return book.mean;
        case Kind::sd:
            return book.sd;
        case Kind::p_loss:
            return book.p_loss;
        case Kind::value_at_risk:
            return book.tails[figure.level].value_at_risk;
        case Kind::expected_shortfall:
            break;
    }
    return book.tails[figure.level].expected_shortfall;
}

}  // namespace

std::vector<Precision> read_precision(const std::string& text, const std::string& where,
                                      std::span<const std::string> strategies) {
    return GoalReader(text, where, strategies).all();
}

double half_width(const Precision& goal, const BookRisk& risk) {
    const Estimate& estimate = estimate_of(goal.figure, risk);
    const double half = 0.5 * (estimate.high - estimate.low);
    if (!std::isfinite(half)) return kInfinity;
    if (!goal.relative || half == 0.0) return half;
    return half / std::abs(estimate.value);
}

double paths_factor(std::span<const Precision> goals, const BookRisk& risk) {
    double worst = 0.0;
    for (const Precision& goal : goals) worst = std::max(worst, half_width(goal, risk) / goal.limit);
    return worst * worst;
}

}  // namespace volstorm

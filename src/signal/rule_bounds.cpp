// Where a rule can be true: of each comparison of one rising number with a literal the price at which it turns, found
// by bisection, and of `and` and `or` the bounds of both. All else is true anywhere.
#include <algorithm>
#include <cmath>

#include "rule_variable.h"
#include "volstorm/signal/rule.h"

namespace volstorm {
namespace {

constexpr double kLeastPrice = 1e-6, kMostPrice = 1e9;
constexpr double kNearEnough = 1e-8;  // of a price: the bounds are wider than the truth by as much

bool is_rising(Op comparison) { return comparison == Op::greater || comparison == Op::greater_equal; }

bool holds(Op comparison, double left, double right) {
    switch (comparison) {
        case Op::less:
            return left < right;
        case Op::less_equal:
            return left <= right;
        case Op::greater:
            return left > right;
        default:
            return left >= right;
    }
}

/// Where a condition holds that a rising price makes true (or false) once and for all.
template <class Condition>
PriceRange range_of(bool rising, const Condition& condition) {
    double low = kLeastPrice, high = kMostPrice;
    const bool at_low = condition(low), at_high = condition(high);
    if (at_low && at_high) return {};
    if (!at_low && !at_high) return {1.0, 0.0};
    while (high > low * (1.0 + kNearEnough)) {
        const double middle = std::sqrt(low * high);
        (condition(middle) == rising ? high : low) = middle;
    }
    return rising ? PriceRange{.low = low} : PriceRange{.high = high};
}

PriceRange both(const PriceRange& a, const PriceRange& b) { return {std::max(a.low, b.low), std::min(a.high, b.high)}; }
PriceRange either(const PriceRange& a, const PriceRange& b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
}
bool is_empty(const PriceRange& range) { return range.low > range.high; }

using Boxes = std::vector<PriceBox>;
constexpr std::size_t kMostBoxes = 4;

Boxes all_of(const Boxes& a, const Boxes& b) {
    Boxes boxes;
    for (const PriceBox& one : a) {
        for (const PriceBox& other : b) {
            const PriceBox box{both(one.spx, other.spx), both(one.vix, other.vix)};
            if (!is_empty(box.spx) && !is_empty(box.vix)) boxes.push_back(box);
        }
    }
    return boxes;
}

Boxes any_of(Boxes boxes, const Boxes& more) {
    boxes.insert(boxes.end(), more.begin(), more.end());
    if (boxes.size() <= kMostBoxes) return boxes;
    PriceBox hull = boxes.front();
    for (const PriceBox& box : boxes) hull = {either(hull.spx, box.spx), either(hull.vix, box.vix)};
    return {hull};
}

}  // namespace

double PreparedRule::value_at(const Instruction& leaf, double price, const RuleState& state) const {
    const Bar bar{.time = {}, .paths = 1, .spx = &price, .vix = &price};
    double value = 0.0;
    if (leaf.kernel != nullptr) {
        leaf.kernel({bar, entry_, state.day_spx_.data(), state.day_vix_.data()}, &value);
        return value;
    }
    const PreparedSignal& prepared = signals_[leaf.index];
    const std::size_t paths = state.values_.paths();
    std::vector<double> columns;
    for (std::size_t c = 0; c < prepared.signal->columns(); ++c)
        columns.push_back(state.signals_[(prepared.first_column + c) * paths]);
    prepared.signal->value(1, history_closes_ + state.sessions_, &price, columns.data(), &value);
    return value;
}

Boxes PreparedRule::bounds_of(const Instruction& leaf, Op comparison, double literal, const RuleState& state) const {
    const bool of_spx = is_series(leaf, "spx"), of_vix = is_series(leaf, "vix");
    const bool ordered = comparison >= Op::less && comparison <= Op::greater_equal;
    if (!ordered || !(of_spx || of_vix)) return {{}};
    if (leaf.kernel != nullptr && !leaf.rises_with_price) return {{}};
    if (leaf.kernel == nullptr) {
        const PreparedSignal& prepared = signals_[leaf.index];
        const bool defined = history_closes_ + state.sessions_ + 1 >= prepared.signal->closes_needed();
        if (!prepared.series.is_daily || !prepared.signal->rises_with_price() || !defined) return {{}};
    }
    const PriceRange range = range_of(
        is_rising(comparison), [&](double price) { return holds(comparison, value_at(leaf, price, state), literal); });
    if (is_empty(range)) return {};
    return {of_spx ? PriceBox{.spx = range} : PriceBox{.vix = range}};
}

Boxes PreparedRule::bounds(const RuleState& state) const {
    const Boxes anywhere{{}};
    std::vector<Boxes> flags;
    Boxes of_holds;
    const Instruction* leaf = nullptr;  // the number on top of the stack, where it is one
    for (const Instruction& instruction : program_) {
        const Op op = instruction.node.op;
        if (is_comparison(op)) {
            const bool simple = instruction.with_literal && leaf != nullptr;
            flags.push_back(simple ? bounds_of(*leaf, op, instruction.literal, state) : anywhere);
        } else if (op == Op::logical_and || op == Op::logical_or) {
            const Boxes right = flags.back();
            flags.pop_back();
            flags.back() = op == Op::logical_and ? all_of(flags.back(), right) : any_of(flags.back(), right);
        } else if (op == Op::logical_not) {
            flags.back() = anywhere;
        } else if (op == Op::hold) {
            of_holds = any_of(of_holds, flags.back());
        } else if (instruction.node.type == Type::flag) {
            flags.push_back(anywhere);
        }
        leaf = op == Op::variable || op == Op::call ? &instruction : nullptr;
    }
    return any_of(flags.back(), of_holds);
}

void PreparedRule::pass_outside(RuleState& state, RuleState& before) const {
    ++state.bars_;
    if (holds_ == 0) return;
    before.any_run_ = state.any_run_;
    if (!state.any_run_) return;
    before.true_bars_.swap(state.true_bars_);
    before.not_false_bars_.swap(state.not_false_bars_);
    state.true_bars_.assign(before.true_bars_.size(), 0);
    state.not_false_bars_.assign(before.not_false_bars_.size(), 0);
    state.any_run_ = false;
}

void PreparedRule::ask_few(const Bar& bar, std::span<const std::size_t> few, const RuleState& before,
                           RuleState& columns, RuleState& state, std::uint8_t* fires) const {
    const std::size_t paths = state.values_.paths();
    for (std::size_t h = 0; h < holds_; ++h) {
        for (std::size_t j = 0; j < few.size(); ++j) {
            const std::size_t from = h * paths + few[j], to = h * bar.paths + j;
            columns.true_bars_[to] = before.any_run_ ? before.true_bars_[from] : std::uint16_t{0};
            columns.not_false_bars_[to] = before.any_run_ ? before.not_false_bars_[from] : std::uint16_t{0};
        }
    }
    read(bar, columns, fires, Carry::nothing);
    for (std::size_t h = 0; h < holds_; ++h) {
        for (std::size_t j = 0; j < few.size(); ++j) {
            const std::size_t from = h * bar.paths + j, to = h * paths + few[j];
            state.true_bars_[to] = columns.true_bars_[from];
            state.not_false_bars_[to] = columns.not_false_bars_[from];
            state.any_run_ = true;
        }
    }
}

}  // namespace volstorm

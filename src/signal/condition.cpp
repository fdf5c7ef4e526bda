#include "volstorm/signal/condition.h"

#include <algorithm>
#include <stdexcept>

#include "volstorm/signal/value_stack.h"

namespace volstorm {
namespace {

constexpr std::size_t kPathsAtOnce = 512;

void push_column(std::span<const float> values, Type type, ValueStack& stack) {
    if (type == Type::number) {
        std::copy(values.begin(), values.end(), stack.push_number());
        return;
    }
    std::transform(values.begin(), values.end(), stack.push_flag(), [](float value) {
        return value != value ? kUndefined : value != 0.0F ? kTrue : kFalse;
    });
}

}  // namespace

Condition Condition::parse(std::string_view text, const TextPlace& place, std::span<const ConditionVariable> known) {
    Vocabulary vocabulary{.words = {}, .has_bars = false};
    for (const ConditionVariable& variable : known) {
        vocabulary.words.push_back({.name = variable.name, .type = variable.type});
    }
    return Condition(parse_condition(text, place, vocabulary));
}

Condition::Condition(Expression expression) : expression_(std::move(expression)) {
    for (const Node& node : expression_.nodes) {
        const auto place = std::find(variables_.begin(), variables_.end(), node.word);
        column_.push_back(static_cast<std::size_t>(place - variables_.begin()));
        if (node.op == Op::variable && place == variables_.end()) variables_.push_back(node.word);
    }
}

void Condition::evaluate(std::span<const std::span<const float>> columns, std::span<std::uint8_t> out) const {
    const bool fits = columns.size() == variables_.size() &&
                      std::all_of(columns.begin(), columns.end(), [&](auto c) { return c.size() == out.size(); });
    if (!fits) throw std::invalid_argument("a condition wants one column for each variable, as long as its result");
    ValueStack stack;
    for (std::size_t first = 0; first < out.size(); first += kPathsAtOnce) {
        const std::size_t paths = std::min(kPathsAtOnce, out.size() - first);
        stack.reset(expression_, paths);
        for (std::size_t n = 0; n < column_.size(); ++n) {
            const Node& node = expression_.nodes[n];
            if (node.op != Op::variable) {
                apply_operator(node, stack);
            } else {
                push_column(columns[column_[n]].subspan(first, paths), node.type, stack);
            }
        }
        const std::uint8_t* result = stack.pop_flag();
        for (std::size_t i = 0; i < paths; ++i) out[first + i] = result[i] == kTrue;
    }
}

}  // namespace volstorm

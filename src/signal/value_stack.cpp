#include "volstorm/signal/value_stack.h"

#include <algorithm>

namespace volstorm {
namespace {

bool is_comparison(Op op) { return op >= Op::less && op <= Op::not_equal; }
bool is_leaf(Op op) { return op <= Op::call; }
bool is_binary_number(Op op) { return op >= Op::add && op <= Op::divide; }

template <class Operation>
void combine(ValueStack& stack, Operation operation) {
    const double* __restrict right = stack.pop_number();
    double* __restrict left = stack.top_number();
    for (std::size_t i = 0; i < stack.paths(); ++i) left[i] = operation(left[i], right[i]);
}

/// A comparison with NaN is undefined.
template <class Relation>
void compare(ValueStack& stack, Relation relation) {
    const double* __restrict right = stack.pop_number();
    const double* __restrict left = stack.pop_number();
    std::uint8_t* __restrict out = stack.push_flag();
    for (std::size_t i = 0; i < stack.paths(); ++i) {
        const bool undefined = left[i] != left[i] || right[i] != right[i];
        out[i] = undefined ? kUndefined : relation(left[i], right[i]) ? kTrue : kFalse;
    }
}

template <class Operation>
void combine_flags(ValueStack& stack, Operation operation) {
    const std::uint8_t* __restrict right = stack.pop_flag();
    std::uint8_t* __restrict left = stack.top_flag();
    for (std::size_t i = 0; i < stack.paths(); ++i) left[i] = operation(left[i], right[i]);
}

void negate(ValueStack& stack) {
    double* value = stack.top_number();
    for (std::size_t i = 0; i < stack.paths(); ++i) value[i] = -value[i];
}

void invert(ValueStack& stack) {
    std::uint8_t* value = stack.top_flag();
    for (std::size_t i = 0; i < stack.paths(); ++i) value[i] = static_cast<std::uint8_t>(kTrue - value[i]);
}

}  // namespace

void ValueStack::reset(const Expression& expression, std::size_t paths) {
    std::size_t numbers = 0, flags = 0, most_numbers = 0, most_flags = 0;
    for (const Node& node : expression.nodes) {
        if (is_leaf(node.op)) ++(node.type == Type::number ? numbers : flags);
        if (is_binary_number(node.op)) --numbers;
        if (is_comparison(node.op)) numbers -= 2, ++flags;
        if (node.op == Op::logical_and || node.op == Op::logical_or) --flags;
        most_numbers = std::max(most_numbers, numbers);
        most_flags = std::max(most_flags, flags);
    }
    paths_ = paths;
    number_count_ = flag_count_ = 0;
    numbers_.resize(most_numbers * paths);
    flags_.resize(most_flags * paths);
}

void apply_operator(const Node& node, ValueStack& stack) {
    switch (node.op) {
        case Op::number:
            std::fill_n(stack.push_number(), stack.paths(), node.number);
            break;
        case Op::flag:
            std::fill_n(stack.push_flag(), stack.paths(), node.number != 0.0 ? kTrue : kFalse);
            break;
        case Op::negate:
            negate(stack);
            break;
        case Op::add:
            combine(stack, [](double a, double b) { return a + b; });
            break;
        case Op::subtract:
            combine(stack, [](double a, double b) { return a - b; });
            break;
        case Op::multiply:
            combine(stack, [](double a, double b) { return a * b; });
            break;
        case Op::divide:
            combine(stack, [](double a, double b) { return a / b; });
            break;
        case Op::less:
            compare(stack, [](double a, double b) { return a < b; });
            break;
        case Op::less_equal:
            compare(stack, [](double a, double b) { return a <= b; });
            break;
        case Op::greater:
            compare(stack, [](double a, double b) { return a > b; });
            break;
        case Op::greater_equal:
            compare(stack, [](double a, double b) { return a >= b; });
            break;
        case Op::equal:
            compare(stack, [](double a, double b) { return a == b; });
            break;
        case Op::not_equal:
            compare(stack, [](double a, double b) { return a != b; });
            break;
        case Op::logical_not:
            invert(stack);
            break;
        case Op::logical_and:
            combine_flags(stack, [](auto a, auto b) { return a < b ? a : b; });
            break;
        case Op::logical_or:
            combine_flags(stack, [](auto a, auto b) { return a > b ? a : b; });
            break;
        case Op::variable:
        case Op::call:
        case Op::hold:
            break;  // the caller's
    }
}

}  // namespace volstorm

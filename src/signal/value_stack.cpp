#include "volstorm/signal/value_stack.h"

#include <algorithm>
#include <limits>

#include "volstorm/core/clones.h"

namespace volstorm {
namespace {

bool is_leaf(Op op) { return op <= Op::call; }
bool is_binary_number(Op op) { return op >= Op::add && op <= Op::divide; }

// Loops over the rows of a block, one function for each operator so that each is compiled for every processor.
#define VOLSTORM_NUMBERS(name, operation)                                                   \
    VOLSTORM_CLONES                                                                         \
    void name(double* __restrict left, const double* __restrict right, std::size_t paths) { \
        for (std::size_t i = 0; i < paths; ++i) left[i] = left[i] operation right[i];       \
    }
// A comparison with NaN is undefined: what is true of neither order.
#define VOLSTORM_RELATION(name, relation)                                                                  \
    VOLSTORM_CLONES                                                                                        \
    void name(const double* __restrict left, const double* __restrict right, std::uint8_t* __restrict out, \
              std::size_t paths) {                                                                         \
        for (std::size_t i = 0; i < paths; ++i) {                                                          \
            const std::int64_t defined = left[i] == left[i] && right[i] == right[i] ? 1 : 0;               \
            const std::int64_t holds = left[i] relation right[i] ? 1 : 0;                                  \
            out[i] = static_cast<std::uint8_t>(1 - defined + 2 * (defined & holds));                       \
        }                                                                                                  \
    }
// The same with one number on the right, which is not NaN.
#define VOLSTORM_RELATION_TO_ONE(name, relation)                                                              \
    VOLSTORM_CLONES                                                                                           \
    void name(const double* __restrict left, double right, std::uint8_t* __restrict out, std::size_t paths) { \
        for (std::size_t i = 0; i < paths; ++i) {                                                             \
            const std::int64_t defined = left[i] == left[i] ? 1 : 0, holds = left[i] relation right ? 1 : 0;  \
            out[i] = static_cast<std::uint8_t>(1 - defined + 2 * (defined & holds));                          \
        }                                                                                                     \
    }
VOLSTORM_NUMBERS(add, +)
VOLSTORM_NUMBERS(subtract, -)
VOLSTORM_NUMBERS(multiply, *)
VOLSTORM_RELATION(less, <)
VOLSTORM_RELATION(less_equal, <=)
VOLSTORM_RELATION(greater, >)
VOLSTORM_RELATION(greater_equal, >=)
VOLSTORM_RELATION(equal, ==)
VOLSTORM_RELATION(not_equal, !=)
VOLSTORM_RELATION_TO_ONE(less_than, <)
VOLSTORM_RELATION_TO_ONE(at_most, <=)
VOLSTORM_RELATION_TO_ONE(more_than, >)
VOLSTORM_RELATION_TO_ONE(at_least, >=)
VOLSTORM_RELATION_TO_ONE(equal_to, ==)
VOLSTORM_RELATION_TO_ONE(other_than, !=)
// What is divided by zero is undefined, whatever it is.
VOLSTORM_CLONES
void divide(double* __restrict left, const double* __restrict right, std::size_t paths) {
    constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t i = 0; i < paths; ++i) left[i] = right[i] != 0.0 ? left[i] / right[i] : undefined;
}
#undef VOLSTORM_NUMBERS
#undef VOLSTORM_RELATION
#undef VOLSTORM_RELATION_TO_ONE

VOLSTORM_CLONES
void least(std::uint8_t* __restrict left, const std::uint8_t* __restrict right, std::size_t paths) {
    for (std::size_t i = 0; i < paths; ++i) left[i] = left[i] < right[i] ? left[i] : right[i];
}

VOLSTORM_CLONES
void most(std::uint8_t* __restrict left, const std::uint8_t* __restrict right, std::size_t paths) {
    for (std::size_t i = 0; i < paths; ++i) left[i] = left[i] > right[i] ? left[i] : right[i];
}

void combine(ValueStack& stack, void (*kernel)(double*, const double*, std::size_t)) {
    const double* right = stack.pop_number();
    kernel(stack.top_number(), right, stack.paths());
}

void compare(ValueStack& stack, void (*kernel)(const double*, const double*, std::uint8_t*, std::size_t)) {
    const double* right = stack.pop_number();
    const double* left = stack.pop_number();
    kernel(left, right, stack.push_flag(), stack.paths());
}

void combine_flags(ValueStack& stack, void (*kernel)(std::uint8_t*, const std::uint8_t*, std::size_t)) {
    const std::uint8_t* right = stack.pop_flag();
    kernel(stack.top_flag(), right, stack.paths());
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

bool is_comparison(Op op) { return op >= Op::less && op <= Op::not_equal; }

void compare_with(Op op, double right, ValueStack& stack) {
    constexpr void (*kernels[])(const double*, double, std::uint8_t*, std::size_t) = {less_than, at_most,  more_than,
                                                                                      at_least,  equal_to, other_than};
    const double* left = stack.pop_number();
    kernels[static_cast<int>(op) - static_cast<int>(Op::less)](left, right, stack.push_flag(), stack.paths());
}

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
            combine(stack, add);
            break;
        case Op::subtract:
            combine(stack, subtract);
            break;
        case Op::multiply:
            combine(stack, multiply);
            break;
        case Op::divide:
            combine(stack, divide);
            break;
        case Op::less:
            compare(stack, less);
            break;
        case Op::less_equal:
            compare(stack, less_equal);
            break;
        case Op::greater:
            compare(stack, greater);
            break;
        case Op::greater_equal:
            compare(stack, greater_equal);
            break;
        case Op::equal:
            compare(stack, equal);
            break;
        case Op::not_equal:
            compare(stack, not_equal);
            break;
        case Op::logical_not:
            invert(stack);
            break;
        case Op::logical_and:
            combine_flags(stack, least);
            break;
        case Op::logical_or:
            combine_flags(stack, most);
            break;
        case Op::variable:
        case Op::call:
        case Op::hold:
            break;  // the caller's
    }
}

}  // namespace volstorm

#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "volstorm/signal/expression.h"

namespace volstorm {

/// Kleene's three truth values. `and` is the minimum, `or` the maximum, `not` the difference to kTrue.
inline constexpr std::uint8_t kFalse = 0;
inline constexpr std::uint8_t kUndefined = 1;
inline constexpr std::uint8_t kTrue = 2;

/// The values of an expression's operands on a block of paths: numbers (NaN is undefined) and flags, each a stack of
/// rows of one value a path.
class ValueStack {
 public:
    /// Makes room for every operand of `expression`; allocates only where it must grow.
    void reset(const Expression& expression, std::size_t paths);
    std::size_t paths() const { return paths_; }

    double* push_number() { return numbers_.data() + paths_ * number_count_++; }
    std::uint8_t* push_flag() { return flags_.data() + paths_ * flag_count_++; }
    double* pop_number() { return numbers_.data() + paths_ * --number_count_; }
    std::uint8_t* pop_flag() { return flags_.data() + paths_ * --flag_count_; }
    double* top_number() { return numbers_.data() + paths_ * (number_count_ - 1); }
    std::uint8_t* top_flag() { return flags_.data() + paths_ * (flag_count_ - 1); }

 private:
    std::size_t paths_ = 0, number_count_ = 0, flag_count_ = 0;
    std::vector<double> numbers_;
    std::vector<std::uint8_t> flags_;
};

bool is_comparison(Op op);

/// Replaces the number on top by its comparison with a literal.
void compare_with(Op comparison, double literal, ValueStack& stack);

/// Pushes a literal, or replaces the operands on top by the result of an operator. Not for variables, calls and `for`.
void apply_operator(const Node& node, ValueStack& stack);

}  // namespace volstorm

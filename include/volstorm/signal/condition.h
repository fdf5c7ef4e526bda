#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "volstorm/signal/expression.h"

namespace volstorm {

/// A column of per-path results that a condition may name.
struct ConditionVariable {
    std::string name;
    Type type = Type::number;  // flag: true where the column is not zero
};

/// A condition on the results of single paths, as claims use it: `condor_return <= -0.35 and not down_breach`. Rules
/// without functions and without `for`. NaN is undefined: what depends on it is not true.
class Condition {
 public:
    static Condition parse(std::string_view text, const TextPlace& place, std::span<const ConditionVariable> known);

    /// The columns it needs, in the order of first use.
    const std::vector<std::string>& variables() const { return variables_; }
    std::string text() const { return to_text(expression_); }

    /// Sets out[i] to 1 where the condition is true on path i, else to 0. The columns stand in the order of variables()
    /// and are as long as `out`; else throws std::invalid_argument.
    void evaluate(std::span<const std::span<const float>> columns, std::span<std::uint8_t> out) const;

 private:
    Condition(Expression expression);

    Expression expression_;
    std::vector<std::string> variables_;
    std::vector<std::size_t> column_;  // of each node: its place in variables_
};

}  // namespace volstorm

#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "volstorm/core/error.h"

namespace volstorm {

inline constexpr std::size_t kMaxExpressionBytes = 4096;
inline constexpr int kMaxExpressionDepth = 64;  // parentheses, `not` and unary minus inside one another
inline constexpr int kMaxHeldBars = 1000;       // of `for N bars`

/// What an expression yields: a number, or a condition that holds or not.
enum class Type { number, flag };

/// Where the text of an expression stands; `key` is the setting's dotted path (layer.second.open), or empty.
struct TextPlace {
    Source source;  // the opening quote of the value
    std::string key;
};

/// Throws InputError at the byte `offset` of the text: `file:line:column: key: message`. Where the source has no line
/// (an option of the command line) the message counts the character instead.
[[noreturn]] void fail_at(const TextPlace& place, std::size_t offset, std::string_view message);

/// An argument of a call: a whole number, or a word such as vix.bar or the name of an event.
struct Argument {
    int number = 0;
    std::string word{};  // empty: a number

    bool operator==(const Argument&) const = default;
};

enum class ParameterKind { whole, word };

/// What a call takes at one place.
struct Parameter {
    std::string name;  // what a message calls it: period, series, event
    ParameterKind kind = ParameterKind::whole;
    int low = 0;  // whole numbers: both bounds are allowed
    int high = 0;
    std::vector<std::string> words{};  // words: those that exist
};

/// A word of the language: a variable, or a function with its parameters.
struct Word {
    std::string name;
    Type type = Type::number;
    std::string help{};  // one line, with the unit
    bool is_function = false;
    std::vector<Parameter> parameters{};
    /// What is wrong between the arguments (fast not below slow), or an empty text; may be null.
    std::string (*check)(std::span<const Argument>) = nullptr;
};

/// The words that one kind of expression knows.
struct Vocabulary {
    std::vector<Word> words;
    bool has_bars = true;  // `for N bars` has a meaning

    const Word* find(std::string_view name) const;  // null: no such word
};

enum class Op {
    number,
    flag,
    variable,
    call,  // leaves
    negate,
    add,
    subtract,
    multiply,
    divide,  // numbers to a number
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,  // numbers to a flag
    logical_not,
    logical_and,
    logical_or,
    hold  // flags to a flag
};

/// One operation. Operands stand before it, as on a stack.
struct Node {
    Op op = Op::number;
    Type type = Type::number;
    double number = 0.0;  // the value of a literal (flags: 0, 1); the bars of `for N bars`
    std::string word{};   // the name of a variable or function
    std::vector<Argument> arguments{};
    std::size_t offset = 0;  // where it begins in the text; no part of equality

    friend bool operator==(const Node& a, const Node& b) {
        return a.op == b.op && a.number == b.number && a.word == b.word && a.arguments == b.arguments;
    }
};

/// A checked expression in postfix order: the root is the last node.
struct Expression {
    std::vector<Node> nodes;

    bool operator==(const Expression&) const = default;
};

/// Reads a condition in the grammar of src/signal/README.md. Throws InputError at the first mistake; an unknown word is
/// answered with the nearest known one.
Expression parse_condition(std::string_view text, const TextPlace& place, const Vocabulary& vocabulary);

/// The canonical text: single spaces, only the parentheses that are needed. It reads back to the same expression.
std::string to_text(const Expression& expression);

/// The canonical text of a variable or a call: rsi(vix, 14).
std::string to_text(const Node& word);

}  // namespace volstorm

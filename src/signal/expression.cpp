#include "volstorm/signal/expression.h"

#include <fmt/format.h>

#include <algorithm>

#include "volstorm/core/text.h"

namespace volstorm {
namespace {

struct Printed {
    std::string text;
    int strength = 0;  // how tightly its outermost operator binds
};

constexpr int kOr = 1, kAnd = 2, kNot = 3, kHold = 4, kCompare = 5, kSum = 6, kProduct = 7, kNegate = 8, kLeaf = 9;

struct Binary {
    std::string_view sign;
    int strength;
};

Binary binary(Op op) {
    switch (op) {
        case Op::add:
            return {"+", kSum};
        case Op::subtract:
            return {"-", kSum};
        case Op::multiply:
            return {"*", kProduct};
        case Op::divide:
            return {"/", kProduct};
        case Op::less:
            return {"<", kCompare};
        case Op::less_equal:
            return {"<=", kCompare};
        case Op::greater:
            return {">", kCompare};
        case Op::greater_equal:
            return {">=", kCompare};
        case Op::equal:
            return {"==", kCompare};
        case Op::not_equal:
            return {"!=", kCompare};
        case Op::logical_and:
            return {"and", kAnd};
        default:
            return {"or", kOr};
    }
}

/// The operand as it must stand where at least `strength` is wanted.
std::string wrapped(const Printed& operand, int strength) {
    return operand.strength >= strength ? operand.text : fmt::format("({})", operand.text);
}

bool is_plain(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto inner = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '.'; };
    if (name.empty() || !letter(name.front()) || !std::all_of(name.begin(), name.end(), inner)) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == '.' && (i + 1 == name.size() || !letter(name[i + 1]))) return false;
    }
    return true;
}

std::string argument_text(const Argument& argument) {
    if (argument.word.empty()) return std::to_string(argument.number);
    return is_plain(argument.word) ? argument.word : fmt::format("'{}'", argument.word);
}

/// Prints one node, given the printed operands on top of the stack.
Printed print(const Node& node, std::vector<Printed>& stack) {
    const auto pop = [&] {
        Printed top = std::move(stack.back());
        stack.pop_back();
        return top;
    };
    switch (node.op) {
        case Op::number:
            return {shortest(node.number), kLeaf};
        case Op::flag:
            return {node.number != 0.0 ? "true" : "false", kLeaf};
        case Op::variable:
        case Op::call:
            return {to_text(node), kLeaf};
        case Op::negate:
            return {fmt::format("-{}", wrapped(pop(), kNegate)), kNegate};
        case Op::logical_not:
            return {fmt::format("not {}", wrapped(pop(), kNot)), kNot};
        case Op::hold:
            return {
                fmt::format("{} for {} bar{}", wrapped(pop(), kCompare), node.number, node.number == 1.0 ? "" : "s"),
                kHold};
        default:
            break;
    }
    const auto [sign, strength] = binary(node.op);
    const Printed right = pop(), left = pop();
    const int left_strength = strength == kCompare ? kSum : strength;  // comparisons do not chain
    return {fmt::format("{} {} {}", wrapped(left, left_strength), sign, wrapped(right, strength + 1)), strength};
}

}  // namespace

void fail_at(const TextPlace& place, std::size_t offset, std::string_view message) {
    Source source = place.source;
    std::string text = place.key.empty() ? "" : place.key + ": ";
    if (source.line == 0) {
        text += fmt::format("at character {}: ", offset + 1);
    } else {
        source.column += 1 + static_cast<int>(offset);  // 1: the opening quote
    }
    throw InputError(source, text + std::string(message));
}

const Word* Vocabulary::find(std::string_view name) const {
    const auto found = std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.name == name; });
    return found == words.end() ? nullptr : &*found;
}

std::string to_text(const Node& word) {
    if (word.op != Op::call) return word.word;
    std::string text = word.word + "(";
    for (std::size_t i = 0; i < word.arguments.size(); ++i) {
        text += (i == 0 ? "" : ", ") + argument_text(word.arguments[i]);
    }
    return text + ")";
}

std::string to_text(const Expression& expression) {
    std::vector<Printed> stack;
    for (const Node& node : expression.nodes) {
        Printed printed = print(node, stack);
        stack.push_back(std::move(printed));
    }
    return stack.empty() ? "" : stack.back().text;
}

}  // namespace volstorm

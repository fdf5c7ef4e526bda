// Recursive descent over the grammar of README.md; every function is named after its production.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "lexer.h"
#include "volstorm/core/text.h"
#include "volstorm/signal/expression.h"

namespace volstorm {
namespace {

/// The type of what was just parsed, and where it began.
struct Operand {
    Type type;
    std::size_t offset;
};

std::optional<Op> relation(std::string_view sign) {
    if (sign == "<") return Op::less;
    if (sign == "<=") return Op::less_equal;
    if (sign == ">") return Op::greater;
    if (sign == ">=") return Op::greater_equal;
    if (sign == "==") return Op::equal;
    if (sign == "!=") return Op::not_equal;
    return std::nullopt;
}

/// ` (did you mean x?)`, or the words themselves where none is near and they are few.
std::string suggestion(std::string_view word, std::span<const std::string> known) {
    if (const std::string near = nearest_word(word, known); !near.empty())
        return fmt::format(" (did you mean {}?)", near);
    if (known.size() > 6) return "";
    std::string list;
    for (const std::string& one : known) list += (list.empty() ? " (known: " : ", ") + one;
    return list.empty() ? "" : list + ")";
}

/// Words of the design of rules and claims that no vocabulary has yet: no typing errors.
constexpr std::array<std::string_view, 10> kPlannedWords{
    "profit", "short_delta", "delta", "touched", "classifier",
    "event",  "net_delta",   "carry", "roc",     "breakeven_distance"};

std::string signature(const Word& word) {
    std::string text = word.name + "(";
    for (const Parameter& parameter : word.parameters) {
        text += (text.back() == '(' ? "" : ", ") + parameter.name;
    }
    return text + ")";
}

class Parser {
 public:
    Parser(std::string_view text, const TextPlace& place, const Vocabulary& vocabulary)
        : place_(place), vocabulary_(vocabulary), tokens_(tokenize(text, place)) {}

    Expression parse() {
        if (peek().kind == TokenKind::end) fail(0, "the condition is empty");
        const Operand whole = disjunction();
        if (peek().kind != TokenKind::end) unexpected();
        require(Type::flag, whole, "a condition is wanted");
        return std::move(expression_);
    }

 private:
    /// Counts how deep the parser stands inside parentheses, `not` and minus signs.
    class Nested {
     public:
        Nested(Parser& parser, std::size_t offset) : parser_(parser) {
            if (++parser_.depth_ > kMaxExpressionDepth) {
                parser_.fail(offset, fmt::format("nested deeper than {} levels", kMaxExpressionDepth));
            }
        }
        ~Nested() { --parser_.depth_; }
        Nested(const Nested&) = delete;
        Nested& operator=(const Nested&) = delete;

     private:
        Parser& parser_;
    };

    const Token& peek() const { return tokens_[next_]; }
    const Token& take() { return tokens_[next_ + 1 < tokens_.size() ? next_++ : next_]; }
    bool at(TokenKind kind, std::string_view text) const { return peek().kind == kind && peek().text == text; }
    bool accept(TokenKind kind, std::string_view text) {
        const bool found = at(kind, text);
        if (found) take();
        return found;
    }
    bool accept_word(std::string_view text) { return accept(TokenKind::word, text); }
    bool accept_symbol(std::string_view text) { return accept(TokenKind::symbol, text); }

    [[noreturn]] void fail(std::size_t offset, std::string_view message) const { fail_at(place_, offset, message); }

    [[noreturn]] void unexpected() const {
        const Token& token = peek();
        if (token.kind == TokenKind::end) fail(token.offset, "the text ends where a value is wanted");
        const std::vector<std::string> joints{"and", "or", "for"};
        const std::string near = token.kind == TokenKind::word ? nearest_word(token.text, joints) : "";
        const std::string_view quote = token.kind == TokenKind::quoted ? "'" : "";
        const std::string found = fmt::format("{0}{1}{0}", quote, printable(token.text));
        fail(token.offset, found + " is not expected here" +
                               (near.empty() || near == found ? "" : fmt::format(" (did you mean {}?)", near)));
    }

    void require(Type type, const Operand& operand, const std::string& reason) const {
        if (operand.type == type) return;
        fail(operand.offset, reason + (type == Type::flag ? ", and this is a number (compare it, as in vix > 30)"
                                                          : ", and this is a condition"));
    }

    Operand emit(Op op, Type type, std::size_t offset, double number = 0.0) {
        expression_.nodes.push_back({.op = op, .type = type, .number = number, .offset = offset});
        return {type, offset};
    }

    Operand disjunction() {
        Operand left = conjunction();
        while (accept_word("or")) left = join(Op::logical_or, left, conjunction(), "`or` joins conditions");
        return left;
    }

    Operand conjunction() {
        Operand left = negation();
        while (accept_word("and")) left = join(Op::logical_and, left, negation(), "`and` joins conditions");
        return left;
    }

    Operand join(Op op, const Operand& left, const Operand& right, const std::string& reason) {
        require(Type::flag, left, reason);
        require(Type::flag, right, reason);
        return emit(op, Type::flag, left.offset);
    }

    Operand negation() {
        const std::size_t offset = peek().offset;
        if (!accept_word("not")) return held();
        const Nested nested(*this, offset);
        require(Type::flag, negation(), "`not` turns a condition");
        return emit(Op::logical_not, Type::flag, offset);
    }

    Operand held() {
        const Operand operand = comparison();
        const Token& token = peek();
        if (!accept_word("for")) return operand;
        if (!vocabulary_.has_bars) fail(token.offset, "`for` has no meaning here: there are no bars");
        require(Type::flag, operand, "`for` holds a condition");
        const int bars = whole_number("for", "bars", 1, kMaxHeldBars);
        if (!accept_word("bars") && !accept_word("bar")) {
            fail(peek().offset, fmt::format("`for {}` wants the word bars", bars));
        }
        if (at(TokenKind::word, "for")) fail(peek().offset, "`for` comes once: put the first in parentheses");
        return emit(Op::hold, Type::flag, operand.offset, bars);
    }

    Operand comparison() {
        const Operand left = sum();
        const Token& sign = peek();
        const std::optional<Op> op = sign.kind == TokenKind::symbol ? relation(sign.text) : std::nullopt;
        if (!op) return left;
        take();
        const Operand right = sum();
        const std::string reason = fmt::format("`{}` compares numbers", sign.text);
        require(Type::number, left, reason);
        require(Type::number, right, reason);
        if (peek().kind == TokenKind::symbol && relation(peek().text)) {
            fail(peek().offset, "comparisons do not chain: write 1 < vix and vix < 2");
        }
        return emit(*op, Type::flag, left.offset);
    }

    Operand sum() {
        Operand left = product();
        while (at(TokenKind::symbol, "+") || at(TokenKind::symbol, "-")) {
            const Op op = take().text == "+" ? Op::add : Op::subtract;
            left = combine(op, left, product(), op == Op::add ? "`+` adds numbers" : "`-` subtracts numbers");
        }
        return left;
    }

    Operand product() {
        Operand left = factor();
        while (at(TokenKind::symbol, "*") || at(TokenKind::symbol, "/")) {
            const Op op = take().text == "*" ? Op::multiply : Op::divide;
            left = combine(op, left, factor(), op == Op::multiply ? "`*` multiplies numbers" : "`/` divides numbers");
        }
        return left;
    }

    Operand combine(Op op, const Operand& left, const Operand& right, const std::string& reason) {
        require(Type::number, left, reason);
        require(Type::number, right, reason);
        return emit(op, Type::number, left.offset);
    }

    Operand factor() {
        const std::size_t offset = peek().offset;
        if (!accept_symbol("-")) return primary();
        const Nested nested(*this, offset);
        require(Type::number, factor(), "`-` turns a number");
        return emit(Op::negate, Type::number, offset);
    }

    Operand primary() {
        const Token& token = peek();
        if (token.kind == TokenKind::number) return emit(Op::number, Type::number, take().offset, token.number);
        if (accept_symbol("(")) {
            const Nested nested(*this, token.offset);
            const Operand inner = disjunction();
            if (!accept_symbol(")")) {
                if (peek().kind != TokenKind::end) unexpected();
                fail(token.offset, "this parenthesis is not closed");
            }
            return {inner.type, token.offset};
        }
        if (token.kind != TokenKind::word) unexpected();
        if (accept_word("true")) return emit(Op::flag, Type::flag, token.offset, 1.0);
        if (accept_word("false")) return emit(Op::flag, Type::flag, token.offset, 0.0);
        for (const std::string_view keyword : {"and", "or", "not", "for"}) {
            if (token.text == keyword) fail(token.offset, fmt::format("a value is wanted before {}", keyword));
        }
        return word();
    }

    Operand word() {
        const Token& token = take();
        const Word* known = vocabulary_.find(token.text);
        if (known == nullptr) unknown(token);
        const bool opened = accept_symbol("(");
        if (opened && !known->is_function) fail(token.offset, known->name + " takes no arguments: write it alone");
        if (!opened && known->is_function)
            fail(token.offset, fmt::format("{} is a function: write {}", known->name, signature(*known)));
        Node node{.op = opened ? Op::call : Op::variable, .type = known->type, .word = known->name};
        node.offset = token.offset;
        if (opened) node.arguments = arguments(*known, token.offset);
        expression_.nodes.push_back(std::move(node));
        return {known->type, token.offset};
    }

    [[noreturn]] void unknown(const Token& token) const {
        if (std::find(kPlannedWords.begin(), kPlannedWords.end(), token.text) != kPlannedWords.end())
            fail(token.offset, fmt::format("{} is not there yet", token.text));
        std::vector<std::string> known{"not", "true", "false"};
        for (const Word& one : vocabulary_.words) known.push_back(one.name);
        fail(token.offset, fmt::format("{} is not a word here{}", token.text, suggestion(token.text, known)));
    }

    std::vector<Argument> arguments(const Word& function, std::size_t offset) {
        std::vector<Argument> list;
        for (const Parameter& parameter : function.parameters) {
            const bool missing = at(TokenKind::symbol, ")") || (!list.empty() && !accept_symbol(","));
            if (missing)
                fail(peek().offset,
                     fmt::format("{} wants its {}: {}", function.name, parameter.name, signature(function)));
            list.push_back(argument(function, parameter));
        }
        if (!accept_symbol(")")) surplus(function);
        const std::string complaint = function.check == nullptr ? "" : function.check(list);
        if (!complaint.empty()) fail(offset, fmt::format("{} {}", function.name, complaint));
        return list;
    }

    [[noreturn]] void surplus(const Word& function) const {
        const std::size_t count = function.parameters.size();
        if (count == 0)
            fail(peek().offset, fmt::format("{} takes no arguments: write {}", function.name, signature(function)));
        if (at(TokenKind::symbol, ","))
            fail(peek().offset, fmt::format("{} takes {} argument{}: {}", function.name, count, count == 1 ? "" : "s",
                                            signature(function)));
        fail(peek().offset, fmt::format("`)` is wanted: {}", signature(function)));
    }

    Argument argument(const Word& function, const Parameter& parameter) {
        if (parameter.kind == ParameterKind::whole) {
            return {.number = whole_number(function.name, parameter.name, parameter.low, parameter.high)};
        }
        const Token& token = peek();
        if (token.kind != TokenKind::word && token.kind != TokenKind::quoted) {
            fail(token.offset,
                 fmt::format("{} {} is a name{}", function.name, parameter.name, suggestion("", parameter.words)));
        }
        take();
        const auto& words = parameter.words;
        if (std::find(words.begin(), words.end(), token.text) == words.end()) {
            fail(token.offset, fmt::format("{} is not a known {}{}", printable(token.text), parameter.name,
                                           words.empty() ? " (there is none)" : suggestion(token.text, words)));
        }
        return {.word = std::string(token.text)};
    }

    int whole_number(const std::string& function, const std::string& name, int low, int high) {
        const Token& token = peek();
        const std::string range = fmt::format("[{}, {}]", low, high);
        if (token.kind != TokenKind::number) {
            fail(token.offset, fmt::format("{} {} is a whole number in {}", function, name, range));
        }
        take();
        const std::string is = fmt::format("{} {} is {}", function, name, token.text);
        if (!(token.number >= low && token.number <= high)) fail(token.offset, is + ", outside " + range);
        const int whole = static_cast<int>(token.number);
        if (whole != token.number) fail(token.offset, is + ", not a whole number");
        return whole;
    }

    const TextPlace& place_;
    const Vocabulary& vocabulary_;
    std::vector<Token> tokens_;
    std::size_t next_ = 0;
    int depth_ = 0;
    Expression expression_;
};

}  // namespace

Expression parse_condition(std::string_view text, const TextPlace& place, const Vocabulary& vocabulary) {
    if (text.size() > kMaxExpressionBytes) {
        fail_at(place, kMaxExpressionBytes, fmt::format("longer than {} bytes", kMaxExpressionBytes));
    }
    return Parser(text, place, vocabulary).parse();
}

}  // namespace volstorm

#include "lexer.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "volstorm/core/text.h"

namespace volstorm {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// What to write instead of a sign that other languages have.
std::string_view advice(char c) {
    constexpr std::array<std::pair<char, std::string_view>, 6> kAdvice{{{'&', "write `and`"},
                                                                        {'|', "write `or`"},
                                                                        {'!', "write `not`, or `!=`"},
                                                                        {'=', "write `==`"},
                                                                        {'%', "write 0.05 for 5 %"},
                                                                        {'.', "write 0.5 for .5"}}};
    for (const auto& [sign, text] : kAdvice) {
        if (sign == c) return text;
    }
    return "";
}

/// Bytes of the sign at the beginning of `rest`; 0: there is none.
std::size_t symbol_length(std::string_view rest) {
    for (const std::string_view two : {"<=", ">=", "==", "!="}) {
        if (rest.starts_with(two)) return 2;
    }
    return std::string_view("<>+-*/(),").find(rest.front()) == std::string_view::npos ? 0 : 1;
}

std::size_t word_length(std::string_view rest) {
    std::size_t n = 0;
    while (n < rest.size() && (is_letter(rest[n]) || is_digit(rest[n]) ||
                               (rest[n] == '.' && n + 1 < rest.size() && is_letter(rest[n + 1])))) {
        ++n;
    }
    return n;
}

}  // namespace

std::vector<Token> tokenize(std::string_view text, const TextPlace& place) {
    std::vector<Token> tokens;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::string_view rest = text.substr(at);
        const char c = rest.front();
        Token token{.offset = at};
        std::size_t length = 1;
        if (is_space(c)) {
            ++at;
            continue;
        }
        if (is_digit(c)) {
            token.kind = TokenKind::number;
            const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), token.number);
            length = static_cast<std::size_t>(end - rest.data());
            if (error != std::errc()) fail_at(place, at, "this number is out of range");
        } else if (is_letter(c)) {
            token.kind = TokenKind::word;
            length = word_length(rest);
        } else if (c == '\'') {
            token.kind = TokenKind::quoted;
            length = rest.find('\'', 1);
            if (length == std::string_view::npos) fail_at(place, at, "the closing ' of this name is missing");
            ++length;
        } else {
            token.kind = TokenKind::symbol;
            length = symbol_length(rest);
            if (length == 0) {
                const std::string_view hint = advice(c);
                fail_at(place, at,
                        fmt::format("unexpected {}{}{}", printable(rest.substr(0, 1)), hint.empty() ? "" : ": ", hint));
            }
        }
        token.text = token.kind == TokenKind::quoted ? rest.substr(1, length - 2) : rest.substr(0, length);
        tokens.push_back(token);
        at += length;
    }
    tokens.push_back({.kind = TokenKind::end, .offset = text.size()});
    return tokens;
}

}  // namespace volstorm

#pragma once
#include <string_view>
#include <vector>

#include "volstorm/signal/expression.h"

namespace volstorm {

enum class TokenKind { number, word, quoted, symbol, end };

struct Token {
    TokenKind kind = TokenKind::end;
    std::string_view text{};  // for quoted names: without the quotes
    double number = 0.0;
    std::size_t offset = 0;
};

/// The tokens of `text`, with an `end` behind them. Throws InputError at a character that begins none.
std::vector<Token> tokenize(std::string_view text, const TextPlace& place);

}  // namespace volstorm

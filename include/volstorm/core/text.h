#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace volstorm {

/// The word of `words` nearest to `word` by edit distance (transpositions count once); empty where none is near.
std::string nearest_word(std::string_view word, std::span<const std::string> words);

/// The shortest decimal text that reads back to the same double: 0.1, 1e+15, nan.
std::string shortest(double value);

/// `value` with thousands separators: 1,000,000.
std::string grouped(std::int64_t value);

/// The text with control bytes and invalid UTF-8 written as \xNN: safe to print on a terminal.
std::string printable(std::string_view text);

}  // namespace volstorm

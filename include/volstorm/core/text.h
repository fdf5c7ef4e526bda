#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace volstorm {

/// The word of `words` nearest to `word` by edit distance (transpositions count once); empty where none is near.
std::string nearest_word(std::string_view word, std::span<const std::string> words);

/// The shortest decimal text that reads back to the same double: 0.1, 100000, 1e+15, 1e-07, nan, -inf. With an exponent
/// from 1e15 on and below 1e-5.
std::string shortest(double value);

/// `value` with thousands separators: 1,000,000.
std::string grouped(std::int64_t value);

/// Length in bytes of the valid UTF-8 character that `text` begins with; 0 where it begins with none.
std::size_t utf8_length(std::string_view text);

/// The text with control characters and invalid UTF-8 written as \xNN: safe to print on a terminal.
std::string printable(std::string_view text);

/// The text as a basic string of TOML, quotes included.
std::string toml_string(std::string_view text);

}  // namespace volstorm

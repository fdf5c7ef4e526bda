#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace volstorm {

/// A word in lower case without accents, a number, or a single sign.
struct DateToken {
    char kind;  // 'w', '0', or the sign itself (every minus is '-', anything unknown '?')
    std::string text;
    bool is_word(std::string_view word) const { return kind == 'w' && text == word; }
    /// The number; only for kind '0' with at most four digits.
    int number() const { return std::stoi(text); }
};

/// Cuts up a date; blanks of every kind, commas and dots divide. Any bytes: what is not UTF-8 is read as Latin-1.
std::vector<DateToken> date_tokens(std::string_view text);

/// The month, 1 to 12, that a folded word names; nothing where it names none or more than one (`jui`).
std::optional<unsigned> month_of(std::string_view word);

}  // namespace volstorm

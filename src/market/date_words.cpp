#include "date_words.h"

#include <algorithm>
#include <array>

#include "volstorm/core/text.h"

namespace volstorm {
namespace {

/// Months in Dutch, English, French, German, Italian, Portuguese, Spanish, without accents.
constexpr std::array<std::string_view, 12> kMonths = {
    "januari january janvier januar janner gennaio janeiro enero",
    "februari february fevrier februar febbraio fevereiro febrero",
    "maart march mars marz maerz mrt mrz marzo marco",
    "april avril aprile abril",
    "mei may mai maggio maio mayo",
    "juni june juin giugno junho junio",
    "juli july juillet luglio julho julio",
    "augustus august aout agosto",
    "september septembre settembre setembro septiembre setiembre",
    "oktober october octobre ottobre outubro octubre",
    "november novembre novembro noviembre",
    "december decembre dezember dicembre dezembro diciembre",
};
constexpr std::size_t kShortestAbbreviation = 3;

/// The letters from U+00C0 to U+00FF without their accents; `?` where there is none.
constexpr std::string_view kLatin =
    "aaaaaaaceeeeiiii?nooooo?ouuuuy??"
    "aaaaaaaceeeeiiii?nooooo?ouuuuy?y";

struct Character {
    unsigned code;
    std::size_t bytes;
};

Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])); };
    switch (utf8_length(text)) {
        case 2:
            return {(byte(0) & 0x1F) << 6 | (byte(1) & 0x3F), 2};
        case 3:
            return {(byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
        case 4:
            return {0x10FFFF, 4};
        default:
            return {byte(0), 1};
    }
}

bool divides(unsigned code) {
    const bool blank =
        code == ' ' || code == '\t' || code == 0xA0 || (code >= 0x2000 && code <= 0x200B) || code == 0x202F;
    return blank || code == ',' || code == '.';
}

bool combines(unsigned code) { return code >= 0x300 && code <= 0x36F; }  // an accent of its own

/// The kind of token that a character belongs to, and how it is written there.
DateToken fold(unsigned code) {
    if (code >= '0' && code <= '9') return {'0', std::string(1, static_cast<char>(code))};
    if (code >= 'a' && code <= 'z') return {'w', std::string(1, static_cast<char>(code))};
    if (code >= 'A' && code <= 'Z') return {'w', std::string(1, static_cast<char>(code - 'A' + 'a'))};
    if (code >= 0xC0 && code <= 0xFF && kLatin[code - 0xC0] != '?') return {'w', std::string(1, kLatin[code - 0xC0])};
    if (code == '-' || code == 0x2212 || (code >= 0x2010 && code <= 0x2013)) return {'-', "-"};
    if (code == '+' || code == ':') return {static_cast<char>(code), std::string(1, static_cast<char>(code))};
    return {'?', "?"};
}

bool holds_word(std::string_view names, std::string_view word, bool whole) {
    for (std::size_t start = 0; start < names.size();) {
        const std::size_t end = std::min(names.find(' ', start), names.size());
        const std::string_view name = names.substr(start, end - start);
        if (whole ? name == word : name.starts_with(word)) return true;
        start = end + 1;
    }
    return false;
}

}  // namespace

std::vector<DateToken> date_tokens(std::string_view text) {
    std::vector<DateToken> tokens;
    for (bool divided = true; !text.empty();) {
        const auto [code, bytes] = first_character(text);
        text.remove_prefix(bytes);
        if (combines(code)) continue;
        if (divides(code)) {
            divided = true;
            continue;
        }
        DateToken token = fold(code);
        const bool grows = token.kind == 'w' || token.kind == '0';
        if (!divided && grows && tokens.back().kind == token.kind) {
            tokens.back().text += token.text;
        } else {
            tokens.push_back(std::move(token));
        }
        divided = false;
    }
    return tokens;
}

std::optional<unsigned> month_of(std::string_view word) {
    std::optional<unsigned> month;
    for (const bool whole : {true, false}) {
        if (!whole && word.size() < kShortestAbbreviation) return std::nullopt;
        for (unsigned m = 1; m <= kMonths.size(); ++m) {
            if (!holds_word(kMonths[m - 1], word, whole)) continue;
            if (month) return std::nullopt;
            month = m;
        }
        if (month) return month;
    }
    return month;
}

}  // namespace volstorm

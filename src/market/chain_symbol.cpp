#include "chain_symbol.h"

#include <algorithm>
#include <cstddef>

namespace volstorm {
namespace {

constexpr std::size_t kTail = 15;  // yymmdd, C or P, eight digits
constexpr std::size_t kLongestRoot = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

int whole(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = 10 * value + (c - '0');
    return value;
}

}  // namespace

std::optional<ChainSymbol> parse_symbol(std::string_view text) {
    if (text.size() <= kTail || text.size() > kTail + kLongestRoot) return std::nullopt;
    const std::string_view root = text.substr(0, text.size() - kTail), tail = text.substr(root.size());
    const std::string_view day = tail.substr(0, 6), strike = tail.substr(7);
    const char type = tail[6];
    const bool digits = std::ranges::all_of(day, is_digit) && std::ranges::all_of(strike, is_digit);
    if (!digits || !std::ranges::all_of(root, is_capital) || (type != 'C' && type != 'P')) return std::nullopt;

    const auto part = [&](std::size_t from) { return static_cast<unsigned>(whole(day.substr(from, 2))); };
    const std::chrono::year_month_day date{std::chrono::year(2000 + whole(day.substr(0, 2))),
                                           std::chrono::month(part(2)), std::chrono::day(part(4))};
    if (!date.ok()) return std::nullopt;
    return ChainSymbol{std::string(root), Date(date), type == 'C' ? OptionType::call : OptionType::put,
                       whole(strike) / 1000.0};
}

}  // namespace volstorm

#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "volstorm/core/civil_time.h"
#include "volstorm/math/black.h"

namespace volstorm {

/// What an option's symbol says: SPXW220207C02400000 is the SPXW call of 2022-02-07 at 2400.
struct ChainSymbol {
    std::string root;
    Date date{};
    OptionType type = OptionType::call;
    double strike = 0.0;  // points
};

/// Reads a symbol: a root of letters, yymmdd, C or P, the strike times 1000 in eight digits. Nothing where it is no
/// such text or names no day.
std::optional<ChainSymbol> parse_symbol(std::string_view text);

}  // namespace volstorm

#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "volstorm/market/chain.h"
#include "volstorm/math/black.h"

namespace volstorm {

/// Bid and ask of one option as Black vols: 0.25 is 25 %.
struct VolQuote {
    double strike = 0.0;
    OptionType type = OptionType::call;
    double bid_vol = 0.0, ask_vol = 0.0;
};

/// The quotes of one tenor on one forward.
struct VolTenor {
    std::string name;              // 2w, 1m
    double years = 0.0;            // to settlement, on the clock of the vols
    double forward = 0.0;          // points
    double discount = 1.0;         // of a payment at settlement
    std::vector<VolQuote> quotes;  // as in the file
};

struct VolQuotes {
    std::string file;
    std::vector<VolTenor> tenors;  // as in the file
};

/// Reads a CSV with the header `tenor,ttm_years,forward,discount,strike,type,bid_iv,ask_iv` and a row a quote.
/// InputError with file:line:column: another header, a malformed number, a type other than C or P, a bid above the ask,
/// an option twice, or years, forward and discount that change within a tenor. IoError where the system refuses.
VolQuotes read_vol_quotes(const std::filesystem::path& file);

/// Reads what the file is: a table of vols where its first line says so, else an option chain with `quote_time`.
std::variant<OptionChain, VolQuotes> read_quotes(const std::filesystem::path& file,
                                                 std::optional<DateTime> quote_time = {});

}  // namespace volstorm

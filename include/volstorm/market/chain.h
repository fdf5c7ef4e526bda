#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "volstorm/core/civil_time.h"

namespace volstorm {

/// Bid and ask of one option, points (of the index, or of VIX). A bid of 0 is a true bid of nothing; an ask of 0 says
/// that nobody offers.
struct BidAsk {
    double bid = 0.0, ask = 0.0;

    bool is_crossed() const { return ask > 0.0 && bid > ask; }
    bool is_quoted() const { return ask > 0.0 && bid <= ask; }
    double mid() const { return 0.5 * (bid + ask); }
};

/// A strike of an expiry.
struct ChainRow {
    double strike = 0.0;  // points
    BidAsk call, put;
    int line = 0;  // of the file
};

enum class ChainFamily { spx, vix };
enum class Settlement { am, pm };  // at the open of the day, at its close

/// The options of one root that settle at one moment. A day can hold two: SPX at its open, SPXW at its close.
struct ChainExpiry {
    Date date{};
    std::string root;  // SPX, SPXW, VIX, VIXW
    Settlement settlement = Settlement::pm;
    std::vector<ChainRow> rows;  // by strike, each once; not those without any quote
    int unquoted_rows = 0;       // kept out: bid and ask of call and put are all 0, as where the date has passed
};

/// What Cboe's page `quotedata` shows of SPX or of VIX.
struct OptionChain {
    std::string file;
    ChainFamily family = ChainFamily::spx;
    std::optional<DateTime> stamp;       // the date line: when the page was saved, New York
    std::optional<DateTime> quote_time;  // when the quotes stood
    std::optional<double> last;          // last value of the index, points
    std::vector<ChainExpiry> expiries;   // by the moment of settlement
};

/// Reads a Cboe `quotedata` CSV: a block of a few lines with the index and the date (or none of it), a header, then a
/// row a strike, call fields left of the strike and put fields right of it. Columns go by the names Calls, Bid, Ask,
/// Strike, Puts, with or without "Calls" or "Puts" before or behind them; where no line names them, by Cboe's order of
/// 22 columns. A page saved after the close, or on a day without a session, holds the quotes of the last close.
/// `quote_time` is used as it is instead of the date line, which may then be of any form, but not of another week.
/// InputError with file:line:column: a
/// row without an option's symbol, of another root, or of both families; date, strike or kind that differ between
/// symbol and columns; a strike twice; a number that is none, below 0 or above a million; a date line that cannot be
/// read; a file of no such kind, or of more than 32 MiB. IoError where the system refuses. Crossed quotes are kept:
/// is_crossed().
OptionChain read_chain(const std::filesystem::path& file, std::optional<DateTime> quote_time = {});

/// The same from a text; `name` stands for the file in messages.
OptionChain parse_chain(std::string_view text, const std::string& name, std::optional<DateTime> quote_time = {});

/// The moment at which quotes stood that were saved at `stamp`: itself within a session or in the night before it, else
/// the last close. The pages do not say it; after 16:00 options still trade, with little in the book.
DateTime standing_at(DateTime stamp);

/// When the options settle: 09:30, or the session's close (16:00 where the calendar does not reach), New York.
DateTime settlement_time(const ChainExpiry& expiry);

}  // namespace volstorm

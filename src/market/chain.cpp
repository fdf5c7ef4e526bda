#include "volstorm/market/chain.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "chain_columns.h"
#include "chain_date.h"
#include "chain_symbol.h"
#include "volstorm/core/csv.h"
#include "volstorm/core/error.h"
#include "volstorm/market/calendar.h"

namespace volstorm {
namespace {

constexpr double kMostPoints = 1e6;
constexpr int kMostLinesBefore = 10;                  // lines before the header; Cboe has three
constexpr auto kOldestQuotes = std::chrono::days(5);  // when a page is saved: of the close before a long weekend
constexpr std::string_view kWhatIsRead =
    "a quotedata CSV of Cboe is needed: a header with Calls, Bid, Ask, Strike, Puts, then a row a strike";

struct Root {
    std::string_view name;
    ChainFamily family;
    Settlement settlement;
};
constexpr Root kRoots[] = {{"SPX", ChainFamily::spx, Settlement::am},
                           {"SPXW", ChainFamily::spx, Settlement::pm},
                           {"VIX", ChainFamily::vix, Settlement::am},
                           {"VIXW", ChainFamily::vix, Settlement::am}};

const Root& root_of(const Field& field, const std::string& name) {
    for (const Root& root : kRoots)
        if (root.name == name) return root;
    field.fail(field.quoted() + " has the root " + name + ", but SPX, SPXW, VIX or VIXW is needed");
}

ChainSymbol read_symbol(const Field& field, OptionType type) {
    const std::optional<ChainSymbol> symbol = parse_symbol(field.text);
    if (!symbol) field.fail(field.quoted() + " is not the symbol of an option such as SPXW220207C02400000");
    if (symbol->type != type)
        field.fail(field.quoted() + (type == OptionType::call ? " is no call" : " is no put") +
                   ": calls stand left of the strike, puts right of it");
    return *symbol;
}

bool is_empty(const std::vector<Field>& fields) {
    return std::ranges::all_of(fields, [](const Field& field) { return field.text.empty(); });
}

/// Reads a chain from its lines, from the first to the last.
class ChainReader {
 public:
    ChainReader(std::string file, std::optional<DateTime> quote_time) {
        chain_.file = std::move(file);
        chain_.quote_time = quote_time;
    }

    void read(const Field& line) {
        const std::vector<Field> fields = is_date_line(line) ? std::vector<Field>{} : split_fields(line);
        if (!columns_) read_before_rows(line, fields);
        if (columns_ && !is_empty(fields) && line.where.line > header_line_) add_row(line, fields);
    }

    OptionChain finish() {
        if (expiries_.empty()) throw InputError({chain_.file}, "holds no options; " + std::string(kWhatIsRead));
        for (const auto& [key, rows] : expiries_) chain_.expiries.push_back(make_expiry(key, rows));
        return std::move(chain_);
    }

 private:
    using Key = std::pair<Date, const Root*>;  // in the order of settlement: SPX stands before SPXW in kRoots
    using Rows = std::map<double, ChainRow>;   // by strike

    static ChainExpiry make_expiry(const Key& key, const Rows& rows) {
        ChainExpiry expiry{key.first, std::string(key.second->name), key.second->settlement, {}, 0};
        for (const auto& [strike, row] : rows) {
            if (row.call.bid + row.call.ask + row.put.bid + row.put.ask > 0.0) {
                expiry.rows.push_back(row);
            } else {
                ++expiry.unquoted_rows;
            }
        }
        return expiry;
    }

    bool is_date_line(const Field& line) const {
        return !columns_ && (line.text.starts_with("\"Date:") || line.text.starts_with("Date:"));
    }

    /// The index and its last value, the date, the header; or, where there is no header, the first row.
    void read_before_rows(const Field& line, const std::vector<Field>& fields) {
        if (is_date_line(line)) return read_date_line(line);
        for (const Field& field : fields) read_last(field);
        if (const auto columns = read_header(line, fields)) {
            columns_ = columns;
            header_line_ = line.where.line;
        } else if (fields.size() == ChainColumns{}.count && parse_symbol(fields[ChainColumns{}.call].text)) {
            columns_ = ChainColumns{};
        } else if (line.where.line > kMostLinesBefore || line.text.find(';') != std::string_view::npos) {
            line.fail("no header so far; " + std::string(kWhatIsRead) + ", with commas and decimal points");
        }
    }

    void read_last(Field field) {
        constexpr std::string_view kLabel = "Last:";
        if (chain_.last || !field.text.starts_with(kLabel)) return;
        const std::size_t start = std::min(field.text.find_first_not_of(' ', kLabel.size()), field.text.size());
        field.text.remove_prefix(start);
        field.where.column += static_cast<int>(start);
        chain_.last = read_number(field, "the last value", 0.0, kMostPoints);
    }

    /// `"Date: June 11, 2022, 8:47 PM EDT",Bid: ...`, with or without the double quotes.
    void read_date_line(const Field& line) {
        if (chain_.stamp) line.fail("the date comes twice");
        const bool quoted = line.text.starts_with('"');
        const std::size_t label = line.text.find(':') + 1;
        const std::size_t start = std::min(line.text.find_first_not_of(' ', label), line.text.size());
        const std::size_t end = quoted ? line.text.find('"', start) : line.text.find(",Bid:", start);
        Field moment{line.text.substr(start, std::min(end, line.text.size()) - start), line.where};
        moment.where.column += static_cast<int>(start);
        if (chain_.quote_time) return check_given(moment);
        chain_.stamp = read_moment(moment);
        if (!in_calendar(date_of(*chain_.stamp)))
            moment.fail(to_string(date_of(*chain_.stamp)) + " is outside the calendar, 2015 to 2027");
        chain_.quote_time = standing_at(*chain_.stamp);
    }

    /// A time that was given stands for the date line, unless both cannot be true; a line that cannot be read says
    /// nothing.
    void check_given(const Field& moment) {
        std::optional<DateTime> saved;
        try {
            saved = read_moment(moment);
        } catch (const InputError&) {
            return;
        }
        const auto age = *saved - *chain_.quote_time;
        if (age > kOldestQuotes || age < -std::chrono::days(1))
            moment.fail("saved " + to_string(*saved) + ": not with quotes of " + to_string(*chain_.quote_time) +
                        ", the time that was given");
    }

    void add_row(const Field& line, const std::vector<Field>& fields) {
        if (fields.size() != columns_->count)
            line.fail("has " + std::to_string(fields.size()) + " fields, but " + std::to_string(columns_->count) +
                      " are needed");
        const ChainSymbol symbol = checked_symbol(fields);
        const Root& root = root_of(fields[columns_->call], symbol.root);
        if (!expiries_.empty() && root.family != chain_.family)
            fields[columns_->call].fail("SPX and VIX options are in one file: each needs its own");
        chain_.family = root.family;
        add_quotes(expiries_[Key(symbol.date, &root)], fields, symbol.strike);
    }

    /// The symbol of the call, which those of the put, the date and the strike must confirm.
    ChainSymbol checked_symbol(const std::vector<Field>& fields) const {
        const Field &date = fields[columns_->date], &strike = fields[columns_->strike], &put = fields[columns_->put];
        const ChainSymbol call = read_symbol(fields[columns_->call], OptionType::call);
        const ChainSymbol other = read_symbol(put, OptionType::put);
        const std::string name(fields[columns_->call].text);
        if (std::tie(call.root, call.date, call.strike) != std::tie(other.root, other.date, other.strike))
            put.fail(put.quoted() + " is not the put beside the call " + name);
        if (read_expiration(date) != call.date)
            date.fail(date.quoted() + " is not the date of " + name + ": " + to_string(call.date));
        if (read_number(strike, "the strike", 0.001, kMostPoints) != call.strike)
            strike.fail(strike.quoted() + " is not the strike of " + name);
        return call;
    }

    void add_quotes(Rows& rows, const std::vector<Field>& fields, double strike) const {
        const Field& symbol = fields[columns_->call];
        const auto [row, is_new] = rows.insert({strike, {}});
        if (!is_new) symbol.fail(symbol.quoted() + " comes twice, first in line " + std::to_string(row->second.line));
        const auto price = [&](std::size_t column, const char* what) {
            return read_number(fields[column], what, 0.0, kMostPoints);
        };
        const ChainColumns& c = *columns_;
        row->second = {strike,
                       {price(c.call_bid, "the call's bid"), price(c.call_ask, "the call's ask")},
                       {price(c.put_bid, "the put's bid"), price(c.put_ask, "the put's ask")},
                       symbol.where.line};
    }

    OptionChain chain_;
    std::optional<ChainColumns> columns_;
    int header_line_ = 0;
    std::map<Key, Rows> expiries_;
};

}  // namespace

OptionChain parse_chain(std::string_view text, const std::string& name, std::optional<DateTime> quote_time) {
    ChainReader reader(name, quote_time);
    for (Lines lines(text, name); lines.next();) reader.read(lines.line());
    return reader.finish();
}

OptionChain read_chain(const std::filesystem::path& file, std::optional<DateTime> quote_time) {
    return parse_chain(read_text(file, kMostTableBytes), file.string(), quote_time);
}

DateTime standing_at(DateTime stamp) {
    const Date date = date_of(stamp);
    if (!is_session(date)) return session_close(previous_session(date));
    return std::min(stamp, session_close(date));
}

DateTime settlement_time(const ChainExpiry& expiry) {
    if (expiry.settlement == Settlement::am) return at(expiry.date, 9, 30);
    const bool known = in_calendar(expiry.date) && is_session(expiry.date);
    return known ? session_close(expiry.date) : at(expiry.date, 16, 0);
}

}  // namespace volstorm

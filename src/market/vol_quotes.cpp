#include "volstorm/market/vol_quotes.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "volstorm/core/csv.h"
#include "volstorm/core/error.h"

namespace volstorm {
namespace {

constexpr std::string_view kHeader = "tenor,ttm_years,forward,discount,strike,type,bid_iv,ask_iv";
constexpr std::size_t kFields = 8;
constexpr double kMostPoints = 1e6, kMostVol = 100.0, kMostYears = 100.0;

OptionType read_type(const Field& field) {
    if (field.text == "C") return OptionType::call;
    if (field.text == "P") return OptionType::put;
    field.fail("the type is " + field.quoted() + ", but C or P is needed");
}

VolTenor read_tenor(const std::vector<Field>& fields) {
    if (fields[0].text.empty()) fields[0].fail("the tenor has no name");
    return {std::string(fields[0].text),
            read_number(fields[1], "ttm_years", 1e-6, kMostYears),
            read_number(fields[2], "the forward", 0.001, kMostPoints),
            read_number(fields[3], "the discount", 0.01, 2.0),
            {}};
}

VolQuote read_quote(const std::vector<Field>& fields) {
    const VolQuote quote{read_number(fields[4], "the strike", 0.001, kMostPoints), read_type(fields[5]),
                         read_number(fields[6], "the bid vol", 0.0, kMostVol),
                         read_number(fields[7], "the ask vol", 0.0, kMostVol)};
    if (quote.bid_vol > quote.ask_vol) fields[6].fail("the bid vol is above the ask vol");
    return quote;
}

/// Reads the rows below the header.
class VolQuotesReader {
 public:
    explicit VolQuotesReader(std::string file) { quotes_.file = std::move(file); }

    void add_row(const Field& line) {
        const std::vector<Field> fields = split_fields(line);
        if (fields.size() != kFields) line.fail("needs the eight fields " + std::string(kHeader));
        VolTenor& tenor = tenor_of(fields);
        const VolQuote quote = read_quote(fields);
        if (!seen_.insert({tenor.name, quote.strike, quote.type}).second)
            fields[4].fail("this strike comes twice in the tenor " + fields[0].quoted());
        tenor.quotes.push_back(quote);
    }

    VolQuotes finish() {
        if (quotes_.tenors.empty()) throw InputError({quotes_.file}, "holds no quotes below its header");
        return std::move(quotes_);
    }

 private:
    VolTenor& tenor_of(const std::vector<Field>& fields) {
        VolTenor tenor = read_tenor(fields);
        const auto found = std::ranges::find(quotes_.tenors, tenor.name, &VolTenor::name);
        if (found == quotes_.tenors.end()) return quotes_.tenors.emplace_back(std::move(tenor));
        if (std::tie(found->years, found->forward, found->discount) !=
            std::tie(tenor.years, tenor.forward, tenor.discount))
            fields[1].fail("years, forward and discount must be those of the first row of the tenor " +
                           fields[0].quoted());
        return *found;
    }

    VolQuotes quotes_;
    std::set<std::tuple<std::string, double, OptionType>> seen_;
};

bool begins_with_header(std::string_view text) {
    Lines lines(text.substr(0, kHeader.size() + 8), "");  // with a byte-order mark and a line end
    return lines.next() && lines.line().text == kHeader;
}

VolQuotes parse_vol_quotes(std::string_view text, const std::string& name) {
    if (!begins_with_header(text)) throw InputError({name, 1, 1}, "the header " + std::string(kHeader) + " is needed");
    VolQuotesReader reader(name);
    Lines lines(text, name);
    for (lines.next(); lines.next();)
        if (!lines.line().text.empty()) reader.add_row(lines.line());
    return reader.finish();
}

}  // namespace

VolQuotes read_vol_quotes(const std::filesystem::path& file) {
    return parse_vol_quotes(read_text(file, kMostTableBytes), file.string());
}

std::variant<OptionChain, VolQuotes> read_quotes(const std::filesystem::path& file,
                                                 std::optional<DateTime> quote_time) {
    const std::string text = read_text(file, kMostTableBytes);
    if (begins_with_header(text)) return parse_vol_quotes(text, file.string());
    return parse_chain(text, file.string(), quote_time);
}

}  // namespace volstorm

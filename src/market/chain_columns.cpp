#include "chain_columns.h"

#include <span>
#include <string>
#include <string_view>

namespace volstorm {
namespace {

/// `bid` of "Calls Bid" and of "Bid Put"; "calls" and "puts" alone stay.
std::string plain_name(const Field& field) {
    std::string name = lower(field.text);
    for (const std::string_view side : {"calls ", "puts ", "call ", "put "})
        if (name.starts_with(side)) return name.substr(side.size());
    for (const std::string_view side : {" calls", " puts", " call", " put"})
        if (name.ends_with(side)) return name.substr(0, name.size() - side.size());
    return name;
}

std::string listed(std::span<const std::string_view> names) {
    std::string text;
    for (const std::string_view name : names) text += (text.empty() ? "" : " or ") + std::string(name);
    return text;
}

/// A block of a header: the columns from `begin` to before `end`.
struct Block {
    const Field& line;
    const std::vector<Field>& names;
    std::size_t begin, end;

    std::size_t find(std::initializer_list<std::string_view> wanted, const std::string& place) const {
        std::optional<std::size_t> found;
        for (std::size_t i = begin; i < end; ++i) {
            const std::string name = plain_name(names[i]);
            for (const std::string_view word : wanted) {
                if (name != word) continue;
                if (found) names[i].fail("the column " + std::string(word) + " comes twice " + place);
                found = i;
            }
        }
        if (!found) line.fail("the header has no column " + listed({wanted.begin(), wanted.size()}) + " " + place);
        return *found;
    }
};

}  // namespace

std::optional<ChainColumns> read_header(const Field& line, const std::vector<Field>& names) {
    bool has_strike = false;
    for (const Field& name : names) has_strike = has_strike || plain_name(name) == "strike";
    if (!has_strike) return std::nullopt;

    ChainColumns columns;
    columns.count = names.size();
    columns.strike = Block{line, names, 0, names.size()}.find({"strike"}, "in this line");
    const Block calls{line, names, 0, columns.strike}, puts{line, names, columns.strike + 1, names.size()};
    const std::string left = "left of Strike", right = "right of Strike";
    columns.call = calls.find({"calls", "call"}, left);
    columns.call_bid = calls.find({"bid"}, left);
    columns.call_ask = calls.find({"ask"}, left);
    columns.put = puts.find({"puts", "put"}, right);
    columns.put_bid = puts.find({"bid"}, right);
    columns.put_ask = puts.find({"ask"}, right);
    if (columns.call == 0) line.fail("the header needs the expiration date left of the calls");
    columns.date = columns.call - 1;
    return columns;
}

}  // namespace volstorm

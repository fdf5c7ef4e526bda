// The only file that knows toml++. It is compiled here, not linked, so that its assumptions about its own state throw:
// the library of the distribution leaves defined behaviour or aborts where they fail.
#undef NDEBUG
#undef TOML_SHARED_LIB
#undef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ASSERT(expression) ((expression) ? void() : ::volstorm::tree::parser_failed())

namespace volstorm::tree {
[[noreturn]] void parser_failed();
}

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <tuple>

#include "tree.h"
#include "volstorm/core/text.h"

namespace volstorm::tree {

namespace {

struct ParserFailure {};

Source place_in(const std::string& file, const toml::source_position& position) {
    return {file, std::max(1, static_cast<int>(position.line)), std::max(1, static_cast<int>(position.column))};
}

template <class Value>
std::string text_of(const Value& value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

DateTime moment_of(const toml::date& date, const toml::time& time) {
    return at(make_date(date.year, date.month, date.day), time.hour, time.minute, time.second);
}

Moment moment_of(const toml::date& date) {
    return {Moment::Kind::date, moment_of(date, toml::time{}), false, text_of(date)};
}

Moment moment_of(const toml::time& time) {
    return {Moment::Kind::time_of_day, DateTime{}, time.nanosecond != 0, text_of(time)};
}

Moment moment_of(const toml::date_time& both) {
    const auto kind = both.offset ? Moment::Kind::date_time_with_offset : Moment::Kind::date_time;
    return {kind, moment_of(both.date, both.time), both.time.nanosecond != 0, text_of(both)};
}

/// Copies what toml++ read into our own tree, members in the order of the file.
class Copier {
 public:
    explicit Copier(const std::string& file) : file_(file) {}

    Node copy(const toml::node& from, int depth) const {
        Node node{.value = {}, .place = place_in(file_, from.source().begin), .path = {}, .asked = {}};
        if ((from.is_table() || from.is_array()) && depth > kDeepest)
            throw InputError(node.place, "tables and arrays are nested more than 16 deep");
        if (const auto* table = from.as_table())
            node.value = members(*table, depth);
        else if (const auto* array = from.as_array())
            node.value = elements(*array, depth);
        else
            scalar(from, node);
        return node;
    }

 private:
    Members members(const toml::table& table, int depth) const {
        Members all;
        for (const auto& [key, value] : table)
            all.push_back({std::string(key.str()), place_in(file_, key.source().begin), copy(value, depth + 1)});
        std::ranges::sort(all, {}, [](const Member& m) { return std::tuple(m.place.line, m.place.column); });
        return all;
    }

    Array elements(const toml::array& array, int depth) const {
        Array all;
        for (const toml::node& element : array) all.push_back(copy(element, depth + 1));
        return all;
    }

    static void scalar(const toml::node& from, Node& node) {
        if (const auto* truth = from.as_boolean()) node.value = truth->get();
        if (const auto* whole = from.as_integer()) node.value = whole->get();
        if (const auto* number = from.as_floating_point()) node.value = number->get();
        if (const auto* text = from.as_string()) node.value = text->get();
        if (const auto* date = from.as_date()) node.value = moment_of(date->get());
        if (const auto* time = from.as_time()) node.value = moment_of(time->get());
        if (const auto* both = from.as_date_time()) node.value = moment_of(both->get());
    }

    const std::string& file_;
};

/// toml++ says `Error while parsing key-value pair: expected '='`; we say `expected '=' (in a key-value pair)`.
std::string plain_words(std::string_view description) {
    constexpr std::string_view kOpening = "Error while parsing ";
    const std::size_t colon = description.find(": ");
    if (!description.starts_with(kOpening) || colon == std::string_view::npos) return printable(description);
    const std::string_view what = description.substr(kOpening.size(), colon - kOpening.size());
    return printable(description.substr(colon + 2)) + " (while reading a " + printable(what) + ")";
}

}  // namespace

void parser_failed() { throw ParserFailure{}; }

Node parse(std::string_view text, const std::string& file, int depth) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    prescan(text, file);
    try {
        Node root = Copier(file).copy(toml::parse(text), depth);
        root.place = {file, 1, 1};
        return root;
    } catch (const toml::parse_error& error) {
        throw InputError(place_in(file, error.source().begin), "not valid TOML: " + plain_words(error.description()));
    } catch (const ParserFailure&) {
        throw InputError({file}, "not valid TOML");
    }
}

}  // namespace volstorm::tree

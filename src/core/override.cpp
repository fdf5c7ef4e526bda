// `--set layer.first.size.budget=0.2`, and `--set condor.short_sd=`, which takes the key away.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "tree.h"
#include "volstorm/core/text.h"

namespace volstorm::tree {

namespace {

/// Where the first `=` outside quotes stands; npos where there is none.
std::size_t find_equals(std::string_view option) {
    char quote = 0;
    for (std::size_t i = 0; i < option.size(); ++i) {
        const char c = option[i];
        if (quote == 0 && c == '=') return i;
        if (c == quote)
            quote = 0;
        else if (quote == 0 && (c == '"' || c == '\''))
            quote = c;
    }
    return std::string_view::npos;
}

/// The parts of a dotted key, as TOML reads them.
std::vector<std::string> key_parts(std::string_view key, const Source& place) {
    std::vector<std::string> parts;
    try {
        const Node parsed = parse(std::string(key) + " = 0", place.file);
        const Node* node = &parsed;
        for (; node->members() && node->members()->size() == 1; node = &node->members()->front().value)
            parts.push_back(node->members()->front().key);
        if (node->members() || key.find('\n') != std::string_view::npos) parts.clear();
    } catch (const InputError&) {
        parts.clear();
    }
    if (parts.empty()) throw InputError(place, "expected key=value, with a key such as condor.short_delta");
    return parts;
}

/// The value as TOML; nothing where it is none, with the reason of the parser in `refusal` if it gives one.
std::optional<Node> toml_value(std::string_view text, const Source& place, std::size_t depth, std::string& refusal) {
    constexpr std::string_view kNotValid = "not valid TOML: ";
    try {
        Node parsed = parse("value = " + std::string(text), place.file, static_cast<int>(depth) - 1);
        if (parsed.members()->size() == 1) return std::move(parsed.members()->front().value);
    } catch (const InputError& error) {
        refusal = std::string(error.what()).substr(error.where().text().size() + 2);
        if (refusal.starts_with(kNotValid)) refusal.erase(0, kNotValid.size());
    }
    return std::nullopt;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether the text begins as numbers, dates and times do.
bool begins_as_number(std::string_view text) {
    return !text.empty() && (is_digit(text[0]) || text[0] == '+' || text[0] == '-');
}

/// Whether text that is no TOML is meant as text. 2024-02-30 and 1e400 are slips, 2024-12-17.csv is a path.
bool is_bare_word(std::string_view text) {
    const auto fits = [](char c) {
        return is_letter(c) || is_digit(c) || std::string_view("_.-/").find(c) != std::string_view::npos;
    };
    const auto in_no_number = [](char c) {
        return c == '/' || (is_letter(c) && std::string_view("eETZ").find(c) == std::string_view::npos);
    };
    if (text.empty() || !std::ranges::all_of(text, fits)) return false;
    return !begins_as_number(text) || std::ranges::any_of(text, in_no_number);
}

void move_to(Node& node, const Source& place) {
    node.place = place;
    if (Array* array = node.array())
        for (Node& element : *array) move_to(element, place);
    if (Members* members = node.members()) {
        for (Member& member : *members) {
            member.place = place;
            move_to(member.value, place);
        }
    }
}

[[noreturn]] void refuse_value(std::string_view key, std::string_view text, const Source& place,
                               const std::string& refusal) {
    if (begins_as_number(text) && !refusal.empty()) {
        throw InputError(place, fmt::format("the value is not TOML: {}; a number is written 6050.61 or 1e6, a date "
                                            "2024-12-17, a time 2024-12-17T16:00:00",
                                            refusal));
    }
    const bool quotable = text.find_first_of("'\"\\\n") == std::string_view::npos;
    throw InputError(place, "the value is not TOML: a number, true, a date, a word, or text in quotes" +
                                (quotable ? printable(fmt::format(": --set '{}=\"{}\"'", key, text)) : std::string()));
}

Node value_of(std::string_view key, std::string_view text, const Source& place, std::size_t depth) {
    std::string refusal;
    std::optional<Node> value = toml_value(text, place, depth, refusal);
    if (!value && is_bare_word(text)) value.emplace().value = std::string(text);
    if (!value) refuse_value(key, text, place, refusal);
    move_to(*value, place);
    return std::move(*value);
}

std::string known_names(const Array& elements) {
    std::string names;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const std::string_view name = name_of(elements[i]);
        names += (i == 0 ? "" : ", ") + (name.empty() ? std::to_string(i) : printable(name));
    }
    return names;
}

/// The element that `part` names, or counts from 0.
Node& element_of(Array& elements, const std::string& part, const std::string& path, const Source& place) {
    const auto named = [&](const Node& element) { return name_of(element) == part; };
    const auto count = std::ranges::count_if(elements, named);
    if (count > 1) throw InputError(place, "more than one " + path + " is named " + printable(part));
    if (count == 1) return *std::ranges::find_if(elements, named);
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
    if (error == std::errc{} && end == part.data() + part.size() && index < elements.size()) return elements[index];
    throw InputError(place,
                     "no " + path + " is named " + printable(part) + " (there is " + known_names(elements) + ")");
}

/// The value, table or element that `part` names in `node`; null where a table has none.
Node* find_part(Node& node, const std::string& part, const std::string& path, const Source& place) {
    if (is_array_of_tables(node)) return &element_of(*node.array(), part, path, place);
    if (!node.members()) throw InputError(place, path + " is " + kind_of(node) + ", which has no key of its own");
    return find(node, part);
}

/// The same; a missing table is made.
Node& step(Node& node, const std::string& part, const std::string& path, const Source& place) {
    if (Node* known = find_part(node, part, path, place)) return *known;
    Node fresh{.value = Members{}, .place = place, .path = {}, .asked = {}};
    return node.members()->emplace_back(Member{part, place, std::move(fresh)}).value;
}

[[noreturn]] void refuse_missing(const Node& table, const std::string& part, const std::string& path,
                                 const Source& place) {
    std::vector<std::string> keys;
    for (const Member& member : *table.members()) keys.push_back(member.key);
    const std::string near = nearest_word(part, keys);
    throw InputError(place, fmt::format("there is no {} to take away{}", printable(path),
                                        near.empty() ? "" : " (did you mean " + printable(near) + "?)"));
}

/// `key=`: the scenario is then as if it had no such key.
void take_away(Node& root, const std::vector<std::string>& parts, const Source& place) {
    Node *table = nullptr, *node = &root;
    std::string path;
    for (const std::string& part : parts) {
        table = node;
        node = find_part(*table, part, path, place);
        path = join(path, key_text(part));
        if (!node) refuse_missing(*table, part, path, place);
    }
    if (Array* array = table->array())
        array->erase(array->begin() + (node - array->data()));
    else
        std::erase_if(*table->members(), [&](const Member& member) { return member.key == parts.back(); });
}

void set_value(Node& root, const std::vector<std::string>& parts, Node value, const Source& place) {
    Node* node = &root;
    std::string path;
    bool element = false;
    for (const std::string& part : parts) {
        element = is_array_of_tables(*node);
        node = &step(*node, part, path, place);
        path = join(path, key_text(part));
    }
    if (element && !value.members()) throw InputError(place, path + " is a table, not a value");
    *node = std::move(value);
}

}  // namespace

void apply_override(Node& root, const std::string& option) {
    const Source place{"--set " + printable(option)};
    const std::size_t equals = find_equals(option);
    if (equals == std::string::npos) throw InputError(place, "expected key=value");
    const std::string_view key = std::string_view(option).substr(0, equals);
    const auto parts = key_parts(key, place);
    std::string_view text = std::string_view(option).substr(equals + 1);
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    if (text.empty())
        take_away(root, parts, place);
    else
        set_value(root, parts, value_of(key, text, place, parts.size()), place);
}

}  // namespace volstorm::tree

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "tree.h"
#include "volstorm/core/text.h"

namespace volstorm::tree {

namespace {

/// A TOML float needs a point or an exponent.
std::string number_text(double value) {
    const std::string text = shortest(value);
    return text.find_first_of(".enf") == std::string::npos ? text + ".0" : text;
}

/// Has a header of its own: [a.b] or [[a.b]].
bool has_header(const Node& node) { return node.members() || is_array_of_tables(node); }

void write_members(const Node& table, const std::string& path, std::string& out);

void write_headed(const Node& node, const std::string& path, std::string& out) {
    if (node.members()) {
        out += fmt::format("\n[{}]\n", path);
        return write_members(node, path, out);
    }
    for (const Node& element : *node.array()) {
        out += fmt::format("\n[[{}]]\n", path);
        write_members(element, path, out);
    }
}

/// First the plain values: what stands after a header belongs to that header.
void write_members(const Node& table, const std::string& path, std::string& out) {
    for (const Member& member : *table.members())
        if (!has_header(member.value)) out += fmt::format("{} = {}\n", key_text(member.key), value_text(member.value));
    for (const Member& member : *table.members())
        if (has_header(member.value)) write_headed(member.value, join(path, key_text(member.key)), out);
}

template <class Container, class Writer>
std::string listed(const Container& parts, Writer&& writer) {
    std::string out;
    for (const auto& part : parts) out += (out.empty() ? "" : ", ") + writer(part);
    return out;
}

}  // namespace

std::string string_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out += {'\\', c};
        else if (c == '\n')
            out += "\\n";
        else if (byte < 0x20 || byte == 0x7F)
            out += fmt::format("\\u{:04X}", byte);
        else
            out += c;
    }
    return out + "\"";
}

std::string key_text(std::string_view key) {
    const auto bare = [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '_' || c == '-'); };
    return !key.empty() && std::ranges::all_of(key, bare) ? std::string(key) : string_text(key);
}

std::string value_text(const Node& node) {
    if (const auto* truth = std::get_if<bool>(&node.value)) return *truth ? "true" : "false";
    if (const auto* whole = std::get_if<std::int64_t>(&node.value)) return std::to_string(*whole);
    if (const auto* number = std::get_if<double>(&node.value)) return number_text(*number);
    if (const auto* text = std::get_if<std::string>(&node.value)) return string_text(*text);
    if (const auto* moment = std::get_if<Moment>(&node.value)) return moment->text;
    if (const Array* array = node.array()) return fmt::format("[{}]", listed(*array, value_text));
    const auto pair = [](const Member& m) { return fmt::format("{} = {}", key_text(m.key), value_text(m.value)); };
    return fmt::format("{{{}}}", listed(*node.members(), pair));
}

std::string write(const Node& root) {
    std::string out;
    write_members(root, "", out);
    return out;
}

}  // namespace volstorm::tree

#include "tree.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace volstorm::tree {

namespace {

std::string kind_of(const Moment& moment) {
    switch (moment.kind) {
        case Moment::Kind::date:
            return "a date";
        case Moment::Kind::date_time:
            return "a date and time";
        case Moment::Kind::date_time_with_offset:
            return "a date and time with an offset from UTC";
        case Moment::Kind::time_of_day:
            return "a time of day";
    }
    return "a time";
}

void label(Node& node, const std::string& path) {
    node.path = path;
    if (Members* members = node.members()) {
        for (Member& member : *members) label(member.value, join(path, key_text(member.key)));
    } else if (Array* array = node.array()) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            const std::string_view name = name_of((*array)[i]);
            label((*array)[i], join(path, name.empty() ? std::to_string(i) : key_text(name)));
        }
    }
}

}  // namespace

const Node* find(const Node& node, std::string_view key) {
    for (const Member& member : *node.members())
        if (member.key == key) return &member.value;
    return nullptr;
}

Node* find(Node& node, std::string_view key) { return const_cast<Node*>(find(std::as_const(node), key)); }

bool is_array_of_tables(const Node& node) {
    const Array* array = node.array();
    return array && !array->empty() && std::ranges::all_of(*array, [](const Node& n) { return n.members(); });
}

std::string_view name_of(const Node& element) {
    const Node* name = element.members() ? find(element, "name") : nullptr;
    const auto* text = name ? std::get_if<std::string>(&name->value) : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

std::string kind_of(const Node& node) {
    if (const auto* moment = std::get_if<Moment>(&node.value)) return kind_of(*moment);
    if (std::holds_alternative<bool>(node.value)) return "a boolean";
    if (std::holds_alternative<std::int64_t>(node.value)) return "a whole number";
    if (std::holds_alternative<double>(node.value)) return "a number";
    if (std::holds_alternative<std::string>(node.value)) return "a string";
    return node.array() ? "an array" : "a table";
}

void merge(Node& base, Node over) {
    if (!base.members() || !over.members()) {
        base = std::move(over);
        return;
    }
    base.place = over.place;
    std::unordered_map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < base.members()->size(); ++i) index[(*base.members())[i].key] = i;
    for (Member& member : *over.members()) {
        const auto known = index.find(member.key);
        if (known == index.end()) {
            base.members()->push_back(std::move(member));
            continue;
        }
        Member& old = (*base.members())[known->second];
        old.place = member.place;
        merge(old.value, std::move(member.value));
    }
}

void label_paths(Node& root) { label(root, ""); }

std::string join(std::string_view path, std::string_view key) {
    if (path.empty() || key.empty()) return std::string(path.empty() ? key : path);
    return std::string(path) + "." + std::string(key);
}

}  // namespace volstorm::tree

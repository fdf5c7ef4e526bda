#include "volstorm/core/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include "tree.h"
#include "volstorm/core/text.h"

namespace volstorm {

using tree::Node;

struct Table::Document {
    Node root;
    std::string file;  // the first one read
    std::vector<Setting> settings;
    std::set<std::pair<const Node*, std::string>> noted;  // table and key of each setting
};

namespace {

constexpr std::string_view kDateForm = "a date such as 2025-06-18, without quotes";
constexpr std::string_view kDateTimeForm = "a date and time such as 2025-06-18T14:00:00, without quotes";
constexpr std::string_view kTextsForm = "a list of texts in quotes";
constexpr std::string_view kDatesForm = "a list of dates such as [2020-03-16, 2024-08-05]";
constexpr std::string_view kNumbersForm = "a list of numbers such as [0.95, 0.99]";
constexpr std::string_view kNotYet = " is not there yet";
constexpr double kLargestExact = 9007199254740992.0;  // 2^53: below it a double holds every whole number

bool bounded_below(const Bounds& b) { return b.low > -std::numeric_limits<double>::infinity(); }
bool bounded_above(const Bounds& b) { return b.high < std::numeric_limits<double>::infinity(); }

/// What a message says after the value: `outside [2, 250]`, `must be above 0`.
std::string refusal(const Bounds& b) {
    return (bounded_below(b) && bounded_above(b) ? "outside " : "must be ") + b.text();
}

std::string refusal(std::int64_t low, std::int64_t high) {
    if (high == std::numeric_limits<std::int64_t>::max()) return fmt::format("must be at least {}", low);
    if (low == std::numeric_limits<std::int64_t>::min()) return fmt::format("must be at most {}", high);
    return fmt::format("outside [{}, {}]", low, high);
}

/// What is wanted where a number is missing: `a number in (0, 1)`, `a number above 0`.
std::string number_form(const Bounds& b) {
    if (!bounded_below(b) && !bounded_above(b)) return "a number";
    return (bounded_below(b) && bounded_above(b) ? "a number in " : "a number ") + b.text();
}

std::string whole_form(std::int64_t low, std::int64_t high) {
    if (high == std::numeric_limits<std::int64_t>::max()) return fmt::format("a whole number from {} on", low);
    return fmt::format("a whole number from {} to {}", low, high);
}

std::string one_of(std::span<const std::string_view> words) { return fmt::format("one of {}", fmt::join(words, ", ")); }

/// The text, cut after some 60 characters.
std::string clipped(std::string text) {
    std::size_t end = 60;
    if (text.size() <= end) return text;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return text.substr(0, end) + "...";
}

std::string shown(const Node& node) { return clipped(tree::value_text(node)); }

void mark_read(Node& node) {
    node.read = true;
    if (tree::Array* array = node.array()) std::ranges::for_each(*array, mark_read);
    if (tree::Members* members = node.members())
        for (tree::Member& member : *members) mark_read(member.value);
}

struct Unknown {
    Source place;
    std::string message;
};

std::string not_a_setting(const std::string& near) {
    return "is not a setting here" + (near.empty() ? "" : fmt::format(" (did you mean {}?)", near));
}

/// Why nobody read `key`, with the nearest of the keys that were asked for.
std::string unread(const std::string& key, const std::vector<std::string>& asked) {
    if (std::ranges::find(asked, key) != asked.end()) return " has no effect here";
    return " " + not_a_setting(nearest_word(key, asked));
}

void collect_unknown(const Node& node, std::vector<Unknown>& unknown) {
    if (const tree::Array* array = node.array())
        for (const Node& element : *array) collect_unknown(element, unknown);
    if (!node.members()) return;
    for (const tree::Member& member : *node.members()) {
        if (member.value.read) {
            collect_unknown(member.value, unknown);
            continue;
        }
        const std::string path = tree::join(node.path, clipped(tree::key_text(member.key)));
        const std::string why = tree::is_planned(path) ? std::string(kNotYet) : unread(member.key, node.asked);
        unknown.push_back({member.place, path + why});
    }
}

}  // namespace

bool Bounds::contains(double value) const {
    return (low_open ? value > low : value >= low) && (high_open ? value < high : value <= high);
}

std::string Bounds::text() const {
    if (bounded_below(*this) && bounded_above(*this))
        return (low_open ? "(" : "[") + shortest(low) + ", " + shortest(high) + (high_open ? ")" : "]");
    if (bounded_below(*this)) return (low_open ? "above " : "at least ") + shortest(low);
    if (bounded_above(*this)) return (high_open ? "below " : "at most ") + shortest(high);
    return "any number";
}

Table::Table(std::shared_ptr<Document> document, Node& node) : document_(std::move(document)), node_(&node) {}

Table Table::start(Node root, const std::string& file, std::span<const std::string> overrides) {
    for (const std::string& option : overrides) tree::apply_override(root, option);
    tree::label_paths(root);
    auto document = std::make_shared<Document>(Document{std::move(root), file, {}, {}});
    Node& top = document->root;
    return Table(std::move(document), top);
}

Table Table::load(const std::filesystem::path& file, std::span<const std::string> overrides) {
    return start(tree::load(file.string()), file.string(), overrides);
}

Table Table::parse(std::string_view text, const std::string& name, std::span<const std::string> overrides) {
    return start(tree::load(text, name), name, overrides);
}

/// The value of `key`; remembers that the key was asked for.
Node* Table::find(std::string_view key) const {
    if (std::ranges::find(node_->asked, key) == node_->asked.end()) node_->asked.emplace_back(key);
    return tree::find(*node_, key);
}

/// The value of `key`, which now counts as read; null where there is none.
Node* Table::read(std::string_view key) const {
    Node* node = find(key);
    if (!node) return nullptr;
    node->read = true;
    if (node->members() || tree::is_array_of_tables(*node)) return node;
    if (document_->noted.emplace(node_, key).second)
        document_->settings.push_back({tree::join(path(), key), tree::value_text(*node), node->place.text()});
    return node;
}

void Table::note_default(std::string_view key, std::string_view value) const {
    if (document_->noted.emplace(node_, key).second)
        document_->settings.push_back({tree::join(path(), key), std::string(value), "default"});
}

Node& Table::require(std::string_view key, std::string_view expected) const {
    Node* node = read(key);
    if (node) return *node;
    refuse_slip_of({key});
    fail_at(node_->place, key, fmt::format("is missing ({})", expected));
}

bool Table::has(std::string_view key) const { return find(key) != nullptr; }

double Table::number(std::string_view key, const Node& node, Bounds bounds) const {
    const auto* whole = std::get_if<std::int64_t>(&node.value);
    const auto* number = std::get_if<double>(&node.value);
    if (!whole && !number) wrong_kind(key, node, number_form(bounds));
    const double value = whole ? static_cast<double>(*whole) : *number;
    if (!std::isfinite(value))
        fail_at(node.place, key, "is " + shown(node) + ", not finite; expected " + number_form(bounds));
    if (!bounds.contains(value)) fail_at(node.place, key, "is " + shown(node) + ", " + refusal(bounds));
    return value;
}

double Table::number(std::string_view key, Bounds bounds) const {
    return number(key, require(key, number_form(bounds)), bounds);
}

double Table::number(std::string_view key, Bounds bounds, double fallback) const {
    if (const Node* node = read(key)) return number(key, *node, bounds);
    note_default(key, shortest(fallback));
    return fallback;
}

std::optional<double> Table::number_if(std::string_view key, Bounds bounds) const {
    const Node* node = read(key);
    return node ? std::optional(number(key, *node, bounds)) : std::nullopt;
}

std::int64_t Table::integer(std::string_view key, const Node& node, std::int64_t low, std::int64_t high) const {
    const auto* whole = std::get_if<std::int64_t>(&node.value);
    const auto* number = std::get_if<double>(&node.value);
    if (!whole && !number) wrong_kind(key, node, whole_form(low, high));
    if (number && (!std::isfinite(*number) || *number != std::floor(*number)))
        fail_at(node.place, key, "is " + shown(node) + ", expected " + whole_form(low, high));
    if (number && std::abs(*number) >= kLargestExact)
        fail_at(node.place, key,
                "is " + shown(node) + ", too large for a whole number with a point or exponent (2^53)");
    const std::int64_t value = whole ? *whole : static_cast<std::int64_t>(*number);
    if (value < low || value > high) fail_at(node.place, key, "is " + shown(node) + ", " + refusal(low, high));
    return value;
}

std::int64_t Table::integer(std::string_view key, std::int64_t low, std::int64_t high) const {
    return integer(key, require(key, whole_form(low, high)), low, high);
}

std::int64_t Table::integer(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t fallback) const {
    if (const Node* node = read(key)) return integer(key, *node, low, high);
    note_default(key, std::to_string(fallback));
    return fallback;
}

bool Table::boolean(std::string_view key, bool fallback) const {
    const Node* node = read(key);
    if (!node) {
        note_default(key, fallback ? "true" : "false");
        return fallback;
    }
    if (const bool* value = std::get_if<bool>(&node->value)) return *value;
    wrong_kind(key, *node, "true or false");
}

const std::string& Table::word(std::string_view key, const Node& node) const {
    if (const auto* value = std::get_if<std::string>(&node.value)) return *value;
    wrong_kind(key, node, "text in quotes");
}

std::string Table::text(std::string_view key) const { return word(key, require(key, "text in quotes")); }

std::string Table::text(std::string_view key, std::string_view fallback) const {
    if (const Node* node = read(key)) return word(key, *node);
    note_default(key, tree::string_text(fallback));
    return std::string(fallback);
}

std::string Table::choice(std::string_view key, std::span<const std::string_view> words) const {
    const Node& node = require(key, one_of(words));
    const std::string& given = word(key, node);
    if (std::ranges::find(words, given) != words.end()) return given;
    if (tree::is_planned(tree::join(path(), key), given))
        fail_at(node.place, key,
                fmt::format("is {}, which is not there yet; there is {}", shown(node), fmt::join(words, ", ")));
    const std::string near = nearest_word(given, std::vector<std::string>(words.begin(), words.end()));
    fail_at(node.place, key,
            fmt::format("is {}, expected {}{}", shown(node), one_of(words),
                        near.empty() ? "" : " (did you mean " + near + "?)"));
}

std::string Table::choice(std::string_view key, std::span<const std::string_view> words,
                          std::string_view fallback) const {
    if (has(key)) return choice(key, words);
    note_default(key, tree::string_text(fallback));
    return std::string(fallback);
}

DateTime Table::moment(std::string_view key, const Node& node, bool with_time) const {
    using enum tree::Moment::Kind;
    const auto* moment = std::get_if<tree::Moment>(&node.value);
    if (moment && moment->kind == date_time_with_offset)
        fail_at(node.place, key, "has an offset from UTC; write New York's clock, such as 2025-06-18T14:00:00");
    if (!moment || moment->kind != (with_time ? date_time : date))
        wrong_kind(key, node, with_time ? kDateTimeForm : kDateForm);
    if (moment->fraction) fail_at(node.place, key, "is " + shown(node) + ", expected whole seconds");
    const std::chrono::year_month_day day(date_of(moment->time));
    if (day.year() < std::chrono::year(1900) || day.year() > std::chrono::year(2200))
        fail_at(node.place, key, "is " + shown(node) + ", outside the years 1900 to 2200");
    return moment->time;
}

Date Table::date(std::string_view key) const { return date_of(moment(key, require(key, kDateForm), false)); }

std::optional<Date> Table::date_if(std::string_view key) const {
    const Node* node = read(key);
    return node ? std::optional(date_of(moment(key, *node, false))) : std::nullopt;
}

DateTime Table::date_time(std::string_view key) const { return moment(key, require(key, kDateTimeForm), true); }

std::vector<double> Table::numbers(std::string_view key, Bounds bounds) const {
    const Node& node = require(key, kNumbersForm);
    if (!node.array()) wrong_kind(key, node, kNumbersForm);
    std::vector<double> values;
    for (const Node& element : *node.array())
        values.push_back(number(tree::join(key, std::to_string(values.size())), element, bounds));
    return values;
}

std::vector<std::string> Table::texts(std::string_view key) const {
    const Node& node = require(key, kTextsForm);
    if (!node.array()) wrong_kind(key, node, kTextsForm);
    std::vector<std::string> values;
    for (const Node& element : *node.array())
        values.push_back(word(tree::join(key, std::to_string(values.size())), element));
    return values;
}

std::vector<Date> Table::dates(std::string_view key) const {
    const Node& node = require(key, kDatesForm);
    if (!node.array()) wrong_kind(key, node, kDatesForm);
    std::vector<Date> values;
    for (const Node& element : *node.array()) {
        const std::string element_key = tree::join(key, std::to_string(values.size()));
        const auto* text = std::get_if<std::string>(&element.value);
        const auto date = text ? parse_date(*text) : date_of(moment(element_key, element, false));
        if (!date) wrong_kind(element_key, element, kDateForm);
        values.push_back(*date);
    }
    return values;
}

std::filesystem::path Table::file(std::string_view key) const {
    Node& node = require(key, "a file name in quotes");
    const std::string name = word(key, node);
    const bool from_option = node.place.line == 0;  // no file holds it: relative to the current folder
    const auto folder = from_option ? std::filesystem::path() : std::filesystem::path(node.place.file).parent_path();
    const std::filesystem::path path = (folder / name).lexically_normal();
    std::error_code error;
    const bool is_name = !name.empty() && name.find('\0') == std::string::npos;
    const auto status = is_name ? std::filesystem::status(path, error) : std::filesystem::file_status();
    if (!is_name || status.type() == std::filesystem::file_type::not_found)
        fail_at(node.place, key, "is " + shown(node) + ": no such file" + (name.empty() ? "" : " " + path.string()));
    if (error) throw IoError(node.place.text() + ": " + path.string() + " cannot be read: " + error.message());
    if (!std::filesystem::is_regular_file(status)) fail_at(node.place, key, "is " + shown(node) + ": not a file");
    node.value = std::filesystem::absolute(path).string();  // the effective text is read from other folders too
    return path;
}

Table Table::open(std::string_view key, Node& node) const {
    if (tree::is_array_of_tables(node) && tree::is_planned(tree::join(path(), key), tree::kSeveral))
        fail_at(node.place, key,
                fmt::format("stands in [[{0}]], but more than one is not there yet: write [{0}]", key));
    if (!node.members()) wrong_kind(key, node, "a table");
    // At once, or the reader complains first that something else is missing.
    for (const tree::Member& member : *node.members()) {
        const std::string member_path = tree::join(node.path, tree::key_text(member.key));
        if (tree::is_planned(member_path))
            throw InputError(member.place, printable(member_path) + std::string(kNotYet));
    }
    node.read = true;
    return Table(document_, node);
}

Table Table::table(std::string_view key) const { return open(key, require(key, "a table")); }

std::optional<Table> Table::table_if(std::string_view key) const {
    Node* node = read(key);
    return node ? std::optional(open(key, *node)) : std::nullopt;
}

std::vector<Table> Table::tables(std::string_view key) const {
    Node* node = read(key);
    if (!node) return {};
    const bool empty = node->array() && node->array()->empty();
    if (!empty && !tree::is_array_of_tables(*node)) wrong_kind(key, *node, fmt::format("tables headed [[{}]]", key));
    std::vector<Table> all;
    for (Node& element : *node->array()) all.push_back(open(key, element));
    return all;
}

std::vector<std::string> Table::keys() const {
    std::vector<std::string> all;
    for (const tree::Member& member : *node_->members()) all.push_back(member.key);
    return all;
}

std::string Table::toml(std::string_view key) const {
    Node& node = require(key, "a value");
    mark_read(node);
    return tree::value_text(node);
}

Source Table::source(std::string_view key) const {
    const Node* node = tree::find(std::as_const(*node_), key);
    return node ? node->place : node_->place;
}

Source Table::source() const { return node_->place; }

const std::string& Table::path() const { return node_->path; }

void Table::fail(std::string_view key, std::string_view message) const { fail_at(source(key), key, message); }

void Table::fail_needs_one_of(std::initializer_list<std::string_view> keys) const {
    refuse_slip_of(keys);
    std::string list;
    for (const std::string_view& key : keys)
        list.append(list.empty() ? "" : &key + 1 == keys.end() ? " or " : ", ").append(key);
    fail("", "needs one of " + list);
}

void Table::refuse_slip_of(std::initializer_list<std::string_view> keys) const {
    const std::vector<std::string> wanted(keys.begin(), keys.end());
    for (const tree::Member& member : *node_->members()) {
        if (member.value.read || std::ranges::find(node_->asked, member.key) != node_->asked.end()) continue;
        const std::string near = nearest_word(member.key, wanted);
        if (!near.empty()) fail_at(member.place, clipped(tree::key_text(member.key)), not_a_setting(near));
    }
}

void Table::fail_at(const Source& place, std::string_view key, std::string_view message) const {
    const std::string name = tree::join(path(), key);
    const bool apart = !name.empty() && !message.starts_with(':');
    throw InputError(place, printable(name + (apart ? " " : "") + std::string(message)));
}

void Table::wrong_kind(std::string_view key, const Node& node, std::string_view expected) const {
    fail_at(node.place, key, fmt::format("is {}, expected {}", tree::kind_of(node), expected));
}

void Table::finish() const {
    std::vector<Unknown> unknown;
    collect_unknown(*node_, unknown);
    if (unknown.empty()) return;
    const auto order = [&](const Unknown& u) {  // our file, the files it extends, the command line
        return std::tuple(u.place.line == 0, u.place.file != document_->file, u.place.file, u.place.line,
                          u.place.column);
    };
    const Unknown& first = *std::ranges::min_element(unknown, {}, order);
    throw InputError(first.place, printable(first.message));
}

std::vector<Setting> Table::settings() const { return document_->settings; }

std::string Table::effective_text() const { return tree::write(document_->root); }

}  // namespace volstorm

#pragma once
// What a scenario file is between the TOML parser and Table: private to core.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "volstorm/core/civil_time.h"
#include "volstorm/core/error.h"

namespace volstorm::tree {

struct Node;
struct Member;
using Array = std::vector<Node>;
using Members = std::vector<Member>;

/// Tables and arrays inside one another; also dots in one key and brackets in one value.
inline constexpr int kDeepest = 16;

/// A date, a time or both, as TOML has them.
struct Moment {
    enum class Kind { date, date_time, date_time_with_offset, time_of_day };
    Kind kind;
    DateTime time;     // without its fraction of a second and its offset
    bool fraction;     // a fraction of a second was given
    std::string text;  // as TOML
};

/// A value, the place it came from, and what was asked of it.
struct Node {
    std::variant<bool, std::int64_t, double, std::string, Moment, Array, Members> value;
    Source place;
    std::string path;                // of a table, dotted, from the root
    bool read = false;               // somebody asked for this value, or opened this table
    std::vector<std::string> asked;  // keys that somebody asked this table for

    const Members* members() const { return std::get_if<Members>(&value); }
    Members* members() { return std::get_if<Members>(&value); }
    const Array* array() const { return std::get_if<Array>(&value); }
    Array* array() { return std::get_if<Array>(&value); }
};

/// `key = value` in a table.
struct Member {
    std::string key;
    Source place;  // of the key
    Node value;
};

/// The value of `key` in the table `node`; null where there is none.
const Node* find(const Node& node, std::string_view key);
Node* find(Node& node, std::string_view key);

/// Whether the node is an array whose elements, one at least, are all tables: [[layer]].
bool is_array_of_tables(const Node& node);

/// The `name` of an element of an array of tables; empty where it has none.
std::string_view name_of(const Node& element);

/// What the value is, for messages: `a string`, `a whole number`, `a table`.
std::string kind_of(const Node& node);

/// Puts `over` on top of `base`: tables merge, everything else replaces.
void merge(Node& base, Node over);

/// Writes into each table below `root` its dotted path; elements of arrays of tables go by `name`, else by index.
void label_paths(Node& root);

/// Refuses text that the parser does not survive; what is left is fit for it. Throws InputError.
void prescan(std::string_view text, const std::string& file);

/// The TOML `text`, of which `depth` levels of nesting are used up. Throws InputError with the place in `file`.
Node parse(std::string_view text, const std::string& file, int depth = 0);

/// Reads a file with all that it `extends`, or a text that stands for one. Throws InputError.
Node load(const std::string& file);
Node load(std::string_view text, const std::string& file);

/// Applies `key=value`, from the command line, to the document. Throws InputError at `--set key=value`.
void apply_override(Node& root, const std::string& option);

/// Whether the design of scenarios has this key, or this value of it, and the program does not yet. kSeveral stands for
/// [[key]] where one table is legal.
inline constexpr std::string_view kSeveral = "[[]]";
bool is_planned(std::string_view path);
bool is_planned(std::string_view path, std::string_view word);

/// A key as TOML wants it: bare where possible, else in quotes.
std::string key_text(std::string_view key);

/// `path.key`, or `key` alone at the root.
std::string join(std::string_view path, std::string_view key);

/// The text as a TOML string, in quotes.
std::string string_text(std::string_view text);

/// The value in TOML on one line.
std::string value_text(const Node& node);

/// The document as TOML text.
std::string write(const Node& root);

}  // namespace volstorm::tree

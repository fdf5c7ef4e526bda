#pragma once
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "volstorm/core/civil_time.h"
#include "volstorm/core/error.h"

namespace volstorm {

namespace tree {
struct Node;
}

/// The numbers a setting may take; the text is what an error message shows: `[2, 250]`, `(0, 1)`, `above 0`.
struct Bounds {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool low_open = false;   // low itself is refused
    bool high_open = false;  // high itself is refused

    bool contains(double value) const;
    std::string text() const;
};
inline constexpr Bounds kAny{};
inline constexpr Bounds kPositive{.low = 0.0, .low_open = true};
inline constexpr Bounds kNonNegative{.low = 0.0};
inline constexpr Bounds kUnitInterval{.low = 0.0, .high = 1.0};   // [0, 1]
inline constexpr Bounds kOpenUnitInterval{0.0, 1.0, true, true};  // (0, 1)
inline constexpr Bounds kCorrelation{.low = -1.0, .high = 1.0};

/// One setting as it took effect: for `check --explain`.
struct Setting {
    std::string key;     // full dotted path: layer.first.size.budget
    std::string value;   // as text
    std::string origin;  // file:line:column, `--set`, or `default`
};

/// A table of a scenario or model file, read strictly: every key must be asked for, with its type and its bounds, and
/// finish() refuses what is left. All errors are InputError with file, line and column, and say what would be right.
/// A Table is a cheap handle; copies share one state.
class Table {
 public:
    /// Reads a TOML file, resolves `extends` (depth at most 8, cycles refused; later keys win, tables merge, arrays
    /// and values replace; an array of tables such as [[layer]] replaces the base's as a whole, names or not) and
    /// applies `key=value` overrides (`layer.first.size.budget=0.2`; the value is TOML, a bare word or path is a
    /// string; no value at all takes the key away; a table replaces the one that is there; elements of arrays of
    /// tables are addressed by their `name` or their index from 0; `layer=[]` drops them all).
    static Table load(const std::filesystem::path& file, std::span<const std::string> overrides = {});

    /// The same from text, for tests and for text stored in a result file; `name` stands for the path.
    static Table parse(std::string_view text, const std::string& name, std::span<const std::string> overrides = {});

    /// Whether the key is there. Asking does not count as reading: finish() refuses a key that nobody reads.
    bool has(std::string_view key) const;

    double number(std::string_view key, Bounds bounds) const;  // required
    double number(std::string_view key, Bounds bounds, double fallback) const;
    std::optional<double> number_if(std::string_view key, Bounds bounds) const;
    std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high) const;
    std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t fallback) const;
    bool boolean(std::string_view key, bool fallback) const;
    std::string text(std::string_view key) const;
    std::string text(std::string_view key, std::string_view fallback) const;
    /// One of `words`; another word is refused with the nearest one.
    std::string choice(std::string_view key, std::span<const std::string_view> words) const;
    std::string choice(std::string_view key, std::span<const std::string_view> words, std::string_view fallback) const;
    Date date(std::string_view key) const;
    std::optional<Date> date_if(std::string_view key) const;
    DateTime date_time(std::string_view key) const;
    std::vector<double> numbers(std::string_view key, Bounds bounds) const;
    std::vector<std::string> texts(std::string_view key) const;
    /// Each in quotes or without.
    std::vector<Date> dates(std::string_view key) const;
    /// A path given relative to the file that holds it (from --set: to the current folder); the file must exist.
    std::filesystem::path file(std::string_view key) const;

    Table table(std::string_view key) const;  // required
    std::optional<Table> table_if(std::string_view key) const;
    std::vector<Table> tables(std::string_view key) const;  // array of tables; empty where there is none

    /// The keys of this table, in the order of the file, for tables whose keys the user chooses. Not a reading.
    std::vector<std::string> keys() const;
    /// The value of a key as TOML on one line, whatever its type: what an override takes after `key=`.
    std::string toml(std::string_view key) const;

    /// The place of a key's value; the place of this table where the key is absent.
    Source source(std::string_view key) const;
    Source source() const;
    /// Dotted path of this table from the root; empty at the root.
    const std::string& path() const;
    /// Throws InputError at the value of `key` (or at this table): `place: path.key <message>`; a message that begins
    /// with a colon follows the key at once.
    [[noreturn]] void fail(std::string_view key, std::string_view message) const;
    /// Throws where one of `keys` is wanted and none is there: `needs one of a, b or c`, or at a slip of one of them.
    [[noreturn]] void fail_needs_one_of(std::initializer_list<std::string_view> keys) const;
    /// For a message of the reader's own that one of `keys` is missing: first refuses a key that stands here, that
    /// nobody has asked for so far, and that is close to one of them.
    void refuse_slip_of(std::initializer_list<std::string_view> keys) const;

    /// Refuses every key, here and below, that nobody asked for: `... is not a setting here (did you mean ...?)`.
    /// Tables not opened with table(), table_if() or tables() are refused as a whole.
    void finish() const;

    /// Every setting read so far, from a file, --set or a default, in the order of reading (shared by all handles).
    std::vector<Setting> settings() const;
    /// The effective TOML text after `extends` and overrides, which reads back to the same values.
    std::string effective_text() const;

 private:
    struct Document;
    Table(std::shared_ptr<Document> document, tree::Node& node);
    static Table start(tree::Node root, const std::string& file, std::span<const std::string> overrides);
    tree::Node* find(std::string_view key) const;
    tree::Node* read(std::string_view key) const;
    tree::Node& require(std::string_view key, std::string_view expected) const;
    const std::string& word(std::string_view key, const tree::Node& node) const;
    double number(std::string_view key, const tree::Node& node, Bounds bounds) const;
    std::int64_t integer(std::string_view key, const tree::Node& node, std::int64_t low, std::int64_t high) const;
    DateTime moment(std::string_view key, const tree::Node& node, bool with_time) const;
    Table open(std::string_view key, tree::Node& node) const;
    void note_default(std::string_view key, std::string_view value) const;
    [[noreturn]] void wrong_kind(std::string_view key, const tree::Node& node, std::string_view expected) const;
    [[noreturn]] void fail_at(const Source& place, std::string_view key, std::string_view message) const;

    std::shared_ptr<Document> document_;
    tree::Node* node_;  // owned by the document
};

}  // namespace volstorm

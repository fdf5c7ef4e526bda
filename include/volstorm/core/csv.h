#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "volstorm/core/error.h"

namespace volstorm {

inline constexpr std::size_t kMostTableBytes = std::size_t{32} << 20;  // of a file of figures

/// A line of a file, or a field of it, with its place for messages.
struct Field {
    std::string_view text;
    Source where;

    [[noreturn]] void fail(const std::string& message) const { throw InputError(where, message); }
    std::string quoted() const;  // safe to print, at most 60 bytes of it
};

/// The whole file; InputError where it is longer than `most` bytes, IoError where the system refuses.
std::string read_text(const std::filesystem::path& file, std::size_t most);

/// The lines of a text, one after the other, without line ends and without a byte-order mark.
class Lines {
 public:
    Lines(std::string_view text, std::string file) : rest_(text), line_{{}, {std::move(file), 0, 1}} {}
    /// Goes to the next line; false after the last. InputError at a line too long to be a row of quotes.
    bool next();
    const Field& line() const { return line_; }

 private:
    std::string_view rest_;
    Field line_;
};

/// The fields between the commas, without blanks around them. A field in double quotes may hold commas.
std::vector<Field> split_fields(const Field& line);

/// The lines of a text that hold something and are no comments (#), each cut into its fields.
std::vector<std::vector<Field>> read_rows(std::string_view text, const std::string& file);

/// ASCII letters in lower case.
std::string lower(std::string_view text);

/// The finite number that the field is; nothing where it is none.
std::optional<double> number_in(const Field& field);
/// The number that the field is, from `low` to `high`; `what` names it in the message.
double read_number(const Field& field, std::string_view what, double low, double high);

}  // namespace volstorm

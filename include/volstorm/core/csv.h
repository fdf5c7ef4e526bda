#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "volstorm/core/error.h"

namespace volstorm {

/// A field of a comma-separated line, or the whole line, with its place for messages.
struct CsvField {
    std::string text;  // without surrounding blanks and quotes
    Source where;

    [[noreturn]] void fail(std::string_view message) const { throw InputError(where, message); }
    std::string quoted() const;  // "text", safe to print
    /// The number that it is; nothing where it is none, or not finite.
    std::optional<double> number() const;
};
using CsvLine = std::vector<CsvField>;

/// The fields of one line; commas inside double quotes do not part fields, and "" inside them is a quote (RFC 4180).
CsvLine split_csv(std::string_view line, const Source& where);

/// All lines of a file but empty ones and those that begin with #. IoError where it cannot be read; InputError where it
/// is larger than 256 MB or holds a NUL byte.
std::vector<CsvLine> read_csv(const std::filesystem::path& file);

/// The text in lower case letters (ASCII).
std::string lower_case(std::string_view text);

}  // namespace volstorm

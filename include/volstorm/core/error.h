#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace volstorm {

/// Where a value stands: a place in a file, an option of the command line (`--set ...`), or a default.
struct Source {
    std::string file;  // a path, or the option itself
    int line = 0;      // from 1; 0: no place inside the file
    int column = 0;    // from 1

    /// `file:line:column`, or `file` alone where there is no line.
    std::string text() const;
};

/// What the user wrote is wrong; the program ends with exit code 2. what() begins with the place.
class InputError : public std::runtime_error {
 public:
    InputError(Source where, std::string_view message);
    const Source& where() const { return where_; }

 private:
    Source where_;
};

/// A result file is damaged or not one of ours; exit code 4.
class DamagedFile : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

/// The system refused to read or write; exit code 5.
class IoError : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

}  // namespace volstorm

#pragma once
#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace volstorm {

/// Text for standard output. What the system refuses is remembered for output_error() and stops nothing: a result is
/// worth more than its summary.
void put_out(std::string_view text);
/// Text for standard error, after what standard output was given so far; what the system refuses is lost.
void put_note(std::string_view text);

template <class... T>
void say(fmt::format_string<T...> format, T&&... arguments) {
    put_out(fmt::format(format, std::forward<T>(arguments)...));
}
template <class... T>
void note(fmt::format_string<T...> format, T&&... arguments) {
    put_note(fmt::format(format, std::forward<T>(arguments)...));
}

/// Flushes standard output; the errno of the first write that the system refused, else 0. A reader that went away, as
/// `head` does, is no error.
int output_error();

/// Keeps files that are opened later from becoming standard input, output or error where those are closed.
void hold_standard_streams();

}  // namespace volstorm

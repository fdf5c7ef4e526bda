#include "print.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>

namespace volstorm {
namespace {

int& first_error() {
    static int error = 0;
    return error;
}

void remember(bool good) {
    if (!good && first_error() == 0) first_error() = errno;
}

}  // namespace

void put_out(std::string_view text) { remember(std::fwrite(text.data(), 1, text.size(), stdout) == text.size()); }

void put_note(std::string_view text) {
    remember(std::fflush(stdout) == 0);
    std::fwrite(text.data(), 1, text.size(), stderr);
}

int output_error() {
    remember(std::fflush(stdout) == 0);
    return first_error() == EPIPE ? 0 : first_error();
}

void hold_standard_streams() {
    for (int stream = 0; stream <= 2; ++stream) {
        if (::fcntl(stream, F_GETFD) >= 0) continue;
        // The lowest number that is free is this one. Closed output stays an error: it cannot be written to.
        [[maybe_unused]] const int opened = ::open("/dev/null", stream == 1 ? O_RDONLY : O_RDWR);
    }
}

}  // namespace volstorm

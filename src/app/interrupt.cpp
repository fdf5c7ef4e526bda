#include "interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <string_view>

#include "volstorm/io/atomic_file.h"

namespace volstorm {
namespace {

std::atomic<bool> on_terminal = false;  // a handler may not ask

std::string_view message(int number) {
    switch (number) {
        case SIGINT:
            return "volstorm: interrupted; nothing unfinished is left behind\n";
        case SIGTERM:
            return "volstorm: terminated; nothing unfinished is left behind\n";
        default:
            return "volstorm: hung up; nothing unfinished is left behind\n";
    }
}

void write_error(std::string_view text) {
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

extern "C" void end_by_signal(int number) {
    remove_unfinished_files();
    if (on_terminal) write_error("\r\x1b[K");  // the progress bar
    write_error(message(number));
    ::raise(number);  // by now the system's own action
}

}  // namespace

void clean_up_on_signals() {
    on_terminal = ::isatty(STDERR_FILENO) != 0;
    struct sigaction action {};
    action.sa_handler = end_by_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction old {};
        ::sigaction(number, nullptr, &old);
        if (old.sa_handler != SIG_IGN) ::sigaction(number, &action, nullptr);
    }
}

}  // namespace volstorm

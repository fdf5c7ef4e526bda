#include "progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "print.h"

namespace volstorm {
namespace {

constexpr int kWidth = 32;

bool is_terminal() {
    const char* name = std::getenv("TERM");
    return isatty(STDERR_FILENO) != 0 && (name == nullptr || std::strcmp(name, "dumb") != 0);
}

std::string duration(double seconds) {
    const long s = std::lround(seconds);
    return s < 60 ? fmt::format("{} s", s) : fmt::format("{}:{:02} min", s / 60, s % 60);
}

}  // namespace

Progress::Progress(std::uint64_t paths, bool quiet) : paths_(paths), quiet_(quiet), terminal_(is_terminal()) {}

Progress::~Progress() { end(); }

void Progress::advance(std::uint64_t done) {
    if (quiet_) return;
    const auto now = Clock::now();
    if (now - last_ < (terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(30'000))) return;
    last_ = now;
    draw(done, std::chrono::duration<double>(now - start_).count());
}

void Progress::draw(std::uint64_t done, double seconds) {
    const double share = static_cast<double>(done) / static_cast<double>(paths_);
    const double rate = static_cast<double>(done) / seconds;
    const std::string figures = fmt::format("{:5.1f} %  {:.2f} M paths/s  {} left", 100.0 * share, 1e-6 * rate,
                                            duration(seconds * (1.0 - share) / share));
    if (!terminal_) {
        note("{}\n", figures);
        return;
    }
    const int filled = static_cast<int>(share * kWidth);
    note("\r[{:#<{}}{:.<{}}] {}\x1b[K", "", filled, "", kWidth - filled, figures);
    std::fflush(stderr);
    drawn_ = true;
}

void Progress::end() {
    if (drawn_) note("\r\x1b[K");
    drawn_ = false;
}

}  // namespace volstorm

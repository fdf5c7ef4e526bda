#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace volstorm {

/// Progress on standard error: a bar on a terminal, a line now and then elsewhere.
class Progress {
 public:
    Progress(std::uint64_t paths, bool quiet);
    ~Progress();
    void advance(std::uint64_t done);
    /// Ends the bar; what comes next begins on a new line.
    void end();

 private:
    using Clock = std::chrono::steady_clock;
    void draw(std::uint64_t done, double seconds);
    std::uint64_t paths_;
    bool quiet_, terminal_, drawn_ = false;
    Clock::time_point start_ = Clock::now(), last_ = start_;
};

}  // namespace volstorm

#pragma once
#include <chrono>
#include <cmath>

#include "print.h"
#include "volstorm/calibration/least_squares.h"

namespace volstorm {

/// A line now and then on standard error, for a fit takes minutes.
class FitLines {
 public:
    void operator()(const FitProgress& progress) {
        const auto now = std::chrono::steady_clock::now();
        if (!std::isfinite(progress.cost) || now - last_ < std::chrono::seconds(10)) return;
        last_ = now;
        note("cost {:.1f} after {} sets of parameters\n", progress.cost, progress.evaluations);
    }

 private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace volstorm

// macd(series, fast, slow, signal), macd_signal(...), macd_histogram(...): Appel's moving average
// convergence-divergence.
//
// macd is the exponential average of `fast` closes less that of `slow` closes, macd_signal the exponential average of
// `signal` values of macd, macd_histogram their difference. Every average begins with its first value and has weight
// 2 / (period + 1). All three need slow + signal closes, the running one included; the trace of the first close is then
// (1 - 2 / (slow + 1))^(slow + signal - 1), 8 % of it for 12, 26, 9: more history is better.
#include <fmt/format.h>

#include "exponential.h"
#include "volstorm/core/clones.h"
#include "volstorm/signal/signal.h"

namespace volstorm {
namespace {

enum class Output { line, signal, histogram };

struct Averages {
    double fast, slow, signal;
};
using Weights = Averages;

Averages next(const Averages& a, double price, const Weights& w) {
    const double fast = a.fast + w.fast * (price - a.fast), slow = a.slow + w.slow * (price - a.slow);
    return {fast, slow, a.signal + w.signal * (fast - slow - a.signal)};
}

VOLSTORM_CLONES
void macd_values(std::size_t paths, const Weights& weights, double with_line, double with_signal,
                 const double* __restrict price, const double* __restrict state, double* __restrict out) {
    const Weights w = weights;
    for (std::size_t i = 0; i < paths; ++i) {
        const Averages a = next({state[i], state[paths + i], state[2 * paths + i]}, price[i], w);
        out[i] = with_line * (a.fast - a.slow) + with_signal * a.signal;
    }
}

VOLSTORM_CLONES
void advance_macd(std::size_t paths, const Weights& weights, const double* __restrict price, double* __restrict fast,
                  double* __restrict slow, double* __restrict signal) {
    const Weights w = weights;
    for (std::size_t i = 0; i < paths; ++i) {
        const Averages a = next({fast[i], slow[i], signal[i]}, price[i], w);
        fast[i] = a.fast;
        slow[i] = a.slow;
        signal[i] = a.signal;
    }
}

class Macd final : public Signal {
 public:
    Macd(std::span<const int> periods, Output output)
        : fast_(periods[0]), slow_(periods[1]), signal_(periods[2]), output_(output) {}

    std::size_t columns() const override { return 3; }
    std::size_t closes_needed() const override {
        return static_cast<std::size_t>(slow_) + static_cast<std::size_t>(signal_);
    }
    bool rises_with_price() const override { return true; }  // as fast < slow

    void value(std::size_t paths, std::size_t seen, const double* price, const double* state,
               double* out) const override {
        const double with_line = output_ == Output::signal ? 0.0 : 1.0;
        const double with_signal = output_ == Output::line ? 0.0 : output_ == Output::signal ? 1.0 : -1.0;
        macd_values(paths, weights(seen), with_line, with_signal, price, state, out);
    }

    void advance(std::size_t paths, std::size_t seen, const double* price, double* state) const override {
        advance_macd(paths, weights(seen), price, state, state + paths, state + 2 * paths);
    }

 private:
    Weights weights(std::size_t seen) const {
        return {exponential_weight(seen, fast_), exponential_weight(seen, slow_), exponential_weight(seen, signal_)};
    }

    int fast_, slow_, signal_;
    Output output_;
};

std::string check_periods(std::span<const Argument> arguments) {
    const int fast = arguments[1].number, slow = arguments[2].number;
    if (fast < slow) return "";
    return fmt::format("fast is {}, not below slow, which is {}", fast, slow);
}

template <Output output>
SignalKind kind() {
    return {.periods = {period_parameter("fast"), period_parameter("slow"), period_parameter("signal")},
            .make = [](std::span<const int> p) -> std::unique_ptr<const Signal> {
                return std::make_unique<Macd>(p, output);
            },
            .check = check_periods};
}

}  // namespace

SignalKind macd_kind() { return kind<Output::line>(); }
SignalKind macd_signal_kind() { return kind<Output::signal>(); }
SignalKind macd_histogram_kind() { return kind<Output::histogram>(); }

}  // namespace volstorm

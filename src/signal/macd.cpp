// macd(series, fast, slow, signal), macd_signal(...), macd_histogram(...): Appel's moving average
// convergence-divergence.
//
// macd is the exponential average of `fast` closes less that of `slow` closes, macd_signal the exponential average of
// `signal` values of macd, macd_histogram their difference. Every average begins with its first value and has weight
// 2 / (period + 1). All three need slow + signal closes, the running one included; the trace of the first close is then
// (1 - 2 / (slow + 1))^(slow + signal - 1), 8 % of it for 12, 26, 9: more history is better.
#include <fmt/format.h>

#include "exponential.h"
#include "volstorm/signal/signal.h"

namespace volstorm {
namespace {

enum class Output { line, signal, histogram };

class Macd final : public Signal {
 public:
    Macd(std::span<const int> periods, Output output)
        : fast_(periods[0]), slow_(periods[1]), signal_(periods[2]), output_(output) {}

    std::size_t columns() const override { return 3; }
    std::size_t closes_needed() const override { return static_cast<std::size_t>(slow_ + signal_); }

    void value(std::size_t paths, std::size_t seen, const double* price, const double* state,
               double* out) const override {
        const Weights w = weights(seen);
        const double with_line = output_ == Output::signal ? 0.0 : 1.0;
        const double with_signal = output_ == Output::line ? 0.0 : output_ == Output::signal ? 1.0 : -1.0;
        for (std::size_t i = 0; i < paths; ++i) {
            const Averages a = next({state[i], state[paths + i], state[2 * paths + i]}, price[i], w);
            out[i] = with_line * (a.fast - a.slow) + with_signal * a.signal;
        }
    }

    void advance(std::size_t paths, std::size_t seen, const double* price, double* state) const override {
        const Weights w = weights(seen);
        for (std::size_t i = 0; i < paths; ++i) {
            const Averages a = next({state[i], state[paths + i], state[2 * paths + i]}, price[i], w);
            state[i] = a.fast;
            state[paths + i] = a.slow;
            state[2 * paths + i] = a.signal;
        }
    }

 private:
    struct Averages {
        double fast, slow, signal;
    };
    using Weights = Averages;

    Weights weights(std::size_t seen) const {
        return {exponential_weight(seen, fast_), exponential_weight(seen, slow_), exponential_weight(seen, signal_)};
    }
    static Averages next(const Averages& a, double price, const Weights& w) {
        const double fast = a.fast + w.fast * (price - a.fast), slow = a.slow + w.slow * (price - a.slow);
        return {fast, slow, a.signal + w.signal * (fast - slow - a.signal)};
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

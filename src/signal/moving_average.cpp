// sma(series, period): the mean of the last `period` closes.
// ema(series, period): exponential average, begun with the first close, then with weight 2 / (period + 1).
//
// Both are in the series' points and need `period` closes, the running one included.
#include "exponential.h"
#include "volstorm/signal/signal.h"

namespace volstorm {
namespace {

/// State: the sum of the last period - 1 closes, and those closes in a ring.
class SimpleAverage final : public Signal {
 public:
    explicit SimpleAverage(int period) : period_(static_cast<std::size_t>(period)) {}

    std::size_t columns() const override { return period_; }
    std::size_t closes_needed() const override { return period_; }
    bool rises_with_price() const override { return true; }

    void value(std::size_t paths, std::size_t, const double* price, const double* sum, double* out) const override {
        const double closes = static_cast<double>(period_);
        for (std::size_t i = 0; i < paths; ++i) out[i] = (sum[i] + price[i]) / closes;
    }

    void advance(std::size_t paths, std::size_t seen, const double* price, double* sum) const override {
        double* oldest = sum + paths * (1 + seen % (period_ - 1));
        for (std::size_t i = 0; i < paths; ++i) {
            sum[i] += price[i] - oldest[i];
            oldest[i] = price[i];
        }
    }

 private:
    std::size_t period_;
};

class ExponentialAverage final : public Signal {
 public:
    explicit ExponentialAverage(int period) : period_(static_cast<std::size_t>(period)) {}

    std::size_t columns() const override { return 1; }
    std::size_t closes_needed() const override { return period_; }
    bool rises_with_price() const override { return true; }

    void value(std::size_t paths, std::size_t seen, const double* price, const double* average,
               double* out) const override {
        const double weight = exponential_weight(seen, static_cast<double>(period_));
        for (std::size_t i = 0; i < paths; ++i) out[i] = average[i] + weight * (price[i] - average[i]);
    }

    void advance(std::size_t paths, std::size_t seen, const double* price, double* average) const override {
        value(paths, seen, price, average, average);
    }

 private:
    std::size_t period_;
};

template <class Average>
SignalKind kind() {
    return {.periods = {period_parameter("period")},
            .make = [](std::span<const int> p) -> std::unique_ptr<const Signal> {
                return std::make_unique<Average>(p[0]);
            }};
}

}  // namespace

SignalKind sma_kind() { return kind<SimpleAverage>(); }
SignalKind ema_kind() { return kind<ExponentialAverage>(); }

}  // namespace volstorm

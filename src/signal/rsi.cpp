// rsi(series, period): Wilder's relative strength index (Wilder 1978), 0 to 100.
//
// gain and loss are averages of the rises and falls between closes: the plain mean of the first `period` changes, then
// exponential with weight 1/period. rsi = 100 gain / (gain + loss), and 50 where neither moved. It needs period + 1
// closes, the running one included.
#include <algorithm>

#include "volstorm/core/clones.h"
#include "volstorm/signal/signal.h"

namespace volstorm {
namespace {

double next_average(double average, double change, double weight) {
    return average + weight * ((change > 0.0 ? change : 0.0) - average);
}

VOLSTORM_CLONES
void rsi_values(std::size_t paths, double weight, const double* __restrict price, const double* __restrict state,
                double* __restrict out) {
    const double *last = state, *gain = state + paths, *loss = state + 2 * paths;
    for (std::size_t i = 0; i < paths; ++i) {
        const double change = price[i] - last[i];
        const double up = next_average(gain[i], change, weight), down = next_average(loss[i], -change, weight);
        out[i] = up + down == 0.0 ? 50.0 : 100.0 * up / (up + down);
    }
}

VOLSTORM_CLONES
void advance_rsi(std::size_t paths, double weight, const double* __restrict price, double* __restrict last,
                 double* __restrict gain, double* __restrict loss) {
    for (std::size_t i = 0; i < paths; ++i) {
        const double change = price[i] - last[i];
        gain[i] = next_average(gain[i], change, weight);
        loss[i] = next_average(loss[i], -change, weight);
        last[i] = price[i];
    }
}

VOLSTORM_CLONES
void carry_rsi(std::size_t paths, double weight, const double* __restrict price, double* __restrict last,
               double* __restrict gain, double* __restrict loss, double* __restrict out) {
    for (std::size_t i = 0; i < paths; ++i) {
        const double change = price[i] - last[i];
        const double up = next_average(gain[i], change, weight), down = next_average(loss[i], -change, weight);
        out[i] = up + down == 0.0 ? 50.0 : 100.0 * up / (up + down);
        gain[i] = up;
        loss[i] = down;
        last[i] = price[i];
    }
}

class Rsi final : public Signal {
 public:
    explicit Rsi(int period) : period_(static_cast<std::size_t>(period)) {}

    std::size_t columns() const override { return 3; }
    std::size_t closes_needed() const override { return period_ + 1; }
    bool rises_with_price() const override { return true; }

    void value(std::size_t paths, std::size_t seen, const double* price, const double* state,
               double* out) const override {
        rsi_values(paths, change_weight(seen), price, state, out);
    }

    void advance(std::size_t paths, std::size_t seen, const double* price, double* state) const override {
        advance_rsi(paths, change_weight(seen), price, state, state + paths, state + 2 * paths);
    }

    void value_and_advance(std::size_t paths, std::size_t seen, const double* price, double* state,
                           double* out) const override {
        carry_rsi(paths, change_weight(seen), price, state, state + paths, state + 2 * paths, out);
    }

 private:
    /// Weight of the next change after `seen` closes: the first close makes none.
    double change_weight(std::size_t seen) const {
        return seen == 0 ? 0.0 : 1.0 / static_cast<double>(std::min(seen, period_));
    }

    std::size_t period_;
};

}  // namespace

SignalKind rsi_kind() {
    return {
        .periods = {period_parameter("period")},
        .make = [](std::span<const int> p) -> std::unique_ptr<const Signal> { return std::make_unique<Rsi>(p[0]); }};
}

}  // namespace volstorm

#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "volstorm/signal/expression.h"

namespace volstorm {

inline constexpr int kMinPeriod = 2;
inline constexpr int kMaxPeriod = 250;  // one year of sessions

/// A technical signal of a series of closes, as a recursion: a state of a few numbers a path, the value with one more
/// close on top of it, and the state after that close. Daily signals keep that close until 16:00 (the running value of
/// today), bar signals at every bar. Only + - * / and comparisons, so that every build gives the same bits.
class Signal {
 public:
    virtual ~Signal() = default;

    virtual std::size_t columns() const = 0;  // numbers of state a path, all zero before the first close

    /// Closes that the value needs, the latest included; with fewer it is undefined.
    virtual std::size_t closes_needed() const = 0;

    /// The value with `price` as the latest close, after `seen` closes. Called only where seen + 1 >= closes_needed().
    /// Column c of path i is state[c * paths + i].
    virtual void value(std::size_t paths, std::size_t seen, const double* price, const double* state,
                       double* out) const = 0;

    /// Whether the value never falls where `price` rises and the state stays.
    virtual bool rises_with_price() const = 0;

    /// Adds `price` to a state that has seen `seen` closes.
    virtual void advance(std::size_t paths, std::size_t seen, const double* price, double* state) const = 0;

    /// Both at once.
    virtual void value_and_advance(std::size_t paths, std::size_t seen, const double* price, double* state,
                                   double* out) const {
        value(paths, seen, price, state, out);
        advance(paths, seen, price, state);
    }
};

/// How a signal is written in a rule, and made: name(series, periods...).
struct SignalKind {
    std::vector<Parameter> periods;  // the parameters after the series
    std::unique_ptr<const Signal> (*make)(std::span<const int> periods) = nullptr;
    std::string (*check)(std::span<const Argument>) = nullptr;  // as Word::check; the series is argument 0
};

/// A parameter that counts closes, in [kMinPeriod, kMaxPeriod].
inline Parameter period_parameter(std::string name) {
    return {.name = std::move(name), .kind = ParameterKind::whole, .low = kMinPeriod, .high = kMaxPeriod};
}

}  // namespace volstorm

#pragma once
#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "volstorm/engine/executor.h"
#include "volstorm/model/model.h"
#include "volstorm/risk/backtest.h"

/// What a model says of the next session when it knows nothing but the VIX close before it.
namespace volstorm {

/// The first rank in [first, last] that is `last` or has the property, which all ranks after it have too.
template <class Property>
std::size_t first_rank(std::size_t first, std::size_t last, const Property& property) {
    while (first < last) {
        const std::size_t middle = first + (last - first) / 2;
        property(middle) ? last = middle : first = middle + 1;
    }
    return first;
}

/// A law by its quantiles, between two simulated samples of equal size: the k-th smallest value is `scale` times the
/// weighted mean of the k-th smallest of both. Refers to samples that live elsewhere.
class QuantileLaw {
 public:
    /// Sorted samples; `weight` in [0, 1] is that of `above`.
    QuantileLaw(std::span<const double> below, std::span<const double> above, double weight, double scale)
        : below_(below), above_(above), weight_(weight), scale_(scale) {}
    std::size_t size() const { return below_.size(); }
    double at(std::size_t rank) const { return scale_ * std::lerp(below_[rank], above_[rank], weight_); }
    /// The value at the share u in (0, 1).
    double quantile(double u) const;
    /// As pit_interval() of the sample.
    PitInterval pit(double outcome) const;

 private:
    std::span<const double> below_, above_;
    double weight_, scale_;
};

struct ForecastSampling {
    std::size_t paths = 40'960;  // from each level of VIX, shared by the five weekdays: a multiple of 2,560
    std::uint64_t seed = 1;
};

/// The physical law of the session after any VIX close within those given, by simulate_sessions() from levels of VIX
/// e^(k/32), k whole; a level's paths are a pure function of (seed, k), so that a forecast does not depend on what
/// other closes are asked for. Between two levels quantiles are interpolated in ln VIX: of SPX returns over
/// VIX / sqrt(252), and of changes of ln VIX. Error of a distribution function: of simulation at most
/// 0.5 / sqrt(paths), 0.0025 as a standard error; of interpolation none seen beside the noise of a million paths (from
/// the law of the very close at most 0.0007 to 0.0012, VIX 10 to 61).
class NextDayLaws {
 public:
    /// InputError where a level gives no state of the model.
    NextDayLaws(const ModelInput& model, std::span<const double> vix_closes, const ForecastSampling& sampling,
                Executor& executor);
    /// SPX to the next close, log, %. std::out_of_range where `vix` has no level around it.
    QuantileLaw spx_return(double vix) const;
    /// ln of the next VIX close over `vix`.
    QuantileLaw vix_log_change(double vix) const;

 private:
    struct Level {
        std::vector<double> scaled_return, vix_log_change;  // sorted
    };
    QuantileLaw between(std::vector<double> Level::*sample, double vix, double scale) const;
    std::map<int, Level> levels_;  // by k
};

}  // namespace volstorm

#pragma once
#include <memory>
#include <optional>

#include "volstorm/pricing/spx_option.h"
#include "volstorm/pricing/surface.h"

namespace volstorm {

/// Exact marks of one SPX expiry seen from one moment, discounted, in index points.
class SpxMarker {
 public:
    SpxMarker(const PricingDay& day, DateTime now, DateTime settlement, const VarianceState& smallest,
              const VarianceState& largest);
    /// The law of one state, for any strike.
    SpxSmile smile(const VarianceState& state) const { return expiry_.smile(state); }
    double mark(OptionType type, double spx, double strike, const VarianceState& state) const;
    /// The forward for SPX at 1.
    double carry() const { return carry_; }
    double discount() const { return discount_; }
    /// sqrt of the expected quadratic variation to expiry: the scale of moneyness.
    double scale(const VarianceState& state) const { return std::sqrt(variation_(state)); }
    const LinearInState& variation() const { return variation_; }
    double years() const { return years_; }

 private:
    double years_, carry_, discount_;
    LinearInState variation_;
    SpxExpiry expiry_;
};

/// States of paths at one moment, with SPX over its level at the entry.
struct SpxStateSpan {
    StateSpan state;
    std::span<const double> spx;  // index points
};

/// Marks of SPX puts of one expiry after the horizon, for blocks of paths and any strike: Chebyshev in (standardised
/// moneyness, ln v, ln m), v and m shifted, at each time that is asked for; outside the box the exact price. Calls by
/// parity.
class SpxSurface {
 public:
    SpxSurface(const PricingDay& day, DateTime settlement, const MarkTimes& times, const StateBox& box);

    std::size_t mark(OptionType type, double strike, std::size_t time, const SpxStateSpan& states, double* out) const;
    double exact(OptionType type, double strike, std::size_t time, double spx, const VarianceState& state) const;
    /// Largest difference from the exact mark over the states given, at times[time]: index points.
    double measured_error(OptionType type, double strike, std::size_t time, std::span<const double> spx,
                          std::span<const VarianceState> states) const;
    /// The strike whose put or call has the forward delta, unrounded, for each state: exact, so not for every path.
    void strike_at_delta(OptionType type, double delta, std::size_t time, const SpxStateSpan& states,
                         double* out) const;
    void forwards(std::size_t time, const SpxStateSpan& states, double* out) const;

 private:
    struct Slice {
        std::shared_ptr<const SpxMarker> marker;
        VarianceState shift;  // keeps the logarithms smooth where v or m vanishes
        Interpolant puts;     // put / (forward x scale) in (asinh of ln(K/F) / scale, ln(v + shift), ln(m + shift))
    };
    const Slice& slice(std::size_t time) const { return slices_[time]; }
    std::shared_ptr<const SpxMarker> marker_for(std::size_t time, const VarianceState& state) const;

    const PricingDay* day_;
    DateTime settlement_;
    std::vector<DateTime> times_;
    StateBox box_;
    VarianceState smallest_, largest_;
    std::vector<Slice> slices_;  // by time
};

}  // namespace volstorm

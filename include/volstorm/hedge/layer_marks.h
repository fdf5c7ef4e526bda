#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <span>

#include "volstorm/hedge/layer.h"
#include "volstorm/pricing/spx_surface.h"
#include "volstorm/pricing/vix_surface.h"

namespace volstorm {

/// Surfaces that layers with the same settlement share.
struct Surfaces {
    std::map<DateTime, std::shared_ptr<VixSurface>> vix;
    std::map<DateTime, std::shared_ptr<SpxSurface>> spx;
};

/// When the contract settles that a fill on that day buys: the layer's expiry, or the VIX expiry nearest to fill + days
/// (monthly, or weekly where allowed), or the first session on or after fill + days for SPX. Throws InputError where it
/// is not after the horizon.
DateTime settlement_of(const LayerSpec& layer, Date fill, DateTime horizon);

/// The instrument of one layer with its expiry: mid prices of one unit, in points of the product, at the entry (exact)
/// and on paths (interpolated, with the error measured). A unit is named by the strike of its long leg; a future by 0.
class LayerMarks {
 public:
    /// `settlement`: as settlement_of() gives it.
    LayerMarks(const LayerSpec& layer, const PricingDay& day, DateTime settlement);

    DateTime settlement() const { return settlement_; }
    const InstrumentKind& kind() const { return kind_; }
    /// Level of the underlying's forward at the entry: the VIX future or the SPX forward of the expiry.
    double forward_at_entry() const { return forward_; }
    /// The strike that the layer's rule gives at the entry, on the grid; throws InputError where there is none, or
    /// where a strike that is given lies off the grid.
    double strike_at_entry() const;
    /// Strike of the leg sold of a spread whose long leg has this one: `width` away, on the grid, the further at a tie.
    double second_strike(double strike) const;
    double mid_at_entry(double strike) const;
    double implied_vol_at_entry(double strike) const;  // of the long leg, on the session clock; NaN for a future
    double delta_at_entry(double strike) const;        // of the long leg; 1 for a future
    double moneyness_at_entry(double strike) const;    // as a residual of quotes has it

    /// Prepares marks at `times` over the states of `box`, for these strikes. `visited` are states at the horizon where
    /// units are also opened on the path: the strikes that the rule gives there are prepared too, with room; others go
    /// to the exact price.
    void prepare(Surfaces& surfaces, const MarkTimes& times, const StateBox& box, std::span<const double> strikes,
                 const SpxStateSpan* visited);
    /// Mid prices at times[time] of the units with these strikes, one for each state; returns how many states went to
    /// the exact price. Quickest where equal strikes stand together.
    std::size_t mark(std::span<const double> strikes, std::size_t time, const SpxStateSpan& states, double* out) const;
    /// The strike that the layer's rule gives in each state, on the grid; NaN or below zero where there is none.
    void choose(std::size_t time, const SpxStateSpan& states, double* strikes) const;
    /// Whether choose() finds a strike in every state.
    bool always_has_strike() const;
    /// The VIX future of the expiry at times[time]; only for VIX instruments.
    void futures(std::size_t time, const SpxStateSpan& states, double* out) const;
    /// Largest error of the marks at times[time] over these states.
    double measured_error(double strike, std::size_t time, std::span<const double> spx,
                          std::span<const VarianceState> states) const;

 private:
    void check_on_grid(double strike) const;
    double round(double strike, double forward) const;
    double from_forward(double forward) const;
    VixProduct product(double strike) const;
    double leg_at_entry(double strike) const;
    std::size_t mark_legs(std::span<const double> strikes, std::size_t time, const SpxStateSpan& states,
                          double* out) const;
    void add_vix_strikes(std::span<const double> strikes, const SpxStateSpan* visited);

    InstrumentKind kind_;
    double width_;
    StrikeRule rule_;
    double rule_value_;
    const PricingDay* day_;
    Table section_;
    DateTime settlement_{};
    double forward_ = 0.0;
    std::shared_ptr<const VixMarker> vix_now_;
    std::shared_ptr<const SpxMarker> spx_now_;
    std::shared_ptr<VixSurface> vix_;
    std::shared_ptr<SpxSurface> spx_;
};

}  // namespace volstorm

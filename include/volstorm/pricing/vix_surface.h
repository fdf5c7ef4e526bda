#pragma once
#include <map>
#include <memory>
#include <utility>

#include "volstorm/math/interpolant_planes.h"
#include "volstorm/pricing/smile_residual.h"
#include "volstorm/pricing/surface.h"
#include "volstorm/pricing/vix_option.h"

namespace volstorm {

/// One VIX product of an expiry: the future, or an option with its strike.
struct VixProduct {
    enum class Kind { future, call, put } kind = Kind::future;
    double strike = 0.0;
    friend auto operator<=>(const VixProduct&, const VixProduct&) = default;
};

/// Exact marks of one VIX expiry seen from one moment, in VIX points.
/// A mark is the model's price, discounted; with `VixMark::vvix` it moves by what the shift of its implied vol,
/// vvix_beta ln(VIX_t / what the entry expects of VIX_t), changes in the Black price. The implied vol of a strike is
/// read from its time value plus 0.1 % of the time value at the at-the-money vol: where the model leaves (almost)
/// nothing, deep in or out of the money after a spike, it tends to a little less than the at-the-money vol instead of
/// vanishing. Where the day has a residual of the expiry's quotes, the future is the model's times the basis, options
/// are struck on that, and implied vols take the residual's factor before the shift. Holds a pointer to it.
class VixMarker {
 public:
    VixMarker(const PricingDay& day, DateTime now, DateTime settlement, const VarianceState& largest);
    /// The same contracts seen from an earlier moment: a tenth of the work.
    VixMarker(const VixMarker& later, const PricingDay& day, DateTime now);

    /// A product with what the inversion needs of its strike, and a state with what no strike changes: for many marks.
    struct Prepared {
        VixProduct product;
        VixExpiry::Payoff payoff;
    };
    struct Place {
        VixExpiry::Law law;
        double at_the_money = 0.0;  // frozen stdev of the model's at-the-money option
        double shift = 0.0;         // of implied vol
    };
    Prepared prepare(const VixProduct& product) const;
    Place place(const VarianceState& state) const;
    /// With the at-the-money stdev known from elsewhere, for it takes as long as all the rest.
    Place place(const VarianceState& state, double at_the_money) const;
    double mark(const Prepared& product, const Place& place) const;
    double mark(const VixProduct& product, const VarianceState& state) const {
        return mark(prepare(product), place(state));
    }
    double future(const VarianceState& state) const { return basis_ * expiry_.future(state); }
    /// Implied vol of a strike on the session clock, the shift included.
    double implied_vol(double strike, const VarianceState& state) const;
    /// The strike at which the Black delta on the future, at the mark's vol, is `delta`; where there is none, one far
    /// out on the side of the delta.
    double strike_at_delta(OptionType type, double delta, const Place& place) const;
    double strike_at_delta(OptionType type, double delta, const VarianceState& state) const {
        return strike_at_delta(type, delta, place(state));
    }
    /// The strike on the model's own future, which the basis does not move.
    double model_strike(double strike) const { return strike / basis_; }
    /// By what factor the vol of an option at `model_strike` must rise for its out-of-the-money side to cost `price`,
    /// undiscounted and in units of the basis.
    SmileResidual::Node residual_at(double model_strike, double price, const Place& place) const;
    /// E[VIX^2] / 10000 at the settlement, by the state, of the model's own future.
    const LinearInState& mean_square() const { return expiry_.mean_square(); }
    double vix(const VarianceState& state) const { return vix_level(squared_, state); }
    double discount() const { return discount_; }
    double years() const { return years_; }
    DateTime now() const { return now_; }

 private:
    double shift(const VarianceState& state) const;
    double steady_stdev(const Place& place, double strike, double time_value) const;
    double marked_stdev(double stdev, double model_strike, const Place& place) const;
    DateTime now_, settlement_;
    const SmileResidual* residual_;
    double years_, root_years_, basis_, discount_;
    LinearInState squared_;  // VIX^2 now
    VixExpiry expiry_;
    double expected_vix_, beta_;
};

/// Marks of one VIX expiry for blocks of paths: Chebyshev in (time, sqrt(v + shift), m) for each product; a state
/// outside the box goes to the exact price. Near the settlement an option bends within a small part of the box: where a
/// check against exact marks says that the plain surface is not close enough, sqrt(v + shift) is drawn apart around the
/// place of the strike. The error is measured, not assumed.
class VixSurface {
 public:
    VixSurface(const PricingDay& day, DateTime settlement, const MarkTimes& times, const StateBox& box);

    /// Prepares a product; cheap where it is known already.
    void add(const VixProduct& product);
    /// Prepares the strike that has `delta` at each state.
    void add_strike_at_delta(OptionType type, double delta);

    /// Marks of a product at times[time] for many states; returns how many went to the exact price.
    std::size_t mark(const VixProduct& product, std::size_t time, const StateSpan& states, double* out) const;
    /// The strike with a delta added before, unrounded.
    std::size_t strike_at_delta(OptionType type, double delta, std::size_t time, const StateSpan& states,
                                double* out) const;

    /// Largest difference from the exact mark over the states given, at times[time]: VIX points.
    double measured_error(const VixProduct& product, std::size_t time, std::span<const VarianceState> states) const;
    double exact(const VixProduct& product, std::size_t time, const VarianceState& state) const;
    bool knows(const VixProduct& product) const { return products_.contains(product); }
    const MarkTimes& times() const { return times_; }

 private:
    struct Segment {
        std::size_t first = 0, end = 0;
        Interval clock;                                         // session time since the first time, of the segment
        std::vector<std::shared_ptr<const VixMarker>> markers;  // at the Chebyshev nodes in time
        std::vector<std::vector<VixMarker::Place>> places;      // of each marker: the nodes of the box
        std::vector<Interpolant> at_the_money;                  // stdev of each marker, in (sqrt(v + shift), m)
    };
    using Surface = std::vector<InterpolantPlanes>;  // of each segment, in (sqrt(v + shift), m)
    // sqrt(v + shift) from `low` to `high`, drawn apart around where E[VIX^2] is the strike's square, as a number from
    // 0 to 1. That place depends on m: the root of `square + square_per_m m`, kept above 0 by `bend`.
    struct Drawing {
        double square = 0.0, square_per_m = 0.0, bend = 0.0, width = 1.0, low = 0.0, high = 1.0;
        double root(double drawn, double m) const;
        void draw(const StateSpan& states, double* drawn) const;
    };
    struct Drawn {
        Drawing drawing;
        InterpolantPlanes marks;  // in (drawn, m)
    };
    struct Check {
        VixMarker marker;  // at the last time of a segment
        std::vector<VarianceState> states;
        std::vector<VixMarker::Place> places;
    };
    void draw_apart(const VixProduct& product);
    Drawing drawing_for(const VixProduct& product, const VixMarker& marker) const;
    Drawn fit_drawn(const VixProduct& product, const Segment& segment, const Interpolant::Sizes& nodes) const;
    void mark_drawn(const Drawn& drawn, const Surface& plain, std::size_t time, const StateSpan& states,
                    double* out) const;
    const std::vector<Check>& checks();
    double check_error(const VixProduct& product, std::size_t segment, const Check& check) const;
    template <class Function>
    Surface fit(double tolerance, const Function& value_at) const;
    void add_markers(Segment& segment, std::shared_ptr<const VixMarker>& earliest) const;
    VixMarker marker_at(std::size_t time) const;
    VixMarker marker_for(std::size_t time, const VarianceState& state) const;
    InterpolantPlanes planes(const Segment& segment, Interpolant whole, double tolerance) const;
    const Interpolant& at_time(const Surface& surface, std::size_t time) const;
    std::size_t segment_number(std::size_t time) const;
    const Segment& segment_of(std::size_t time) const;
    double clock_of(std::size_t time) const;

    const PricingDay* day_;
    DateTime settlement_;
    MarkTimes times_;
    StateBox box_;
    VarianceState largest_;
    std::shared_ptr<const VixMarker> last_;  // at the last of the times
    std::vector<Segment> segments_;
    double least_root_;  // below it no path is expected, and nothing is drawn apart
    std::map<VixProduct, Surface> products_;
    std::map<VixProduct, std::vector<Drawn>> drawn_;  // of each segment; only where it is the closer of the two
    std::vector<Check> checks_;                       // of each segment, made when first needed
    std::map<std::pair<OptionType, double>, Surface> delta_strikes_;  // logarithms of strikes
};

}  // namespace volstorm

#pragma once
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "volstorm/pricing/smile_residual.h"
#include "volstorm/pricing/spx_option.h"
#include "volstorm/pricing/surface.h"

namespace volstorm {

/// Exact marks of one SPX expiry seen from one moment, discounted, in index points; with the residual of its quotes,
/// where the day has one. Holds a pointer to that.
class SpxMarker {
 public:
    SpxMarker(const PricingDay& day, DateTime now, DateTime settlement, const VarianceState& smallest,
              const VarianceState& largest);
    /// The law of one state, for any strike.
    MarkedSmile smile(const VarianceState& state) const;
    double mark(OptionType type, double spx, double strike, const VarianceState& state) const;
    /// The forward for SPX at 1.
    double carry() const { return carry_; }
    double discount() const { return discount_; }
    /// sqrt of the expected quadratic variation to expiry: the scale of moneyness.
    double scale(const VarianceState& state) const { return std::sqrt(variation_(state)); }
    const LinearInState& variation() const { return variation_; }
    double years() const { return years_; }

 private:
    double years_;
    const SmileResidual* residual_;
    double carry_, discount_;
    LinearInState variation_;
    SpxExpiry expiry_;
};

/// States of paths at one moment, with SPX over its level at the entry.
struct SpxStateSpan {
    StateSpan state;
    std::span<const double> spx;  // index points
};

/// Marks of SPX puts of one expiry after the horizon, for blocks of paths and any strike: Chebyshev in (standardised
/// moneyness, ln v, ln m), v and m shifted, and in the time to expiry along each smooth segment of the times; outside
/// the box the exact price. Calls by parity. The box of moneyness and ln v is cut into panels, on each of which a
/// hundredth of the coefficients is enough; a panel is made when a path first comes into it, by whatever thread.
class SpxSurface {
 public:
    SpxSurface(const PricingDay& day, DateTime settlement, const MarkTimes& times, const StateBox& box);

    /// Prepares the strike that has `delta` at each state.
    void add_strike_at_delta(OptionType type, double delta);

    /// Marks at times[time] of the options with these strikes, one for each state; returns how many went to the exact
    /// price.
    std::size_t mark(OptionType type, std::span<const double> strikes, std::size_t time, const SpxStateSpan& states,
                     double* out) const;
    double exact(OptionType type, double strike, std::size_t time, double spx, const VarianceState& state) const;
    /// Largest difference from the exact mark over the states given, at times[time]: index points.
    double measured_error(OptionType type, double strike, std::size_t time, std::span<const double> spx,
                          std::span<const VarianceState> states) const;
    /// The strike whose put or call has a forward delta added before, unrounded, for each state; NaN where none has it.
    /// Returns how many were solved exactly.
    std::size_t strike_at_delta(OptionType type, double delta, std::size_t time, const SpxStateSpan& states,
                                double* out) const;
    void forwards(std::size_t time, const SpxStateSpan& states, double* out) const;

 private:
    // What keeps the logarithms of v and m smooth where these vanish, and the box of the logarithms.
    struct Coordinates {
        VarianceState shift;
        Interval log_v, log_m;
        VarianceState state(int v_node, int m_node) const;
    };
    // The exact law at one Chebyshev node of the time to expiry.
    struct Node {
        LinearInState variation;
        SpxExpiry law;
    };
    static constexpr std::size_t kMoneynessPanels = 8, kVariancePanels = 4;
    template <class T>
    struct OnPanels {
        struct Panel {
            std::once_flag made;
            T puts;
        };
        std::array<Panel, kMoneynessPanels * kVariancePanels> panels;
    };
    struct Segment {
        std::size_t first = 0, end = 0;  // of the times
        Coordinates coordinates;
        std::vector<Node> nodes;
        // Of each node: put / (forward x scale) in (asinh of ln(K/F) / scale, ln(v + shift), ln(m + shift)).
        std::vector<Interpolant> puts;
        std::unique_ptr<OnPanels<std::vector<Interpolant>>> on_panels;
    };
    // One of the times.
    struct Slice {
        double years = 0.0, carry = 0.0, discount = 0.0;
        LinearInState variation;
        std::size_t segment = 0;
        std::vector<double> weights;  // of the nodes of its segment
        VarianceState shift;
        mutable OnPanels<Interpolant> on_panels;  // of the puts
    };
    using DeltaRule = std::pair<OptionType, double>;
    void add_segment(std::size_t first, std::size_t end);
    Coordinates coordinates_for(double years) const;
    Node node_at(double years, std::size_t first) const;
    MarkedSmile smile(const Node& node, const VarianceState& state) const;
    Interpolant fit_puts(const Coordinates& coordinates, const Node& node) const;
    Interpolant fit_strikes(const Coordinates& coordinates, const Node& node, const DeltaRule& rule) const;
    const Interpolant& puts_on(std::size_t panel, std::size_t time) const;
    std::size_t panel_of(const Segment& segment, double drawn, double log_v) const;
    bool contains(const SpxStateSpan& states, std::size_t i) const;
    std::shared_ptr<const SpxMarker> marker_for(std::size_t time, const VarianceState& state) const;

    const PricingDay* day_;
    DateTime settlement_;
    const SmileResidual* residual_;
    std::vector<DateTime> times_;
    StateBox box_;
    VarianceState smallest_, largest_;
    std::vector<Segment> segments_;
    std::deque<Slice> slices_;                                     // by time
    std::map<DeltaRule, std::vector<Interpolant>> delta_strikes_;  // ln(K/F) / scale, by time
    // Exact markers by time, each made when it is first asked for, by whatever thread.
    struct ExactMarkers {
        std::mutex mutex;
        std::map<std::size_t, std::shared_ptr<const SpxMarker>> made;
    };
    std::unique_ptr<ExactMarkers> exact_;
};

}  // namespace volstorm

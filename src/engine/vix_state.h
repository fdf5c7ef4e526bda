#pragma once
#include <vector>

#include "volstorm/engine/experiment.h"

namespace volstorm {

/// The state of the model on a path of which SPX and VIX are given: m stays what it was at the entry and v takes the
/// move of VIX, as far as both stay within 0.02 to 5 times VIX^2; beyond, m gives way, so that VIX is still what it is.
/// A VIX future with 36 days left then moves 0.45 to 0.55 points for a point of VIX, one with 64 days 0.32 to 0.38 (the
/// shipped model at VIX 16 to 35), about as in the market: 0.56 with 20 to 30 days, 0.32 to 0.44 for the second future.
/// Were v to follow VIX as the state rule has it from day to day, they would move 0.93 and 0.89 points at VIX 16.
class VixState {
 public:
    /// Throws InputError where VIX does not depend on both v and m.
    explicit VixState(const Experiment& experiment);

    /// At the end of a step (from 0), from ln VIX with VIX in points.
    VarianceState at(std::size_t step, double log_vix) const;
    /// The VIX, in points, that this state has at the end of the step: other than the VIX that was asked for only where
    /// the model has no state for that.
    double vix_of(std::size_t step, const VarianceState& state) const { return vix_level(lines_[step].squared, state); }
    /// The lowest VIX, in points, that a state can have at the end of the step.
    double least_vix(std::size_t step) const;
    /// Puts the state and x into path i of the block.
    void put(std::size_t step, std::size_t i, double x, double log_vix, PathBlock& block) const;

 private:
    struct Line {
        LinearInState squared;  // VIX^2 / 10000
        double events = 0.0;    // of it: what scheduled events bring
    };
    std::vector<Line> lines_;  // by step
    double m_;                 // at the entry
};

}  // namespace volstorm

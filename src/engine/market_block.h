#pragma once
#include <array>

#include "volstorm/engine/experiment.h"

namespace volstorm {

/// The market of a block of paths at one moment. Columns are made when they are first asked for; what is asked of one
/// path is what its column would hold, to the last bit.
class MarketBlock {
 public:
    /// `block` and `step` must stay as they are until the next call.
    void take(const Experiment& experiment, const PathBlock& block, const StepConstants& step);
    /// Every path stands at the entry.
    void take_entry(const Experiment& experiment);

    bool at_entry() const { return block_ == nullptr; }
    const double* spx();  // index points
    const double* vix();  // points
    double spx(std::size_t i) const;
    double vix(std::size_t i) const;
    /// ln(S / S_entry) and VIX^2 / 10000, as the kernel has them; not at the entry.
    const float* log_return() const { return block_->x.data(); }
    const float* vix_squared();
    /// The state of path i of the block: sqrt(v + shift) of the box of states, and m.
    std::array<double, 2> state(std::size_t i) const;

 private:
    const PathBlock* block_ = nullptr;  // none: at the entry
    const StepConstants* step_ = nullptr;
    VarianceState entry_;
    double shift_ = 0.0;  // of the box of states
    double spx_at_entry_ = 0.0;
    bool has_spx_ = false, has_vix_ = false, has_squared_ = false;
    alignas(64) std::array<double, kBlockPaths> spx_, vix_;
    alignas(64) std::array<float, kBlockPaths> squared_;
};

}  // namespace volstorm

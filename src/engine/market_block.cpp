#include "market_block.h"

#include <cmath>

#include "volstorm/core/clones.h"
#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

inline float squared_vix(float v, float m, float constant, float per_v, float per_m) {
    const float vp = v > 0.0f ? v : 0.0f, mp = m > 0.0f ? m : 0.0f;
    return constant + per_v * vp + per_m * mp;
}

VOLSTORM_CLONES
void to_spx(const float* __restrict x, double spx_at_entry, double* __restrict spx) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) spx[i] = spx_at_entry * portable::exp(x[i]);
}

VOLSTORM_CLONES
void to_squared(const float* __restrict v, const float* __restrict m, const StepConstants& step,
                float* __restrict squared) {
    const float constant = step.vix_constant, per_v = step.vix_per_v, per_m = step.vix_per_m;
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) squared[i] = squared_vix(v[i], m[i], constant, per_v, per_m);
}

VOLSTORM_CLONES
void to_vix(const float* __restrict squared, double* __restrict vix) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) vix[i] = 100.0f * std::sqrt(squared[i]);
}

}  // namespace

void MarketBlock::take(const Experiment& e, const PathBlock& block, const StepConstants& step) {
    block_ = &block;
    step_ = &step;
    shift_ = e.box.shift;
    spx_at_entry_ = e.day.market.spx;
    has_spx_ = has_vix_ = has_squared_ = false;
}

void MarketBlock::take_entry(const Experiment& e) {
    spx_.fill(e.day.market.spx);
    vix_.fill(e.vix_at_entry);
    has_spx_ = has_vix_ = true;
    block_ = nullptr;
    entry_ = e.day.state;
    shift_ = e.box.shift;
}

const double* MarketBlock::spx() {
    if (!has_spx_) to_spx(block_->x.data(), spx_at_entry_, spx_.data());
    has_spx_ = true;
    return spx_.data();
}

const float* MarketBlock::vix_squared() {
    if (!has_squared_) to_squared(block_->v.data(), block_->m.data(), *step_, squared_.data());
    has_squared_ = true;
    return squared_.data();
}

const double* MarketBlock::vix() {
    if (!has_vix_) to_vix(vix_squared(), vix_.data());
    has_vix_ = true;
    return vix_.data();
}

double MarketBlock::spx(std::size_t i) const {
    return has_spx_ ? spx_[i] : spx_at_entry_ * portable::exp(static_cast<double>(block_->x[i]));
}

double MarketBlock::vix(std::size_t i) const {
    if (has_vix_) return vix_[i];
    const StepConstants& c = *step_;
    return 100.0f * std::sqrt(squared_vix(block_->v[i], block_->m[i], c.vix_constant, c.vix_per_v, c.vix_per_m));
}

std::array<double, 2> MarketBlock::state(std::size_t i) const {
    const double v = block_ == nullptr ? entry_.v : static_cast<double>(block_->v[i]);
    const double m = block_ == nullptr ? entry_.m : static_cast<double>(block_->m[i]);
    return {std::sqrt((v > 0.0 ? v : 0.0) + shift_), m > 0.0 ? m : 0.0};
}

}  // namespace volstorm

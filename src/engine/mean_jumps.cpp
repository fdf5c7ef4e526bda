#include "mean_jumps.h"

#include <cmath>

#include "random_words.h"
#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

class MeanJumpPaths final : public Generator {
 public:
    MeanJumpPaths(const PathPlan& plan, const MeanJumps& means) : plan_(plan), means_(means) {}

    void start(std::span<const std::uint64_t> paths, PathBlock& block) const override {
        start_block(plan_, paths, block);
    }

    void advance(std::size_t step, PathBlock& block) const override {
        advance_block(plan_, step, block);
        add_variance(step, block);
        if (means_.square.constant > 0.0 || means_.square.per_v > 0.0) add_diffusion(step, block);
        if (plan_.is_bar_end[step] != 0) watch_vix(plan_.steps[step], block);
    }

    std::size_t draws() const override { return 0; }
    std::vector<std::string> origin() const override { return {}; }

 private:
    // As jumps do, before the event at the step's end, which takes its share of all of v.
    void add_variance(std::size_t step, PathBlock& block) const {
        const int event = plan_.event_of_step[step];
        const float keep = event == kNoEvent ? 1.0f : plan_.events[static_cast<std::size_t>(event)].keep;
        const float dt = plan_.steps[step].dt * keep;
        const float constant = static_cast<float>(means_.variance.constant) * dt;
        const float per_v = static_cast<float>(means_.variance.per_v) * dt;
        for (std::size_t i = 0; i < kBlockPaths; ++i) block.v[i] += constant + per_v * block.positive_v[i];
    }

    void add_diffusion(std::size_t step, PathBlock& block) const {
        WordBlock words;
        const RandomKey key(plan_.seed, Stream::world);
        fill_words(key, block.number_low.data(), block.number_high.data(), static_cast<std::uint32_t>(step), 0, words);
        const float dt = plan_.steps[step].dt;
        const float constant = static_cast<float>(means_.square.constant) * dt;
        const float per_v = static_cast<float>(means_.square.per_v) * dt;
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const float variance = constant + per_v * block.positive_v[i];
            const float normal = portable::normal_pair(words.w0[i], words.w1[i]).first;
            block.x[i] += std::sqrt(variance) * normal - 0.5f * variance;
        }
    }

    const PathPlan& plan_;
    MeanJumps means_;
};

}  // namespace

MeanJumps mean_jumps(const Parameters& parameters) {
    MeanJumps means;
    for (const JumpFamily& jump : parameters.jumps) {
        const double mean = jump.mean_total_log_jump();
        const double spread = jump.variance_jump_slope * jump.mean_variance_jump;
        const double square = mean * mean + spread * spread + jump.log_jump_sd * jump.log_jump_sd;
        means.variance.constant += jump.intensity * jump.mean_variance_jump;
        means.variance.per_v += jump.intensity_per_variance * jump.mean_variance_jump;
        means.square.constant += jump.intensity * square;
        means.square.per_v += jump.intensity_per_variance * square;
    }
    return means;
}

std::unique_ptr<const Generator> paths_with_mean_jumps(const PathPlan& plan, const MeanJumps& means) {
    return std::make_unique<MeanJumpPaths>(plan, means);
}

}  // namespace volstorm

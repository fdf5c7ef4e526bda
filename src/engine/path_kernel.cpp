#include "volstorm/engine/path_kernel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "random_words.h"
#include "volstorm/core/clones.h"
#include "volstorm/engine/strata.h"
#include "volstorm/math/portable.h"

namespace volstorm {
namespace {

constexpr std::size_t kChunk = 64;  // paths that share one flag for jumps

// Two normals from two words (Box, Muller 1958).
VOLSTORM_CLONES
void box_muller(const std::uint32_t* __restrict radius_words, const std::uint32_t* __restrict angle_words,
                float* __restrict first, float* __restrict second) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const portable::NormalPair pair = portable::normal_pair(radius_words[i], angle_words[i]);
        first[i] = pair.first;
        second[i] = pair.second;
    }
}

void fill_normals(const PathPlan& plan, std::uint32_t fill, PathBlock& block) {
    const RandomKey key(plan.seed, Stream::diffusion);
    WordBlock words;
    for (std::uint32_t part = 0; part < kNormalsPerStep; ++part) {
        fill_words(key, block.number_low.data(), block.number_high.data(), fill, part, words);
        float* normals = block.normals[4 * part].data();
        box_muller(words.w0, words.w1, normals, normals + kBlockPaths);
        box_muller(words.w2, words.w3, normals + 2 * kBlockPaths, normals + 3 * kBlockPaths);
    }
}

// max(x, 0) without a comparison: g++ makes of several a tree of masks, with a root in each branch.
inline float positive_part(float x) { return 0.5f * (x + std::abs(x)); }

VOLSTORM_CLONES
void diffuse(const StepConstants& c, const float* __restrict zx, const float* __restrict zv, const float* __restrict zm,
             float* __restrict x, float* __restrict v, float* __restrict m, float* __restrict positive_v) {
    const StepConstants k = c;
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const float vp = positive_part(v[i]), mp = positive_part(m[i]);
        const float root_v = std::sqrt(vp * k.dt), root_m = std::sqrt(mp * k.dt);
        const float noise = k.sigma_v_rho * zx[i] + k.sigma_v_rest * zv[i], milstein = vp > 0.0f ? 0.25f * k.dt : 0.0f;
        x[i] = x[i] + k.x_drift + k.x_drift_per_v * vp + root_v * zx[i] + milstein * (noise * zx[i] - k.sigma_v_rho);
        v[i] = v[i] + k.kappa_v_dt * (mp - vp) + root_v * noise;
        m[i] = m[i] + k.kappa_m_dt_theta - k.reversion_m_dt * mp + k.pull_m_dt * vp + k.sigma_m * root_m * zm[i];
        positive_v[i] = vp;
    }
}

// Takes this step's hazard from the clocks; returns a bit for each chunk in which one has run out.
VOLSTORM_CLONES
std::uint32_t run_clocks(float hazard, float hazard_per_v, const float* __restrict positive_v,
                         float* __restrict clock) {
    std::uint32_t flags = 0;
    for (std::size_t chunk = 0; chunk < kBlockPaths / kChunk; ++chunk) {
        const float* __restrict v = positive_v + chunk * kChunk;
        float* __restrict left = clock + chunk * kChunk;
        std::uint32_t signs = 0;
        for (std::size_t i = 0; i < kChunk; ++i) {
            left[i] = left[i] - (hazard + hazard_per_v * v[i]);
            signs |= std::bit_cast<std::uint32_t>(left[i]);
        }
        flags |= (signs >> 31) << chunk;
    }
    return flags;
}

VOLSTORM_CLONES
void track_vix(const StepConstants& c, const float* __restrict v, const float* __restrict m, float* __restrict most) {
    const float constant = c.vix_constant, per_v = c.vix_per_v, per_m = c.vix_per_m;
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const float vp = v[i] > 0.0f ? v[i] : 0.0f, mp = m[i] > 0.0f ? m[i] : 0.0f;
        const float squared = constant + per_v * vp + per_m * mp;
        most[i] = squared > most[i] ? squared : most[i];
    }
}

VOLSTORM_CLONES
void strike_event(const EventConstants& event, const float* __restrict z, float* __restrict x, float* __restrict v) {
    const float mean = event.mean, sd = event.sd, keep = event.keep;
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        x[i] = x[i] + mean + sd * z[i];
        v[i] = v[i] * keep;
    }
}

/// What one jump draws.
struct JumpDraw {
    float exponential, normal, next_clock;
};

// Jump number `number` of a family on a path, from its words, or as a sample in strata has decided.
JumpDraw draw_jump(const Words& w, std::uint32_t number, const FirstJumps* first, std::size_t i) {
    if (first != nullptr && number == 1) {
        const float second = first->second_clock[i];
        return {first->exponential[i], first->normal[i], second > 0.0f ? second : portable::exponential(w[3]) - second};
    }
    if (first != nullptr && number == 2 && first->second_exponential[i] >= 0.0f)
        return {first->second_exponential[i], first->second_normal[i], portable::exponential(w[3])};
    return {portable::exponential(w[0]), portable::normal_pair(w[1], w[2]).first, portable::exponential(w[3])};
}

// The rare part: one path's clock of one family has run out, perhaps more than once.
void jump(const JumpConstants& family, const RandomKey& key, std::size_t i, std::size_t j, PathBlock& block) {
    const FirstJumps* first = block.first_jumps.empty() ? nullptr : &block.first_jumps[j];
    float& clock = block.clocks[j][i];
    while (clock < 0.0f) {
        const std::uint32_t number = ++block.jumps[j][i];
        const JumpDraw draw = draw_jump(key.words(block.number(i), number), number, first, i);
        const float variance_jump = family.mean_variance_jump * draw.exponential;
        block.x[i] +=
            family.mean_log_jump + family.variance_jump_slope * variance_jump + family.log_jump_sd * draw.normal;
        block.v[i] += variance_jump;
        clock += draw.next_clock;
    }
}

void jump_block(const PathPlan& plan, std::size_t j, float dt, PathBlock& block) {
    const JumpConstants& family = plan.jumps[j];
    float* clock = block.clocks[j].data();
    const std::uint32_t flags =
        run_clocks(static_cast<float>(family.intensity) * dt, static_cast<float>(family.intensity_per_variance) * dt,
                   block.positive_v.data(), clock);
    if (flags == 0) return;
    const RandomKey key(plan.seed, Stream::jump, static_cast<std::uint32_t>(j));
    for (std::size_t chunk = 0; chunk < kBlockPaths / kChunk; ++chunk) {
        if ((flags >> chunk & 1u) == 0) continue;
        for (std::size_t i = chunk * kChunk; i < (chunk + 1) * kChunk; ++i) {
            if (clock[i] < 0.0f) jump(family, key, i, j, block);
        }
    }
}

}  // namespace

void start_block(const PathPlan& plan, std::uint64_t first_path, PathBlock& block) {
    std::array<std::uint64_t, kBlockPaths> paths;
    std::iota(paths.begin(), paths.end(), first_path);
    start_block(plan, paths, block);
}

void start_block(const PathPlan& plan, std::span<const std::uint64_t> paths, PathBlock& block) {
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const std::uint64_t path = paths[std::min(i, paths.size() - 1)];
        block.number_low[i] = static_cast<std::uint32_t>(path);
        block.number_high[i] = static_cast<std::uint32_t>(path >> 32);
    }
    block.x.fill(0.0f);
    block.v.fill(plan.v0);
    block.m.fill(plan.m0);
    block.vix_squared_max.fill(0.0f);
    block.clocks.resize(plan.jumps.size());
    block.jumps.resize(plan.jumps.size());
    WordBlock words;
    for (std::size_t j = 0; j < plan.jumps.size(); ++j) {
        const RandomKey key(plan.seed, Stream::jump, static_cast<std::uint32_t>(j));
        fill_words(key, block.number_low.data(), block.number_high.data(), 0, 0, words);
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            block.clocks[j][i] = portable::exponential(words.w0[i]);
        }
        block.jumps[j].fill(0);
    }
    if (plan.strata) {
        plan.strata->start(block);
    } else {
        block.first_jumps.clear();
    }
}

void advance_block(const PathPlan& plan, std::size_t step, PathBlock& block) {
    const StepConstants& c = plan.steps[step];
    const std::size_t within = step % kStepsPerFill;
    if (within == 0) fill_normals(plan, static_cast<std::uint32_t>(step / kStepsPerFill), block);
    if (plan.strata) plan.strata->bend_step(step, block);
    const auto* normals = block.normals.data() + within * kNormalsPerStep;
    diffuse(c, normals[0].data(), normals[1].data(), normals[2].data(), block.x.data(), block.v.data(), block.m.data(),
            block.positive_v.data());
    for (std::size_t j = 0; j < plan.jumps.size(); ++j) jump_block(plan, j, c.dt, block);
    if (const int event = plan.event_of_step[step]; event != kNoEvent) {
        WordBlock words;
        std::array<float, kBlockPaths> normal, unused;
        const RandomKey key(plan.seed, Stream::event, static_cast<std::uint32_t>(event));
        fill_words(key, block.number_low.data(), block.number_high.data(), 0, 0, words);
        box_muller(words.w0, words.w1, normal.data(), unused.data());
        if (plan.strata) plan.strata->bend_event(step, normal.data(), block);
        strike_event(plan.events[static_cast<std::size_t>(event)], normal.data(), block.x.data(), block.v.data());
    }
    if (plan.is_bar_end[step] != 0) watch_vix(c, block);
}

void watch_vix(const StepConstants& step, PathBlock& block) {
    track_vix(step, block.v.data(), block.m.data(), block.vix_squared_max.data());
}

}  // namespace volstorm

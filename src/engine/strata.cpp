#include "volstorm/engine/strata.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "random_words.h"
#include "volstorm/core/clones.h"
#include "volstorm/engine/path_kernel.h"
#include "volstorm/math/portable.h"

namespace volstorm {

namespace {

using BlockWords = std::array<std::uint32_t, kBlockPaths>;
using Floats = std::array<float, kBlockPaths>;

enum Way : std::uint32_t { kSpxWay, kVarianceWay, kMeanWay, kWays };  // indices into PathBlock::ways
// What a path draws first: the ends of the ways, then what the first two jumps of each family do.
enum FamilyDimension : std::uint32_t {
    kFirstClock,
    kSecondClock,
    kSize,
    kNormal,
    kSecondSize,
    kSecondNormal,
    kFamilyDimensions
};

VOLSTORM_CLONES
void sobol_words(const std::uint32_t* __restrict gray, const std::uint32_t* __restrict directions, unsigned bits,
                 const std::uint32_t* __restrict seeds, std::uint32_t* __restrict words) {
    std::fill_n(words, kBlockPaths, 0u);
    for (unsigned bit = 0; bit < bits; ++bit) {
        const std::uint32_t direction = directions[bit];
        VOLSTORM_INDEPENDENT
        for (std::size_t i = 0; i < kBlockPaths; ++i) words[i] ^= (0u - (gray[i] >> bit & 1u)) & direction;
    }
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) words[i] = scrambled(words[i], seeds[i]);
}

VOLSTORM_CLONES
void draw_clocks(const std::uint32_t* __restrict words, const float* __restrict from,
                 const float* __restrict probability, float* __restrict clock) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const float u = portable::uniform(words[i]), part = probability[i] < 1.0f ? u * probability[i] : 0.0f;
        const float bounded = portable::exponential_quantile(part), free = 0.5f * portable::minus_two_log(u);
        clock[i] = from[i] + (probability[i] < 1.0f ? bounded : free);
    }
}

VOLSTORM_CLONES
void draw_sizes(const std::uint32_t* __restrict words, const float* __restrict low, const float* __restrict width,
                float* __restrict size) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i)
        size[i] = 0.5f * portable::minus_two_log(low[i] + width[i] * portable::uniform(words[i]));
}

VOLSTORM_CLONES
void draw_moves(const std::uint32_t* __restrict words, const float* __restrict low, const float* __restrict width,
                const float* __restrict sign, float* __restrict move) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i)
        move[i] = sign[i] * portable::lower_normal_quantile(low[i] + width[i] * portable::uniform(words[i]));
}

VOLSTORM_CLONES
void draw_normals(const std::uint32_t* __restrict words, float* __restrict normals) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) normals[i] = portable::normal_quantile(words[i]);
}

VOLSTORM_CLONES
void bend_normals(float pull, float keep, float spent, float* __restrict normals, float* __restrict rest) {
    VOLSTORM_INDEPENDENT
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        normals[i] = pull * rest[i] + keep * normals[i];
        rest[i] = rest[i] - spent * normals[i];
    }
}

// How long before the end of a window the first of two or more jumps comes: the quantile of its law at 1 - u, which
// has the odds (exp(left) - 1 - left) / (exp(window) - 1 - window). Newton's steps from the limit of short windows.
double left_after_first(double window, double u) {
    const auto beyond = [](double x) { return x < 0.35 ? x * x * portable::exp_rest(x) : portable::exp(x) - 1.0 - x; };
    const double target = u * beyond(window);
    double left = window * std::sqrt(u);
    for (int i = 0; i < 5; ++i) left -= (beyond(left) - target) / portable::expm1(left);
    return left;
}

// Normals a and b become two others: the first so that spread_a a + spread_b b is now what a was, of the whole spread.
void share_out(float spread_a, float spread_b, float& a, float& b) {
    const float both = std::sqrt(spread_a * spread_a + spread_b * spread_b);
    if (!(both > 0.0f)) return;
    const float sum = a, difference = b;
    a = (spread_a * sum + spread_b * difference) / both;
    b = (spread_b * sum - spread_a * difference) / both;
}

std::uint32_t first_dimension(std::size_t family) {
    return kWays + kFamilyDimensions * static_cast<std::uint32_t>(family);
}

// The sum of two exponentials with the probability q of a larger one, (1 + sum) exp(-sum): Newton's steps on its
// logarithm, from the limits of small and of large sums.
double sum_of_two(double q) {
    const double least = 1e-12, target = std::max(-portable::log(q), least);
    double sum = target < 0.5 ? std::sqrt(2.0 * target) : target + portable::log(1.0 + target);
    for (int i = 0; i < 6; ++i) sum += (target - (sum - portable::log(1.0 + sum))) * (1.0 + sum) / sum;
    return sum;
}

}  // namespace

/// The words that the paths of a block draw first, a dimension at a time; and where the paths belong.
class Strata::BlockDraws {
 public:
    BlockDraws(const Strata& strata, const PathBlock& block) : strata_(strata), block_(block) {
        std::uint32_t all = 0;
        for (std::size_t i = 0; i < kBlockPaths; ++i) {
            const PathPlace at = strata.place(block.number(i));
            stratum_[i] = &strata.strata_[at.stratum];
            seeds_from_[i] =
                strata.points_.dimensions() * (std::size_t{at.stratum} * strata.layout_.replicates + at.replicate);
            gray_[i] = gray_code(at.point);
            all |= gray_[i];
        }
        bits_ = static_cast<unsigned>(std::bit_width(all));
    }
    const Stratum& stratum(std::size_t i) const { return *stratum_[i]; }
    /// The words of a dimension; they stay until the next call.
    const std::uint32_t* words(std::uint32_t dimension) {
        if (strata_.method_ == SamplingMethod::hybrid) {
            for (std::size_t i = 0; i < kBlockPaths; ++i) seeds_[i] = strata_.scrambling_[seeds_from_[i] + dimension];
            sobol_words(gray_.data(), strata_.points_.reversed_directions(dimension).data(), bits_, seeds_.data(),
                        words_.data());
            return words_.data();
        }
        const std::uint32_t part = dimension / 4;
        if (part != part_) {
            const RandomKey key(strata_.seed_, Stream::strata);
            fill_words(key, block_.number_low.data(), block_.number_high.data(), 0, part, drawn_);
            part_ = part;
        }
        return std::array{drawn_.w0, drawn_.w1, drawn_.w2, drawn_.w3}[dimension % 4];
    }

 private:
    const Strata& strata_;
    const PathBlock& block_;
    std::array<const Stratum*, kBlockPaths> stratum_;
    std::array<std::size_t, kBlockPaths> seeds_from_;
    alignas(64) BlockWords gray_, seeds_, words_;
    WordBlock drawn_;
    unsigned bits_ = 0;
    std::uint32_t part_ = ~0u;  // of drawn_
};

Strata::Strata(const PathPlan& plan, SamplingMethod method, const SampleLayout& layout, std::vector<Stratum> strata)
    : method_(method),
      layout_(layout),
      strata_(std::move(strata)),
      seed_(plan.seed),
      points_(kWays + kFamilyDimensions * plan.jumps.size()) {
    if (strata_.size() > kMostStrata) throw std::invalid_argument("too many strata");
    for (const JumpConstants& family : plan.jumps) normal_spread_.push_back(family.log_jump_sd);
    place_slots();
    plan_ways(plan);
    if (method_ == SamplingMethod::hybrid) seed_points();
}

// Weights are so fine that their sum over a run still fits into 63 bits.
void Strata::place_slots() {
    const int bits = std::min(32, 62 - static_cast<int>(std::bit_width(layout_.paths())));
    unit_ = std::ldexp(1.0, -bits);
    for (std::uint32_t s = 0; s < strata_.size(); ++s) {
        const double weight = strata_[s].probability * layout_.slots / strata_[s].share;
        masses_.push_back(static_cast<std::uint64_t>(std::max(1LL, std::llround(weight / unit_))));
        for (std::uint32_t replicate = 0; replicate < layout_.replicates; ++replicate) {
            for (std::uint32_t offset = 0; offset < strata_[s].share; ++offset)
                slots_.push_back({s, replicate, offset});
        }
    }
}

PathPlace Strata::place(std::uint64_t path) const {
    const std::uint64_t round = path / slots_.size();
    const Slot& slot = slots_[path - round * slots_.size()];
    const std::uint32_t share = strata_[slot.stratum].share;
    return {slot.stratum, slot.replicate, static_cast<std::uint32_t>(round) * share + slot.offset};
}

// Given how far a way still leads, a step of it is normal: its share of the rest, and the spread of a bridge.
std::vector<Strata::Bend> Strata::bends_of(const std::vector<double>& spreads) {
    double rest = std::inner_product(spreads.begin(), spreads.end(), spreads.begin(), 0.0);
    const double scale = rest > 0.0 ? 1.0 / std::sqrt(rest) : 0.0;
    rest = rest > 0.0 ? 1.0 : 0.0;
    std::vector<Bend> bends(spreads.size());
    auto last = spreads.size();
    while (last > 0 && spreads[last - 1] == 0.0) --last;
    for (std::size_t i = 0; i < last; ++i) {
        const double spread = scale * spreads[i], left = i + 1 == last ? 0.0 : rest - spread * spread;
        bends[i] = {static_cast<float>(i + 1 == last ? 1.0 / spread : spread / rest),
                    static_cast<float>(std::sqrt(std::max(left, 0.0) / rest)), static_cast<float>(spread)};
        rest = left;
    }
    return bends;
}

void Strata::plan_ways(const PathPlan& plan) {
    std::vector<double> variance, spx;
    double v = plan.v0, m = plan.m0;
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
        const StepConstants& c = plan.steps[step];
        variance.push_back(std::sqrt(std::max(v, 0.0) * c.dt));
        spx.push_back(variance.back());
        const double mean = m;
        m += c.kappa_m_dt_theta - c.reversion_m_dt * m + c.pull_m_dt * v;
        v += c.kappa_v_dt * (mean - v);
        const int event = plan.event_of_step[step];
        const bool any = event != kNoEvent;
        spx.push_back(any ? plan.events[static_cast<std::size_t>(event)].sd : 0.0);
        if (any) v *= plan.events[static_cast<std::size_t>(event)].keep;
    }
    way_spread_ = static_cast<float>(std::sqrt(std::inner_product(spx.begin(), spx.end(), spx.begin(), 0.0)));
    const std::vector<Bend> both = bends_of(spx);
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
        spx_.push_back(both[2 * step]);
        event_.push_back(both[2 * step + 1]);
    }
    variance_ = bends_of(variance);
}

void Strata::seed_points() {
    const std::size_t dimensions = points_.dimensions();
    for (std::uint64_t place = 0; place < strata_.size() * layout_.replicates; ++place) {
        for (std::uint32_t dimension = 0; dimension < dimensions; ++dimension)
            scrambling_.push_back(RandomKey(seed_, Stream::scrambling, dimension).words(place, 0)[0]);
    }
}

// When a family jumps first, and how long after that again.
void Strata::start_clocks(std::size_t j, BlockDraws& draws, PathBlock& block) const {
    alignas(64) Floats u, from, probability;
    const std::uint32_t dimension = first_dimension(j);
    const std::uint32_t* words = draws.words(dimension + kFirstClock);
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const ClockRange& range = draws.stratum(i).clocks[j];
        from[i] = range.from, probability[i] = range.probability;
        u[i] = portable::uniform(words[i]);
    }
    auto &clock = block.clocks[j], &second = block.first_jumps[j].second_clock;
    draw_clocks(words, from.data(), probability.data(), clock.data());
    words = draws.words(dimension + kSecondClock);
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const ClockRange& range = draws.stratum(i).clocks[j];
        second[i] = 0.0f;
        if (range.kind == ClockRange::Kind::one) {
            clock[i] = range.window * u[i];
            second[i] = clock[i] - range.window;
        } else if (range.kind == ClockRange::Kind::several) {
            const double left = left_after_first(range.window, u[i]);
            clock[i] = static_cast<float>(range.window - left);
            const float within = static_cast<float>(-portable::expm1(-left));
            second[i] = portable::exponential_quantile(portable::uniform(words[i]) * within);
        }
    }
}

// How large the first jump of a family is; where there are several, the first two, of which the stratum knows the sum.
void Strata::start_sizes(std::size_t j, BlockDraws& draws, PathBlock& block) const {
    alignas(64) Floats low, width;
    FirstJumps& first = block.first_jumps[j];
    const std::uint32_t dimension = first_dimension(j);
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const Stratum& stratum = draws.stratum(i);
        const bool sized = stratum.jumping == static_cast<int>(j);
        low[i] = sized ? stratum.size.low : 0.0f, width[i] = sized ? stratum.size.width : 1.0f;
    }
    const std::uint32_t* words = draws.words(dimension + kSize);
    draw_sizes(words, low.data(), width.data(), first.exponential.data());
    for (std::size_t i = 0; i < kBlockPaths; ++i) width[i] = low[i] + width[i] * portable::uniform(words[i]);
    words = draws.words(dimension + kSecondSize);
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        first.second_exponential[i] = -1.0f;
        if (draws.stratum(i).clocks[j].kind != ClockRange::Kind::several) continue;
        const auto sum = static_cast<float>(sum_of_two(width[i]));
        first.exponential[i] = sum * portable::uniform(words[i]);
        first.second_exponential[i] = sum - first.exponential[i];
    }
    draw_normals(draws.words(dimension + kNormal), first.normal.data());
    draw_normals(draws.words(dimension + kSecondNormal), first.second_normal.data());
}

// The SPX move of a stratum is shared out between the way and the jump that belongs to it: what one has more of than
// its part, the other has less. Two jumps likewise share out theirs.
void Strata::start_ways(BlockDraws& draws, PathBlock& block) const {
    alignas(64) Floats low, width, sign;
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const NormalRange& range = draws.stratum(i).move;
        low[i] = range.low, width[i] = range.width, sign[i] = range.upper ? -1.0f : 1.0f;
    }
    auto& way = block.ways[kSpxWay];
    draw_moves(draws.words(kSpxWay), low.data(), width.data(), sign.data(), way.data());
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const Stratum& stratum = draws.stratum(i);
        if (stratum.jumping < 0) continue;
        const auto family = static_cast<std::size_t>(stratum.jumping);
        FirstJumps& first = block.first_jumps[family];
        const bool two = stratum.clocks[family].kind == ClockRange::Kind::several;
        share_out(way_spread_, normal_spread_[family] * (two ? std::sqrt(2.0f) : 1.0f), way[i], first.normal[i]);
        if (two) share_out(1.0f, 1.0f, first.normal[i], first.second_normal[i]);
    }
    if (method_ != SamplingMethod::hybrid) return;
    for (const Way end : {kVarianceWay, kMeanWay}) draw_normals(draws.words(end), block.ways[end].data());
}

void Strata::start(PathBlock& block) const {
    const std::size_t families = normal_spread_.size();
    block.first_jumps.resize(families);
    BlockDraws draws(*this, block);
    for (std::size_t j = 0; j < families; ++j) {
        start_clocks(j, draws, block);
        start_sizes(j, draws, block);
    }
    start_ways(draws, block);
}

void Strata::bend(const Bend& bend, float* normals, float* rest) {
    bend_normals(bend.pull, bend.keep, bend.spent, normals, rest);
}

void Strata::bend_step(std::size_t step, PathBlock& block) const {
    auto* normals = block.normals.data() + step % kStepsPerFill * kNormalsPerStep;
    bend(spx_[step], normals[0].data(), block.ways[kSpxWay].data());
    if (method_ != SamplingMethod::hybrid) return;
    bend(variance_[step], normals[1].data(), block.ways[kVarianceWay].data());
    bend(variance_[step], normals[2].data(), block.ways[kMeanWay].data());
}

void Strata::bend_event(std::size_t step, float* normals, PathBlock& block) const {
    bend(event_[step], normals, block.ways[kSpxWay].data());
}

}  // namespace volstorm

#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "volstorm/engine/path_block.h"
#include "volstorm/engine/sample_layout.h"
#include "volstorm/math/sobol.h"

namespace volstorm {

struct PathPlan;

/// What the first clock of a jump family is known to do in a stratum. In hazard time jumps come as a Poisson process of
/// rate one whatever the intensity does, so each of these leaves the law of paths within it exact.
struct ClockRange {
    enum class Kind : std::uint8_t {
        late,    // runs out after `from`
        early,   // runs out after `from`, within a range of this probability
        one,     // one jump by `window`
        several  // two or more by `window`
    };
    Kind kind = Kind::late;
    float from = 0.0f, probability = 1.0f, window = 0.0f;
};

/// A part of the range of a normal: probabilities from `low` to `low + width` of its lower tail, or of its upper one.
struct NormalRange {
    float low = 0.0f, width = 0.5f;
    bool upper = false;
};

/// A part of the range of an exponential, or of the sum of two: probabilities from `low` to `low + width` of its upper
/// tail.
struct SizeRange {
    float low = 0.0f, width = 1.0f;
};

/// Paths whose first jumps and SPX move begin in given ranges.
struct Stratum {
    std::string name;                // crash early, tremor late, SPX lower 0.4 to 1.5 %
    std::vector<ClockRange> clocks;  // by jump family
    int jumping = -1;                // a family that jumps, the rarest: `size` is of its first jump (of several, the
    SizeRange size;                  // sum of the first two) ...
    NormalRange move;                // ... and its normal, or theirs, is part of the move
    double probability = 1.0;
    std::uint32_t share = 1;  // slots of each replicate in a round
};

/// The strata that a plan's paths fall into: by the jumps of the two rarest families, the size of the first jump of
/// the rarest that jumps, and the SPX move. This is the sum of all normal moves of x that steps, events and that jump
/// would make were v its mean. Fewer and coarser for few slots.
std::vector<Stratum> strata_of(const PathPlan& plan, std::uint32_t slots);
inline constexpr std::size_t kMostStrata = 256;

/// Shares of `slots` in proportion to `weight`, at least one each (largest remainders).
void divide_slots(std::span<const double> weight, std::uint32_t slots, std::vector<Stratum>& strata);

/// Where a path belongs.
struct PathPlace {
    std::uint32_t stratum, replicate;
    std::uint32_t point;  // its number among the paths of the stratum and replicate
};

/// A sample in strata, made ready for the kernel: exact for intensities that depend on the state, any number of jump
/// families and of events, since only what is drawn first is restricted. Immutable.
class Strata {
 public:
    Strata(const PathPlan& plan, SamplingMethod method, const SampleLayout& layout, std::vector<Stratum> strata);

    SamplingMethod method() const { return method_; }
    const SampleLayout& layout() const { return layout_; }
    const std::vector<Stratum>& list() const { return strata_; }
    PathPlace place(std::uint64_t path) const;
    /// Of each path of a stratum, as a multiple of weight_unit(): whole, so that sums of weights are exact. The mean
    /// over a run is 1 but for rounding.
    std::span<const std::uint64_t> masses() const { return masses_; }
    double weight_unit() const { return unit_; }

    /// Draws what the strata are about for the paths of a block whose numbers are set: the first jumps of all families
    /// and the end of the SPX way; for the hybrid method also the ends of the other ways.
    void start(PathBlock& block) const;
    /// Bends the three normals of a step, so that the ways lead where they must.
    void bend_step(std::size_t step, PathBlock& block) const;
    /// The same for the normal of the event at the end of a step.
    void bend_event(std::size_t step, float* normals, PathBlock& block) const;

 private:
    // A normal z becomes pull rest + keep z, and uses up `spent` times itself of the rest of its way.
    struct Bend {
        float pull = 0.0f, keep = 1.0f, spent = 0.0f;
    };
    struct Slot {
        std::uint32_t stratum, replicate, offset;
    };
    class BlockDraws;
    void place_slots();
    void plan_ways(const PathPlan& plan);
    void seed_points();
    void start_clocks(std::size_t family, BlockDraws& draws, PathBlock& block) const;
    void start_sizes(std::size_t family, BlockDraws& draws, PathBlock& block) const;
    void start_ways(BlockDraws& draws, PathBlock& block) const;
    static void bend(const Bend& bend, float* normals, float* rest);
    static std::vector<Bend> bends_of(const std::vector<double>& spreads);

    SamplingMethod method_;
    SampleLayout layout_;
    std::vector<Stratum> strata_;
    std::uint64_t seed_;
    std::vector<float> normal_spread_;  // of the jumps of each family
    float way_spread_ = 0.0f;           // of the SPX way
    std::vector<std::uint64_t> masses_;
    double unit_ = 1.0;
    std::vector<Slot> slots_;                   // of a round
    std::vector<Bend> spx_, event_, variance_;  // by step
    SobolPoints points_;
    std::vector<std::uint32_t> scrambling_;  // by stratum, replicate, dimension
};

}  // namespace volstorm

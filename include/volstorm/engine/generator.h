#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "volstorm/core/table.h"
#include "volstorm/engine/path_kernel.h"
#include "volstorm/market/market.h"

namespace volstorm {

struct Experiment;

/// What makes the paths of a run: the model, history, or days that everybody remembers. Immutable once made, for
/// several threads call it at once, each with blocks of its own. A path depends on the seed and its number alone.
class Generator {
 public:
    virtual ~Generator() = default;
    /// Starts the paths with these numbers, at most 512 and at least one; the last fills the rest of the block.
    virtual void start(std::span<const std::uint64_t> paths, PathBlock& block) const = 0;
    /// Carries the block over step number `step` of the timeline: x, v and m at its end. Steps must be taken in order.
    virtual void advance(std::size_t step, PathBlock& block) const = 0;
    /// How many sessions of history a path draws, into PathBlock::drawn.
    virtual std::size_t draws() const = 0;
    /// What the paths are made of, in lines for people; none for the model.
    virtual std::vector<std::string> origin() const = 0;
};

/// A generator as a scenario asks for it: its settings read and checked, its files read.
struct GeneratorSpec {
    std::string_view name;               // as in registry.def
    std::optional<std::uint64_t> paths;  // how many there are, where the user does not choose it
    /// Makes it for an experiment whose day and timeline are there. `plan` (which brings the seed, and VIX as a
    /// function of the state at the end of each step) must outlive it.
    std::function<std::unique_ptr<const Generator>(const Experiment& experiment, const PathPlan& plan)> make;

    bool is_model() const { return name == "model"; }
    bool is_sample() const { return !paths; }  // of a law: its shares are odds
};

/// One line of src/engine/registry.def.
struct GeneratorEntry {
    std::string_view name;
    std::string_view summary;
    GeneratorSpec (*read)(const Table& scenario, const Market& market);
};

/// The paths of a plan by the model: what `generator = "model"` makes. `plan` must outlive it.
std::unique_ptr<const Generator> model_paths(const PathPlan& plan);

/// Every generator, in the order of registry.def, the default first.
std::span<const GeneratorEntry> generator_entries();

/// Reads `[model] generator` and what belongs to it; refuses settings of the others.
GeneratorSpec read_generator(const Table& scenario, const Market& market);

}  // namespace volstorm

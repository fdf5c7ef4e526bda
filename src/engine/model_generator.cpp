// generator = "model": the paths of the two-factor jump model, src/README.md eq. 1 and 6.
#include "volstorm/engine/experiment.h"

namespace volstorm {
namespace {

class ModelGenerator final : public Generator {
 public:
    explicit ModelGenerator(const PathPlan& plan) : plan_(plan) {}
    void start(std::span<const std::uint64_t> paths, PathBlock& block) const override {
        start_block(plan_, paths, block);
    }
    void advance(std::size_t step, PathBlock& block) const override { advance_block(plan_, step, block); }
    std::size_t draws() const override { return 0; }
    std::vector<std::string> origin() const override { return {}; }

 private:
    const PathPlan& plan_;
};

}  // namespace

std::unique_ptr<const Generator> model_paths(const PathPlan& plan) { return std::make_unique<ModelGenerator>(plan); }

GeneratorSpec model_generator(const Table&, const Market&) {
    GeneratorSpec spec;
    spec.make = [](const Experiment&, const PathPlan& plan) { return model_paths(plan); };
    return spec;
}

}  // namespace volstorm

#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "volstorm/math/interpolant.h"

namespace volstorm {

/// An interpolant at given places of its first variable: each plane is made when it is first asked for, on any thread,
/// and trimmed. Copies share their planes.
class InterpolantPlanes {
 public:
    /// `tolerance`: as Interpolant::trimmed has it.
    InterpolantPlanes(Interpolant whole, std::vector<double> places, double tolerance);

    /// The function at the first variable places[i].
    const Interpolant& plane(std::size_t i) const;

 private:
    struct Made;
    std::shared_ptr<const Made> made_;
};

}  // namespace volstorm

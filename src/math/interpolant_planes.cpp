#include "volstorm/math/interpolant_planes.h"

#include <mutex>
#include <utility>

namespace volstorm {

struct InterpolantPlanes::Made {
    struct Plane {
        std::once_flag made;
        Interpolant function;
    };
    Interpolant whole;
    std::vector<double> places;
    double tolerance;
    mutable std::vector<Plane> planes;
};

InterpolantPlanes::InterpolantPlanes(Interpolant whole, std::vector<double> places, double tolerance) {
    std::vector<Made::Plane> planes(places.size());
    made_.reset(new Made{std::move(whole), std::move(places), tolerance, std::move(planes)});
}

const Interpolant& InterpolantPlanes::plane(std::size_t i) const {
    Made::Plane& plane = made_->planes[i];
    std::call_once(plane.made,
                   [&] { plane.function = made_->whole.at_first(made_->places[i]).trimmed(made_->tolerance); });
    return plane.function;
}

}  // namespace volstorm

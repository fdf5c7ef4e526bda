#include "volstorm/math/sobol.h"

#include <boost/random/sobol.hpp>

namespace volstorm {

// The engine that is seeded with i stands at the point whose Gray code is that of i + 1: one bit alone where i + 1 has
// all lower bits set.
SobolPoints::SobolPoints(std::size_t dimensions) : directions_(dimensions) {
    boost::random::sobol_engine<std::uint32_t, kBits> engine(dimensions);
    for (std::size_t bit = 0; bit < kBits; ++bit) {
        engine.seed(static_cast<std::uint32_t>((std::uint64_t{2} << bit) - 2));
        for (auto& directions : directions_) directions[bit] = reversed_bits(engine());
    }
}

std::uint32_t SobolPoints::coordinate(std::uint32_t point, std::size_t dimension) const {
    std::uint32_t x = 0;
    for (std::size_t bit = 0; bit < kBits; ++bit)
        x ^= (gray_code(point) >> bit & 1u) != 0 ? directions_[dimension][bit] : 0u;
    return reversed_bits(x);
}

}  // namespace volstorm

#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace volstorm {

/// Low-discrepancy points (Sobol 1967), from Boost.Random's direction numbers (Joe, Kuo 2008), each by its index: so
/// any number of blocks can take theirs. Coordinates are integers, to be read as multiples of 2^-32.
class SobolPoints {
 public:
    static constexpr std::size_t kBits = 32;

    explicit SobolPoints(std::size_t dimensions);
    std::size_t dimensions() const { return directions_.size(); }
    /// What each bit of a point's Gray code adds (exclusive or) to a coordinate; the bits of all are reversed.
    const std::array<std::uint32_t, kBits>& reversed_directions(std::size_t dimension) const {
        return directions_[dimension];
    }
    /// Coordinate of a point; point 0 is the origin. In the order of Boost.Random, whose first point is this one's 1.
    std::uint32_t coordinate(std::uint32_t point, std::size_t dimension) const;

 private:
    std::vector<std::array<std::uint32_t, kBits>> directions_;
};

/// The Gray code of a number.
constexpr std::uint32_t gray_code(std::uint32_t n) { return n ^ (n >> 1); }

constexpr std::uint32_t reversed_bits(std::uint32_t x) {
    x = (x >> 1 & 0x55555555u) | (x & 0x55555555u) << 1;
    x = (x >> 2 & 0x33333333u) | (x & 0x33333333u) << 2;
    x = (x >> 4 & 0x0F0F0F0Fu) | (x & 0x0F0F0F0Fu) << 4;
    x = (x >> 8 & 0x00FF00FFu) | (x & 0x00FF00FFu) << 8;
    return x >> 16 | x << 16;
}

/// Nested uniform scrambling of one coordinate (Owen 1995) by a hash (Laine, Karras 2011; Burley 2020): `reversed` has
/// its bits reversed. Each seed permutes the halves of every dyadic interval in its own way.
constexpr std::uint32_t scrambled(std::uint32_t reversed, std::uint32_t seed) {
    std::uint32_t x = reversed;
    x ^= x * 0x3D20ADEAu;
    x += seed;
    x *= (seed >> 16) | 1u;
    x ^= x * 0x05526C56u;
    x ^= x * 0x53A22864u;
    return reversed_bits(x);
}

}  // namespace volstorm

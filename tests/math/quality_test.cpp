// The normals of the diffusion stream, as the path kernel takes them: their law and their independence. A small sample
// in the quick tier, a thousand million draws in the long one. Seeds are fixed, so a test that passes once passes
// always.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "volstorm/math/normal.h"
#include "volstorm/math/portable.h"
#include "volstorm/math/special.h"
#include "volstorm/math/threefry.h"

using namespace volstorm;

namespace {

constexpr std::uint32_t kFills = 20, kParts = 3;  // of a session of 78 steps: four steps a fill, three calls a fill
constexpr std::uint64_t kNormalsOfPath = kFills * kParts * 4;

using Normals = std::array<float, 4>;

Normals normals_at(const RandomKey& key, std::uint64_t path, std::uint32_t draw, std::uint32_t part) {
    const Words w = key.words(path, draw, part);
    const portable::NormalPair one = portable::normal_pair(w[0], w[1]), two = portable::normal_pair(w[2], w[3]);
    return {one.first, one.second, two.first, two.second};
}

template <class Use>
void for_each_normal(std::uint64_t seed, std::uint64_t paths, const Use& use) {
    const RandomKey key(seed, Stream::diffusion);
    for (std::uint64_t path = 0; path < paths; ++path) {
        for (std::uint32_t fill = 0; fill < kFills; ++fill) {
            for (std::uint32_t part = 0; part < kParts; ++part) {
                for (const float z : normals_at(key, path, fill, part)) use(z);
            }
        }
    }
}

// Counts of normals in bins of 1/4096 from -7 to 7, beyond which no normal of ours lies. At 1e9 draws a bin in the
// middle holds 1e5 of them: float's rounding at the edges of bins, 1e-8 of all, does not show.
class Histogram {
 public:
    static constexpr int kBinsOfUnit = 4096, kReach = 7;
    static constexpr std::size_t kBins = 2 * kReach * kBinsOfUnit;

    void add(float z) {
        ++counts_[static_cast<std::size_t>((static_cast<double>(z) + kReach) * kBinsOfUnit)];
        ++total_;
    }
    double total() const { return static_cast<double>(total_); }
    double count(std::size_t bin) const { return static_cast<double>(counts_[bin]); }
    static double law(std::size_t edge) {
        return normal_distribution(static_cast<double>(edge) / kBinsOfUnit - kReach);
    }
    std::uint64_t beyond(double sd) const {
        const auto bins = static_cast<std::size_t>((kReach - sd) * kBinsOfUnit);
        std::uint64_t sum = 0;
        for (std::size_t bin = 0; bin < bins; ++bin) sum += counts_[bin] + counts_[kBins - 1 - bin];
        return sum;
    }

 private:
    std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(kBins);
    std::uint64_t total_ = 0;
};

// Neighbouring bins are taken together until they expect 20 draws.
double chi_square_p(const Histogram& h) {
    double statistic = 0.0, expected = 0.0, counted = 0.0;
    int cells = 0;
    for (std::size_t bin = 0; bin < Histogram::kBins; ++bin) {
        expected += h.total() * (Histogram::law(bin + 1) - Histogram::law(bin));
        counted += h.count(bin);
        const double left = h.total() * (1.0 - Histogram::law(bin + 1));
        if (expected < 20.0 || (left < 20.0 && bin + 1 < Histogram::kBins)) continue;
        statistic += (counted - expected) * (counted - expected) / expected;
        expected = counted = 0.0;
        ++cells;
    }
    return chi_square_tail(statistic, cells - 1);
}

// The largest distance at the edges of the bins. It is at most the one over all points, so p is a little too large: the
// test rejects no more often than it says. Between two edges the distance strays by sqrt(1e-4 / n) at most, about 1 %.
double kolmogorov_distance(const Histogram& h) {
    double below = 0.0, distance = 0.0;
    for (std::size_t bin = 0; bin < Histogram::kBins; ++bin) {
        below += h.count(bin);
        distance = std::max(distance, std::abs(below / h.total() - Histogram::law(bin + 1)));
    }
    return distance;
}
double kolmogorov_p(const Histogram& h) {
    return kolmogorov_tail(kolmogorov_distance(h), static_cast<std::uint64_t>(h.total()));
}

// P(A^2 < z) of Anderson and Darling's statistic for a law that is known and a large sample, to 2e-6 (Marsaglia,
// Marsaglia 2004).
double anderson_darling_law(double z) {
    if (z < 2.0) {
        const double p = 2.00012 + (0.247105 - (0.0649821 - (0.0347962 - (0.011672 - 0.00168691 * z) * z) * z) * z) * z;
        return std::exp(-1.2337141 / z) / std::sqrt(z) * p;
    }
    return std::exp(
        -std::exp(1.0776 - (2.30695 - (0.43424 - (0.082433 - (0.008056 - 0.0003146 * z) * z) * z) * z) * z));
}

// A^2 = n times the integral of (F_n - F)^2 / (F (1 - F)) dF, from the histogram itself: F_n - F is taken as linear
// between the edges of a bin. What it does inside a bin adds p / (6 F (1 - F)) of the bin's probability p on average,
// 1e-4 in all (where the mean of A^2 is 1); the tails beyond the bins add n F(-7), 1e-3 at n = 1e9. So no draws need to
// be sorted, and no blocks combined.
double anderson_darling(const Histogram& h) {
    double below = 0.0, last = 0.0, statistic = 0.0;
    for (std::size_t bin = 0; bin < Histogram::kBins; ++bin) {
        below += h.count(bin);
        const double low = Histogram::law(bin), high = Histogram::law(bin + 1), middle = 0.5 * (low + high);
        const double next = below / h.total() - high;
        const double square = (last * last + last * next + next * next) / 3.0;
        // 1 - F from the other side: at +7 it would be lost in 1.
        const double above =
            0.5 * (Histogram::law(Histogram::kBins - bin) + Histogram::law(Histogram::kBins - bin - 1));
        statistic += square * (high - low) / (middle * above);
        last = next;
    }
    return h.total() * statistic;
}
double anderson_darling_p(const Histogram& h) { return 1.0 - anderson_darling_law(anderson_darling(h)); }

// P(a Poisson count is at most, at least k).
double poisson_at_most(std::uint64_t k, double mean) {
    return chi_square_tail(2.0 * mean, 2.0 * static_cast<double>(k) + 2.0);
}
double poisson_at_least(std::uint64_t k, double mean) { return k == 0 ? 1.0 : 1.0 - poisson_at_most(k - 1, mean); }

void check_law(std::uint64_t seed, std::uint64_t draws) {
    Histogram h;
    for_each_normal(seed, draws / kNormalsOfPath, [&](float z) { h.add(z); });
    const double chi_square = chi_square_p(h), kolmogorov = kolmogorov_p(h), anderson = anderson_darling_p(h);
    std::string report = "seed " + std::to_string(seed) + ", " + std::to_string(draws) + " draws: p of chi-square " +
                         std::to_string(chi_square) + ", Kolmogorov " + std::to_string(kolmogorov) +
                         ", Anderson-Darling " + std::to_string(anderson);
    for (const double p : {chi_square, kolmogorov, anderson}) {
        CHECK(p > 0.001);
        CHECK(p < 0.999);
    }
    for (const double sd : {4.0, 4.5, 5.0, 5.5, 6.0}) {
        const double expected = 2.0 * normal_distribution(-sd) * h.total();
        const std::uint64_t found = h.beyond(sd);
        report +=
            "; beyond " + std::to_string(sd) + ": " + std::to_string(found) + ", expected " + std::to_string(expected);
        CAPTURE(sd, found, expected);
        CHECK(poisson_at_most(found, expected) > 0.0005);
        CHECK(poisson_at_least(found, expected) > 0.0005);
    }
    WARN(report);
}

// Where a number stands: what a pair of neighbours differs in.
struct Place {
    std::uint64_t seed = 2;
    Stream stream = Stream::diffusion;
    std::uint32_t index = 0;
    std::uint64_t path = 0;
    std::uint32_t draw = 0, part = 0;
    std::size_t shift = 0;  // among the four normals of a call
};
struct Neighbour {
    const char* name;
    Place place;
};

// Distance from zero, in standard errors, of two correlations: of the normals, and of their squares. Both products have
// mean 0 and variance 1 where the normals are independent, so the standard error of a mean over n is 1 / sqrt(n).
struct Correlations {
    double of_normals, of_squares;
};
Correlations correlate(const Place& other, std::uint64_t draws) {
    const std::size_t pairs = other.shift == 2 ? 2 : 4;  // of a call; two on and two on again is where it began
    const RandomKey here(Place{}.seed, Stream::diffusion), there(other.seed, other.stream, other.index);
    double normals = 0.0, squares = 0.0;
    std::uint64_t n = 0;
    for (std::uint64_t path = 0; n < draws; ++path) {
        for (std::uint32_t fill = 0; fill < kFills; ++fill) {
            for (std::uint32_t part = 0; part < kParts; ++part) {
                const Normals a = normals_at(here, path, fill, part),
                              b = normals_at(there, path + other.path, fill + other.draw, part + other.part);
                for (std::size_t i = 0; i < pairs; ++i) {
                    const double x = a[i], y = b[(i + other.shift) % 4];
                    normals += x * y;
                    squares += 0.5 * (x * x - 1.0) * (y * y - 1.0);
                }
                n += pairs;
            }
        }
    }
    const double root = std::sqrt(static_cast<double>(n));
    return {normals / root, squares / root};
}

const std::vector<Neighbour> kNeighbours{
    {"the next path", {.path = 1}},
    {"two paths on", {.path = 2}},
    {"the same place of the next block", {.path = 512}},
    {"the path 2^32 on", {.path = 1ull << 32}},
    {"the next fill of four steps", {.draw = 1}},
    {"two fills on", {.draw = 2}},
    {"the next call of a fill", {.part = 1}},
    {"the next normal of a call", {.shift = 1}},
    {"two normals on", {.shift = 2}},
    {"the next path and fill", {.path = 1, .draw = 1}},
    {"the next seed", {.seed = 3}},
    {"a seed without its only bit", {.seed = 0}},
    {"the seed 2^32 on", {.seed = 2 + (1ull << 32)}},
    {"the highest bit of the seed", {.seed = 2 + (1ull << 63)}},
    {"the stream of jumps", {.stream = Stream::jump}},
    {"the stream of jumps, second family", {.stream = Stream::jump, .index = 1}},
    {"the stream of events", {.stream = Stream::event}},
    {"the stream of bridges", {.stream = Stream::bridge}},
    {"the stream of resampling", {.stream = Stream::resampling}},
    {"the stream of history", {.stream = Stream::history}},
    {"the stream of another world", {.stream = Stream::world}},
};

// 42 distances: one of them is beyond 4.5 by chance in 3,500 such sets.
void check_independence(std::uint64_t draws) {
    double largest = 0.0;
    for (const Neighbour& neighbour : kNeighbours) {
        const Correlations found = correlate(neighbour.place, draws);
        CAPTURE(neighbour.name, found.of_normals, found.of_squares);
        CHECK(std::abs(found.of_normals) < 4.5);
        CHECK(std::abs(found.of_squares) < 4.5);
        largest = std::max({largest, std::abs(found.of_normals), std::abs(found.of_squares)});
    }
    WARN("largest of 42 correlations of " << draws << " normals: " << largest << " standard errors of "
                                          << 1.0 / std::sqrt(static_cast<double>(draws)));
}

}  // namespace

TEST_CASE("normals of the diffusion stream follow the normal law, into the tails") { check_law(1, 10'000'000); }

TEST_CASE("normals of neighbouring paths, steps, seeds and streams are uncorrelated") { check_independence(500'000); }

TEST_CASE("a thousand million normals follow the normal law", "[.long]") {
    check_law(1, 1'000'000'000);
    check_law(2, 1'000'000'000);
}

TEST_CASE("fifty million normals and their neighbours are uncorrelated", "[.long]") { check_independence(50'000'000); }

TEST_CASE("distances of a histogram are those of the sorted draws") {
    Histogram h;
    std::vector<double> draws;
    for_each_normal(6, 1'000'000 / kNormalsOfPath, [&](float z) {
        h.add(z);
        draws.push_back(z);
    });
    std::sort(draws.begin(), draws.end());
    const double n = h.total();
    double distance = 0.0, sum = 0.0;
    for (std::size_t i = 0; i < draws.size(); ++i) {
        const double p = normal_distribution(draws[i]), rank = static_cast<double>(i);
        distance = std::max({distance, p - rank / n, (rank + 1.0) / n - p});
        sum += (2.0 * rank + 1.0) * (std::log(p) + std::log(normal_distribution(-draws[draws.size() - 1 - i])));
    }
    CHECK(std::abs(kolmogorov_distance(h) - distance) < 0.03 / std::sqrt(n));
    CHECK(kolmogorov_distance(h) <= distance);
    CHECK(std::abs(anderson_darling(h) - (-n - sum / n)) < 0.005);
}

TEST_CASE("the tests of the law find what is wrong: sd, mean, lattice, missing tail") {
    const auto p_values = [](const auto& change) {
        Histogram h;
        for_each_normal(5, 10'000'000 / kNormalsOfPath, [&](float z) { h.add(static_cast<float>(change(z))); });
        return std::array{chi_square_p(h), kolmogorov_p(h), anderson_darling_p(h),
                          poisson_at_most(h.beyond(5.0), 5.73)};
    };
    const auto wide = p_values([](double z) { return 1.002 * z; });
    CHECK(wide[1] < 0.01);
    CHECK(wide[2] < 0.001);
    const auto shifted = p_values([](double z) { return z + 0.002; });
    CHECK(shifted[1] < 0.001);
    CHECK(shifted[2] < 0.001);
    const auto coarse = p_values([](double z) { return std::round(z * 2048.0) / 2048.0; });
    CHECK(coarse[0] < 0.001);
    CHECK(p_values([](double z) { return std::clamp(z, -4.9, 4.9); })[3] < 0.005);
}

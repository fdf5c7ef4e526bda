#include "volstorm/math/kernel_weights.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace volstorm;

TEST_CASE("equal weights are worth all sessions, one alone is worth one") {
    CHECK(effective_size(std::vector<double>(40, 0.3)) == Approx(40.0));
    CHECK(effective_size(std::vector<double>{0.0, 2.0, 0.0}) == 1.0);
    CHECK(effective_size(std::vector<double>{1.0, 3.0}) == Approx(16.0 / 10.0));
    CHECK(effective_size(std::vector<double>(3, 0.0)) == 0.0);
}

TEST_CASE("the kernel has the smallest bandwidth that leaves as many as asked for, and unknown distances no weight") {
    std::vector<double> distances;
    for (int i = 0; i < 1'000; ++i) distances.push_back(i % 4 == 0 ? NAN : 1e-6 * i * i);
    for (const double wanted : {2.0, 50.0, 700.0}) {
        const KernelWeights kernel = kernel_weights(distances, wanted);
        CHECK(effective_size(kernel.weight) == Approx(wanted).epsilon(1e-9));
        CHECK(kernel.weight[1] == 1.0);
        CHECK(kernel.weight[0] == 0.0);
        const double h2 = 2.0 * kernel.bandwidth * kernel.bandwidth;
        CHECK(kernel.weight[501] == Approx(std::exp((distances[1] - distances[501]) / h2)));
    }
}

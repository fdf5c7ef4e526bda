#include <catch2/catch.hpp>
#include <cmath>

#include "calibration/nist_strd.h"

namespace volstorm {

TEST_CASE("NIST's certified parameters and standard deviations, from both starts") {
    const NistProblem nist = GENERATE(misra1a(), thurber(), mgh09(), eckerle4());
    for (const std::vector<double>& start : nist.starts) {
        const Fit fit = least_squares(as_problem(nist, start), {.tolerance = 1e-15});
        CAPTURE(nist.name, start, to_string(fit.stop), fit.iterations, fit.evaluations);
        CHECK(fit.cost == Approx(nist.sum_of_squares).epsilon(1e-9));
        for (std::size_t i = 0; i < start.size(); ++i) {
            CHECK(fit.parameters[i] == Approx(nist.certified[i]).epsilon(1e-6));
            CHECK(fit.standard_errors[i] == Approx(nist.standard_errors[i]).epsilon(1e-6));
        }
    }
}

}  // namespace volstorm

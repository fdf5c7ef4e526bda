#include <catch2/catch.hpp>
#include <map>

#include "short_run.h"
#include "volstorm/model/mean_variance.h"

using namespace volstorm;
using namespace short_run;

namespace {

// One session from open to close, without a gap, of a variance that returns fast: the error of the time step shows.
Mean mean_variance_at_close(int bars, std::size_t paths, double& exact) {
    const std::string text =
        "[market]\ntime = 2025-06-17T09:30:00\nspx = 6000.0\nvariance = 0.09\nvariance_mean = 0.01\n"
        "[model]\novernight_share = 0.0\n[model.pricing]\nkappa_v = 400.0\nsigma_v = 1.5\nrho = -0.7\n"
        "[condor]\nexpiry = 2025-06-17\nshort_points = 100\nwing_width = 25.0\n[sampling]\nseed = 5\nmethod = "
        "\"plain\"\nbars = " +
        std::to_string(bars) + "\n";
    const auto e = volstorm::prepare(parse_scenario(text, "test.toml"));
    const double years = e->day.variance_time(e->day.market.time, e->horizon()).value;
    // VIX^2 is linear in v: its mean is known exactly.
    const LinearInState vix = e->day.vix_squared_at(e->horizon());
    const MeanVariance mean = volstorm::mean_variance(e->day.model.physical, years);
    exact = 1e4 * compose(vix, mean.v, mean.m)(e->day.state);
    Mean found;
    run_pieces(*e, paths, [&](const PathColumns& c) {
        for (const float end : c.vix_end) found.add(static_cast<double>(end) * end);
    });
    return found;
}

void check_order(const std::vector<int>& bars, std::size_t paths) {
    double exact = 0.0;
    std::map<int, Mean> means;
    for (const int count : bars) means.emplace(count, mean_variance_at_close(count, paths, exact));
    const double first = means.at(bars[0]).value() - exact;
    REQUIRE(std::abs(first) > 10.0 * means.at(bars[0]).error());  // else there is nothing to see
    for (const auto& [count, mean] : means) {
        const double expected = first * bars[0] / count;
        CAPTURE(count, mean.value() - exact, expected, mean.error());
        CHECK(std::abs(mean.value() - exact - expected) < 4.0 * mean.error() + 0.1 * std::abs(expected));
    }
}

}  // namespace

TEST_CASE("the error of the mean VIX^2 falls as one over the bars") { check_order({13, 26, 78}, 200'000); }

TEST_CASE("the error of the mean VIX^2 falls as one over the bars: to 390 of them", "[.long]") {
    check_order({13, 26, 78, 156, 390}, 2'000'000);
}

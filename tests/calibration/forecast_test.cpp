#include "volstorm/calibration/forecast.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "calibration/forecast_model.h"

using namespace volstorm;

namespace {

// Largest distance between the distribution functions of a law and of a sample.
double distance(const QuantileLaw& law, std::vector<double> sample) {
    std::ranges::sort(sample);
    const auto n = static_cast<double>(sample.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < sample.size(); ++i)
        largest = std::max(largest, std::abs(law.pit(sample[i]).low - static_cast<double>(i) / n));
    return largest;
}

struct Distances {
    double spx, vix;
};

// Interpolated laws against sessions from the very VIX close, of as many paths each.
Distances from_exact(double vix, std::size_t paths) {
    const auto executor = make_thread_executor(2);
    const ModelInput model = forecasts::model();
    const NextDayLaws laws(model, std::vector{vix}, {paths, 3}, *executor);
    OneDaySample exact = simulate_sessions(model, std::vector(5, vix), paths / 5, 99, *executor);
    for (double& change : exact.vix_change) change = std::log1p(change / vix);
    return {distance(laws.spx_return(vix), exact.spx_return), distance(laws.vix_log_change(vix), exact.vix_change)};
}

}  // namespace

TEST_CASE("a law lies between two samples, rank by rank") {
    const std::vector below{1.0, 2.0, 2.0, 3.0}, above{2.0, 4.0, 4.0, 8.0};
    const QuantileLaw law(below, above, 0.25, 2.0);
    std::vector<double> values;
    for (std::size_t rank = 0; rank < law.size(); ++rank) values.push_back(law.at(rank));
    CHECK(values == std::vector{2.5, 5.0, 5.0, 8.5});
    CHECK(law.quantile(0.2) == 2.5);
    CHECK(law.quantile(0.999) == 8.5);
    for (const double outcome : {0.0, 2.5, 3.0, 5.0, 8.5, 9.0}) {
        CHECK(law.pit(outcome).low == pit_interval(values, outcome).low);
        CHECK(law.pit(outcome).high == pit_interval(values, outcome).high);
    }
}

TEST_CASE("a forecast does not depend on what other forecasts are made, nor on threads") {
    const auto one = make_thread_executor(1), two = make_thread_executor(2);
    const ModelInput model = forecasts::model();
    const NextDayLaws alone(model, std::vector{18.2}, {2560, 5}, *one);
    const NextDayLaws among(model, std::vector{12.0, 17.9, 18.2, 40.0}, {2560, 5}, *two);
    const QuantileLaw a = alone.spx_return(18.2), b = among.spx_return(18.2);
    const QuantileLaw c = alone.vix_log_change(18.2), d = among.vix_log_change(18.2);
    bool same = a.size() == b.size();
    for (std::size_t rank = 0; same && rank < a.size(); ++rank)
        same = a.at(rank) == b.at(rank) && c.at(rank) == d.at(rank);
    CHECK(same);
    CHECK_THROWS_AS(alone.spx_return(40.0), std::out_of_range);
    CHECK_THROWS_AS(NextDayLaws(model, std::vector{18.2}, {1000, 5}, *one), std::invalid_argument);
}

TEST_CASE("levels are simulated apart from each other") {
    const auto executor = make_thread_executor(2);
    const NextDayLaws laws(forecasts::model(), std::vector{20.0, 30.0}, {2560, 5}, *executor);
    CHECK(laws.spx_return(20.0).at(7) / 20.0 != laws.spx_return(30.0).at(7) / 30.0);
}

TEST_CASE("interpolated laws are those of the very VIX close") {
    // Smirnov's distance of two samples: at 1.95 sqrt(2 / n) a right law is rejected once in a thousand.
    const std::size_t n = 20'480;
    for (const double vix : {13.37, 27.9}) {
        const Distances d = from_exact(vix, n);
        CHECK(d.spx < 1.95 * std::sqrt(2.0 / static_cast<double>(n)));
        CHECK(d.vix < 1.95 * std::sqrt(2.0 / static_cast<double>(n)));
    }
}

TEST_CASE("interpolated laws of a million paths", "[.long]") {
    const std::size_t n = 1'024'000;
    double largest = 0.0;
    for (const double vix : {10.15, 14.07, 16.0, 23.5, 33.3, 60.6}) {
        const Distances d = from_exact(vix, n);
        UNSCOPED_INFO("VIX " << vix << ": SPX " << d.spx << ", VIX " << d.vix);
        largest = std::max({largest, d.spx, d.vix});
    }
    CHECK(largest < 1.95 * std::sqrt(2.0 / static_cast<double>(n)));
}

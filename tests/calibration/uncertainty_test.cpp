#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <random>

#include "calibration/problems.h"

namespace volstorm {
namespace {

constexpr int kProblems = 300;

/// Mean and deviation of (estimate - truth) / standard error.
struct Scores {
    double sum = 0.0, squares = 0.0;
    int count = 0;
    void add(double z) { sum += z, squares += z * z, ++count; }
    double mean() const { return sum / count; }
    double sd() const { return std::sqrt(squares / count - mean() * mean()); }
};

void check(const Scores& z, const std::string& name) {
    std::cout << name << ", " << z.count << " problems: mean " << z.mean() << ", deviation " << z.sd() << '\n';
    CHECK(std::abs(z.mean()) < 4.0 * z.sd() / std::sqrt(z.count));
    CHECK(z.sd() > 0.85);
    CHECK(z.sd() < 1.15);
}

/// Scores of every parameter over many fits.
template <class MakeProblem>
void check_scores(const std::string& name, std::span<const double> truth, const LeastSquaresOptions& options,
                  MakeProblem make) {
    std::vector<Scores> scores(truth.size());
    for (int k = 1; k <= kProblems; ++k) {
        const Fit fit = least_squares(make(static_cast<std::uint64_t>(k)), options);
        for (std::size_t i = 0; i < truth.size(); ++i) {
            scores[i].add((fit.parameters[i] - truth[i]) / fit.standard_errors[i]);
        }
    }
    for (std::size_t i = 0; i < truth.size(); ++i) check(scores[i], name + " " + "abcd"[i]);
}

std::vector<double> noisy_decay(std::span<const double> truth, std::uint64_t seed) {
    std::vector<double> y = normals(50, seed);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = decay(truth, i) + 0.05 * y[i];
    return y;
}

}  // namespace

TEST_CASE("a straight line has the standard errors of the textbook") {
    const std::vector<double> y{1.0, 3.0, 2.0, 5.0, 4.0, 7.0};
    // Sums over x = 0 to 5: n = 6, mean 2.5, sum (x - 2.5)^2 = 17.5.
    const Fit fit = least_squares(line(y));
    const double slope = 36.0 / 35.0;  // sum (x - 2.5) y / 17.5 = 18 / 17.5
    CHECK(fit.parameters[1] == Approx(slope).epsilon(1e-9));
    CHECK(fit.parameters[0] == Approx(22.0 / 6.0 - 2.5 * slope).epsilon(1e-9));
    const double variance = fit.cost / 4.0;
    CHECK(fit.residual_variance == Approx(variance));
    CHECK(fit.standard_errors[1] == Approx(std::sqrt(variance / 17.5)).epsilon(1e-8));
    CHECK(fit.standard_errors[0] == Approx(std::sqrt(variance * (1.0 / 6.0 + 6.25 / 17.5))).epsilon(1e-8));
    CHECK(fit.covariance[0][1] == Approx(-variance * 2.5 / 17.5).epsilon(1e-8));
    CHECK(fit.correlation[0][1] == Approx(-2.5 / std::sqrt(17.5 / 6.0 + 6.25)).epsilon(1e-8));
    CHECK(fit.correlation[1][1] == 1.0);
    // Columns of length one with the cosine c = 15 / sqrt(6 times 55): singular values sqrt(1 +- c).
    const double c = 15.0 / std::sqrt(330.0);
    CHECK(fit.singular_values[0] == Approx(std::sqrt(1.0 + c)));
    CHECK(fit.condition_number == Approx(std::sqrt((1.0 + c) / (1.0 - c))));
    CHECK(least_squares(line(y), {.residual_variance = 4.0}).standard_errors[1] ==
          Approx(std::sqrt(4.0 / 17.5)).epsilon(1e-8));
}

TEST_CASE("standard errors do not depend on how a parameter is bounded") {
    LeastSquaresProblem problem = decay_problem(noisy_decay(std::vector{2.0, 1.5, 0.5}, 7));
    const Fit fit = least_squares(problem);
    for (FitParameter& p : problem.parameters) p.low = -20.0, p.high = 20.0;
    const Fit between = least_squares(problem);
    for (FitParameter& p : problem.parameters) p.low = -1e300 * 1e300;
    const Fit below = least_squares(problem);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(between.parameters[i] == Approx(fit.parameters[i]).epsilon(1e-6));
        CHECK(between.standard_errors[i] == Approx(fit.standard_errors[i]).epsilon(1e-6));
        CHECK(below.standard_errors[i] == Approx(fit.standard_errors[i]).epsilon(1e-6));
        CHECK(below.correlation[0][i] == Approx(fit.correlation[0][i]).epsilon(1e-6));
    }
}

TEST_CASE("(estimate - truth) / standard error is standard normal: lines, variance estimated or known") {
    const std::vector<double> truth{1.0, 0.5};
    const auto make = [&](std::uint64_t seed) {
        std::vector<double> y = normals(40, seed);
        for (std::size_t i = 0; i < y.size(); ++i) y[i] = 2.0 * y[i] + 1.0 + 0.5 * static_cast<double>(i);
        return line(y);
    };
    check_scores("line", truth, {}, make);
    check_scores("line, variance known", truth, {.residual_variance = 4.0}, make);
}

TEST_CASE("(estimate - truth) / standard error is standard normal: exponential decay within bounds") {
    const std::vector<double> truth{2.0, 1.5, 0.5};
    check_scores("decay", truth, {}, [&](std::uint64_t seed) { return decay_problem(noisy_decay(truth, seed)); });
}

TEST_CASE("(estimate - truth) / standard error is standard normal: robust losses with heavy tails") {
    const std::vector<double> truth{1.0, 0.5};
    const auto make = [&](std::uint64_t seed) {
        std::mt19937_64 generator(seed);
        std::student_t_distribution<double> noise(2.5);
        std::vector<double> y(60);
        for (std::size_t i = 0; i < y.size(); ++i) y[i] = noise(generator) + 1.0 + 0.5 * static_cast<double>(i);
        return line(y);
    };
    check_scores("line, Huber", truth, {.loss = Loss::huber, .loss_scale = 1.5}, make);
    check_scores("line, soft L1", truth, {.loss = Loss::soft_l1, .loss_scale = 1.5}, make);
}

TEST_CASE("parameters that the data cannot tell apart have no standard error, and are named") {
    LeastSquaresProblem product = line(normals(20, 2));
    product.parameters = {{.name = "a", .start = 2.0}, {.name = "b", .start = 2.0}, {.name = "c", .start = 1.0}};
    product.evaluate = [y = normals(20, 2)](std::span<const double> p, std::span<double> r) {
        for (std::size_t i = 0; i < r.size(); ++i)
            r[i] = p[0] * p[1] * static_cast<double>(i) + p[2] - y[i] - 3.0 * static_cast<double>(i);
    };
    const Fit fit = least_squares(product);
    CHECK(fit.parameters[0] * fit.parameters[1] == Approx(3.0).margin(0.2));
    CHECK(fit.condition_number > 1e9);
    CHECK(std::isnan(fit.standard_errors[0]));
    CHECK(std::abs(fit.weakest_direction[0]) == Approx(std::sqrt(0.5)).epsilon(1e-3));
    CHECK(fit.weakest_direction[0] == Approx(-fit.weakest_direction[1]).epsilon(1e-3));
    CHECK(std::abs(fit.weakest_direction[2]) < 1e-3);
}

TEST_CASE("the profile of a line is the parabola of its standard error") {
    const LeastSquaresProblem problem = line(normals(30, 8));
    const Fit fit = least_squares(problem);
    std::vector<double> grid;
    for (const double z : {3.0, -2.0, 0.0, 1.0, -0.5}) grid.push_back(fit.parameters[1] + z * fit.standard_errors[1]);
    const std::vector<ProfilePoint> points = profile(problem, fit, 1, grid);
    for (std::size_t i = 0; i < grid.size(); ++i) {
        const double z = (grid[i] - fit.parameters[1]) / fit.standard_errors[1];
        CHECK(points[i].value == grid[i]);
        CHECK(points[i].parameters[1] == grid[i]);
        CHECK(points[i].cost == Approx(fit.cost + z * z * fit.residual_variance).epsilon(1e-8));
    }
}

TEST_CASE("a profile keeps to the bounds, and one of a lone parameter is its cost") {
    const LeastSquaresProblem decaying = decay_problem(noisy_decay(std::vector{2.0, 1.5, 0.5}, 4));
    const Fit fit = least_squares(decaying);
    const std::vector<ProfilePoint> points = profile(decaying, fit, 1, std::vector{0.05, 0.5, 1.5, 3.0, 20.0});
    for (const ProfilePoint& point : points) {
        CHECK(point.cost >= fit.cost * (1.0 - 1e-9));
        CHECK(point.parameters[0] >= 0.0);
    }
    CHECK(points[0].cost > points[1].cost);
    CHECK(points[4].cost > points[3].cost);
    CHECK_THROWS_AS(profile(decaying, fit, 1, std::vector{0.01}), std::invalid_argument);
    LeastSquaresProblem lone = line(std::vector{1.0, 2.0});
    lone.parameters[0].fixed = true;
    CHECK(profile(lone, least_squares(lone), 1, std::vector{2.0})[0].cost == Approx(1.0));
}

}  // namespace volstorm

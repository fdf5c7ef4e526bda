#include "volstorm/calibration/least_squares.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "calibration/problems.h"

namespace volstorm {
namespace {

/// (x^2 - 1)^2 + (x - 1)^2 / 10: the least at 1 (zero), another at -(1 + sqrt(0.8)) / 2.
LeastSquaresProblem two_minima(double start) {
    return {{{.name = "x", .start = start, .low = -3.0, .high = 3.0}},
            2,
            [](std::span<const double> p, std::span<double> r) {
                r[0] = p[0] * p[0] - 1.0;
                r[1] = std::sqrt(0.1) * (p[0] - 1.0);
            },
            {}};
}

/// Points on sin(7 x), x = 0, 0.05 ... 5, for the frequency and the amplitude: about ten minima in the frequency.
LeastSquaresProblem sine() {
    return {{{.name = "amplitude", .start = 0.5, .low = 0.0, .high = 3.0},
             {.name = "frequency", .start = 2.0, .low = 1.0, .high = 15.0}},
            101,
            [](std::span<const double> p, std::span<double> r) {
                for (std::size_t i = 0; i < r.size(); ++i) {
                    const double x = 0.05 * static_cast<double>(i);
                    r[i] = p[0] * std::sin(p[1] * x) - std::sin(7.0 * x);
                }
            },
            {}};
}

}  // namespace

TEST_CASE("Rosenbrock's valley is followed to its end") {
    const Fit fit = least_squares(rosenbrock());
    CHECK(fit.parameters[0] == Approx(1.0).epsilon(1e-9));
    CHECK(fit.parameters[1] == Approx(1.0).epsilon(1e-9));
    CHECK(fit.cost < 1e-18);
    CHECK(fit.stop == FitStop::converged);
    CHECK(fit.evaluations < 200);
    CHECK(std::isnan(fit.standard_errors[0]));  // two residuals, two parameters: no degree of freedom left
    CHECK(fit.condition_number > 1.0);
}

TEST_CASE("several starts find the lower of two minima, and the one frequency among many") {
    const Fit one = least_squares(two_minima(-1.5));
    CHECK(one.parameters[0] == Approx(-(1.0 + std::sqrt(0.8)) / 2.0).epsilon(1e-4));
    const Fit many = least_squares(two_minima(-1.5), {.starts = 6});
    CHECK(many.parameters[0] == Approx(1.0).epsilon(1e-7));
    CHECK(many.starts.size() == 6);
    CHECK(many.starts[0].start[0] == -1.5);
    CHECK(many.starts[0].cost == Approx(one.cost));
    CHECK(least_squares(sine()).cost > 1.0);
    CHECK(least_squares(sine(), {.starts = 30}).parameters[1] == Approx(7.0).epsilon(1e-7));
}

TEST_CASE("further starts lie one in each part of every parameter's range, and are a function of the seed") {
    const Fit fit = least_squares(sine(), {.starts = 11, .seed = 4});
    for (std::size_t i = 0; i < 2; ++i) {
        const double low = i == 0 ? 0.0 : 1.0, width = i == 0 ? 0.3 : 1.4;
        std::vector<int> part(10);
        for (std::size_t k = 1; k < 11; ++k) ++part[static_cast<std::size_t>((fit.starts[k].start[i] - low) / width)];
        CHECK(part == std::vector<int>(10, 1));
    }
    CHECK(least_squares(sine(), {.starts = 11, .seed = 4}).starts[7].start == fit.starts[7].start);
    CHECK(least_squares(sine(), {.starts = 11, .seed = 5}).starts[7].start != fit.starts[7].start);
    LeastSquaresProblem valley = rosenbrock();
    CHECK_THROWS_WITH(least_squares(valley, {.starts = 2}), "a: further starts need a finite range within the bounds");
    for (FitParameter& p : valley.parameters) p.start_low = -2.0, p.start_high = 2.0;
    for (const StartResult& start : least_squares(valley, {.starts = 5}).starts) CHECK(start.cost < 1e-12);
}

TEST_CASE("a robust loss holds against outliers that move least squares") {
    std::vector<double> y = normals(60, 1);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = 1.0 + 0.5 * static_cast<double>(i) + 0.1 * y[i];
    for (std::size_t i = 3; i < y.size(); i += 6) y[i] += 10.0;
    const Fit squares = least_squares(line(y));
    CHECK(std::abs(squares.parameters[0] - 1.0) > 1.0);
    for (const Loss loss : {Loss::huber, Loss::soft_l1}) {
        const Fit fit = least_squares(line(y), {.loss = loss, .loss_scale = 0.1});
        CHECK(fit.stop == FitStop::converged);
        CHECK(std::abs(fit.parameters[0] - 1.0) < 0.1);
        CHECK(std::abs(fit.parameters[1] - 0.5) < 0.003);
        CHECK(fit.residuals[3] == Approx(fit.parameters[0] + 3.0 * fit.parameters[1] - y[3]));
    }
    // Far inside of its scale a robust loss is that of squares.
    const Fit wide = least_squares(line(y), {.loss = Loss::huber, .loss_scale = 100.0});
    CHECK(wide.parameters[0] == Approx(squares.parameters[0]));
    CHECK(wide.standard_errors[1] == Approx(squares.standard_errors[1]));
    CHECK(least_squares(line(y), {.loss = Loss::soft_l1, .loss_scale = 1e4}).cost ==
          Approx(squares.cost).epsilon(1e-6));
}

TEST_CASE("the cost of a robust fit is the sum of the losses") {
    // One parameter, data 0, 0 and 10: with s = 1 Huber's minimum has 2 x = 1.
    const LeastSquaresProblem mean{{{.name = "x", .start = 3.0}},
                                   3,
                                   [](std::span<const double> p, std::span<double> r) {
                                       r[0] = r[1] = p[0];
                                       r[2] = p[0] - 10.0;
                                   },
                                   {}};
    const Fit fit = least_squares(mean, {.loss = Loss::huber});
    CHECK(fit.parameters[0] == Approx(0.5).epsilon(1e-5));
    CHECK(fit.cost == Approx(2.0 * 0.25 + (2.0 * 9.5 - 1.0)));
    const Fit soft = least_squares(mean, {.loss = Loss::soft_l1});
    const double x = soft.parameters[0];
    CHECK(2.0 * x / std::hypot(1.0, x) == Approx((10.0 - x) / std::hypot(1.0, 10.0 - x)).epsilon(1e-5));
}

TEST_CASE("the search keeps to its budget, stops when told, and hands over the best point") {
    std::size_t calls = 0;
    LeastSquaresProblem counted = rosenbrock();
    counted.evaluate = [&, inner = rosenbrock().evaluate](std::span<const double> p, std::span<double> r) {
        ++calls;
        inner(p, r);
    };
    const Fit budget = least_squares(counted, {.evaluations = 20});
    CHECK(budget.stop == FitStop::budget);
    CHECK(calls <= 24);  // and two for each parameter
    CHECK(calls == budget.evaluations);
    CHECK(budget.cost < 24.2);
    CHECK(budget.cost == Approx(std::pow(budget.residuals[0], 2) + std::pow(budget.residuals[1], 2)));
    calls = 0;
    const Fit stopped = least_squares(counted, {.stop = [](const FitProgress& now) { return now.evaluations >= 12; }});
    CHECK(stopped.stop == FitStop::stopped);
    CHECK(calls <= 15);
    CHECK(std::isnan(stopped.standard_errors[0]));
    CHECK(least_squares(counted, {.evaluations = 0}).stop == FitStop::budget);
}

TEST_CASE("one-sided differences find the same minimum with fewer evaluations") {
    const LeastSquaresProblem decay{{{.name = "height", .start = 1.0, .low = 0.0, .high = 9.0},
                                     {.name = "rate", .start = 0.3, .low = 0.0, .high = 9.0},
                                     {.name = "floor", .start = 0.0, .low = -1.0, .high = 1.0}},
                                    40,
                                    [](std::span<const double> p, std::span<double> r) {
                                        for (std::size_t i = 0; i < r.size(); ++i) {
                                            const double x = 0.1 * static_cast<double>(i);
                                            const double data = 2.0 * std::exp(-1.3 * x) + 0.05 * std::sin(40.0 * x);
                                            r[i] = p[0] * std::exp(-p[1] * x) + p[2] - data;
                                        }
                                    },
                                    {}};
    const Fit central = least_squares(decay), fit = least_squares(decay, {.one_sided = true});
    CHECK(fit.stop == FitStop::converged);
    CHECK(fit.cost == Approx(central.cost).epsilon(1e-8));
    CHECK(fit.evaluations < central.evaluations);
    for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
        CHECK(std::abs(fit.parameters[i] - central.parameters[i]) < 1e-3 * central.standard_errors[i]);
        CHECK(fit.standard_errors[i] == Approx(central.standard_errors[i]).epsilon(1e-4));
    }
}

TEST_CASE("a batch callback gives the same fit, and gets every column at once") {
    LeastSquaresProblem batched = decay_problem(normals(40, 3));
    const Fit plain = least_squares(batched);
    std::size_t batches = 0;
    batched.batch = [&, one = batched.evaluate](std::size_t count, std::span<const double> p, std::span<double> r) {
        ++batches;
        REQUIRE((p.size() == 3 * count && r.size() == 40 * count));
        for (std::size_t k = 0; k < count; ++k) one(p.subspan(3 * k, 3), r.subspan(40 * k, 40));
    };
    const Fit fit = least_squares(batched);
    CHECK(batches > 2);
    CHECK(fit.parameters == plain.parameters);
    CHECK(fit.evaluations == plain.evaluations);
}

TEST_CASE("where residuals cannot be computed the search turns back, or says so") {
    LeastSquaresProblem root = two_minima(0.5);
    root.evaluate = [](std::span<const double> p, std::span<double> r) {
        r[0] = 4.0 * (std::sqrt(0.9 - p[0]) - 0.2);  // NaN beyond 0.9; zero at 0.86
        r[1] = 0.0;
    };
    CHECK(least_squares(root).parameters[0] == Approx(0.86).epsilon(1e-6));
    root.parameters[0].start = 2.0;
    const Fit none = least_squares(root);
    CHECK(none.stop == FitStop::not_finite_at_start);
    CHECK(std::isinf(none.cost));
    CHECK(least_squares(root, {.starts = 8}).parameters[0] == Approx(0.86).epsilon(1e-6));
    CHECK(to_string(none.stop) == "the residuals at the start are not finite");
}

TEST_CASE("problems that cannot be are refused with the parameter's name") {
    const auto refused = [](auto change, const char* message) {
        LeastSquaresProblem problem = rosenbrock();
        change(problem);
        CHECK_THROWS_WITH(least_squares(problem), message);
    };
    refused([](auto& p) { p.parameters[1].low = 2.0; }, "b: the start is not a number within the bounds");
    refused([](auto& p) { p.parameters[0].low = p.parameters[0].high = 1.0; },
            "a: the lower bound is not below the upper one");
    refused([](auto& p) { p.parameters[0].step = 0.0; }, "a: the step of differences is outside (0, 0.1)");
    refused([](auto& p) { p.residuals = 1; }, "1 residuals do not determine 2 parameters");
    refused([](auto& p) { p.evaluate = {}; }, "the problem has no function for its residuals");
    CHECK_THROWS_WITH(least_squares(rosenbrock(), {.loss = Loss::huber, .residual_variance = 1.0}),
                      "a given residual variance is for the loss of squares");
    LeastSquaresProblem thrower = rosenbrock();
    thrower.evaluate = [](auto, auto) { throw std::runtime_error("no price"); };
    CHECK_THROWS_WITH(least_squares(thrower), "no price");
}

TEST_CASE("a fixed parameter stays, and with nothing free the cost is that of the start") {
    LeastSquaresProblem valley = rosenbrock();
    valley.parameters[0].fixed = true;
    const Fit fit = least_squares(valley);
    CHECK(fit.parameters[0] == -1.2);
    CHECK(fit.parameters[1] == Approx(1.44));
    CHECK(std::isnan(fit.standard_errors[0]));
    CHECK_FALSE(std::isnan(fit.standard_errors[1]));
    valley.parameters[1].fixed = true;
    const Fit none = least_squares(valley);
    CHECK(none.stop == FitStop::nothing_free);
    CHECK(none.cost == Approx(24.2));
    CHECK(none.evaluations == 1);
}

}  // namespace volstorm

#include "volstorm/math/interpolant.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <thread>
#include <vector>

#include "volstorm/math/interpolant_planes.h"

using namespace volstorm;

namespace {

using Point = Interpolant::Point;

constexpr std::array<Interval, 3> kBox{Interval{-1.0, 2.0}, Interval{0.5, 1.5}, Interval{3.0, 7.0}};

Point place(int i, int count) {
    const double n = count;
    return {-1.0 + 3.0 * std::fmod(0.5 + i * 0.754877666, 1.0), 0.5 + std::fmod(0.5 + i * 0.569840291, 1.0),
            3.0 + 4.0 * (i + 0.5) / n};
}

double worst_error(const Interpolant& interpolant, const std::function<double(const Point&)>& f) {
    double worst = 0.0;
    for (int i = 0; i < 500; ++i) worst = std::max(worst, std::abs(interpolant(place(i, 500)) - f(place(i, 500))));
    return worst;
}

double polynomial(const Point& p) {
    return 2.0 + p[0] * p[0] * p[0] * p[1] - 3.0 * p[1] * p[1] * p[2] + 0.1 * p[0] * p[2];
}
double smooth(const Point& p) { return std::exp(-p[0]) / (p[1] + 0.1 * p[2]); }

}  // namespace

TEST_CASE("a polynomial of lower degree than nodes is met exactly") {
    const Interpolant interpolant(kBox, {4, 3, 2}, polynomial);
    CHECK(worst_error(interpolant, polynomial) < 1e-13);
}

TEST_CASE("a trimmed interpolant errs by no more than it may") {
    const Interpolant full(kBox, {20, 20, 20}, smooth);
    for (const double tolerance : {0.0, 1e-9, 1e-4, 1e-2}) {
        const auto trimmed = [t = full.trimmed(tolerance)](const Interpolant::Point& p) { return t(p); };
        CHECK(worst_error(full, trimmed) <= tolerance + 1e-15);
    }
    CHECK(worst_error(full, [t = full.trimmed(1e-4)](const Interpolant::Point& p) { return t(p); }) > 1e-9);
    CHECK(full.trimmed(1e9)({0.5, 0.5, 0.5}) == 0.0);
}

TEST_CASE("a part of the box has the same function, from fewer nodes") {
    const std::array<Interval, 3> part{Interval{0.5, 0.8}, Interval{1.0, 1.5}, kBox[2]};
    const Interpolant whole(kBox, {24, 12, 8}, smooth), on_part = whole.on(part, {7, 8, 8});
    CHECK(on_part.box()[0].high == 0.8);
    double worst = 0.0;
    for (int i = 0; i < 300; ++i) {
        const Point p = place(i, 300), inside{0.5 + 0.1 * (p[0] + 1.0), 1.0 + 0.5 * (p[1] - 0.5), p[2]};
        worst = std::max(worst, std::abs(on_part(inside) - whole(inside)));
    }
    CHECK(worst < 1e-8);
    const Interpolant cubic(kBox, {5, 4, 3}, polynomial);
    const Point corner{0.8, 1.0, 7.0};
    CHECK(std::abs(cubic.on(part, {4, 3, 2})(corner) - polynomial(corner)) < 1e-12);
}

TEST_CASE("an interpolant has at most so many nodes along a variable") {
    const auto nothing = [](const Interpolant::Point&) { return 0.0; };
    CHECK_NOTHROW(Interpolant(kBox, {Interpolant::kMostNodes, 1, 1}, nothing));
    CHECK_THROWS_AS(Interpolant(kBox, {1, Interpolant::kMostNodes + 1, 1}, nothing), std::invalid_argument);
    CHECK_THROWS_AS(Interpolant(kBox, {1, 1, 0}, nothing), std::invalid_argument);
}

TEST_CASE("the error falls geometrically with the nodes") {
    double last = smooth({-1.0, 0.5, 3.0});  // the largest value
    for (const int n : {4, 8, 12}) {
        const double error = worst_error(Interpolant(kBox, {n, n, n}, smooth), smooth);
        CHECK(error < 0.02 * last);
        last = error;
    }
    CHECK(worst_error(Interpolant(kBox, {20, 20, 20}, smooth), smooth) < 1e-12);
}

TEST_CASE("an interpolant passes through its values and extends to the corners") {
    const Interpolant interpolant(kBox, {5, 4, 3}, smooth);
    for (int a = 0; a < 5; ++a) {
        const Point node{Interpolant::node(kBox[0], a, 5), Interpolant::node(kBox[1], a % 4, 4),
                         Interpolant::node(kBox[2], a % 3, 3)};
        CHECK(std::abs(interpolant(node) - smooth(node)) < 1e-13);
    }
    for (const Point& corner : {Point{-1.0, 0.5, 3.0}, Point{-1.0, 0.5, 7.0}}) {
        CHECK(std::abs(Interpolant(kBox, {20, 20, 20}, smooth)(corner) - smooth(corner)) < 1e-12);
    }
}

TEST_CASE("a plane at fixed first variable is the interpolant there") {
    const Interpolant interpolant(kBox, {6, 5, 4}, smooth);
    for (const double x : {-1.0, -0.3, 0.5, 2.0}) {
        const Interpolant plane = interpolant.at_first(x);
        for (int i = 0; i < 50; ++i) {
            const Point p = place(i, 50);
            CHECK(std::abs(plane({123.0, p[1], p[2]}) - interpolant({x, p[1], p[2]})) < 1e-13);
        }
    }
}

TEST_CASE("planes at Chebyshev points, weighed, are the plane between them") {
    // A polynomial of degree 3 in the first variable: four nodes hold it exactly.
    const auto cubic = [](double x) {
        return [x](const Point& p) { return (1.0 + x - 2.0 * x * x * x) * p[1] + x * x * std::cos(p[2]); };
    };
    const std::array<Interval, 3> box{Interval{}, kBox[1], kBox[2]};
    std::vector<Interpolant> planes;
    for (int k = 0; k < 4; ++k)
        planes.emplace_back(box, Interpolant::Sizes{1, 3, 12}, cubic(Interpolant::node(kBox[0], k, 4)));
    for (const double x : {-1.0, -0.2, 0.7, 2.0}) {
        const Interpolant plane = Interpolant::blend(planes, Interpolant::weights(kBox[0], 4, x));
        for (int i = 0; i < 50; ++i) {
            const Point p = place(i, 50);
            CHECK(std::abs(plane(p) - Interpolant(box, {1, 3, 12}, cubic(x))(p)) < 1e-12);
        }
    }
    CHECK(Interpolant::weights(kBox[0], 1, 0.3) == std::vector<double>{1.0});
}

TEST_CASE("a variable with one node is constant and lies anywhere") {
    const auto f = [](const Point& p) { return p[1] * p[1]; };
    const Interpolant interpolant({Interval{1.0, 1.0}, kBox[1], Interval{2.0, 2.0}}, {1, 3, 1}, f);
    CHECK(std::abs(interpolant({9.0, 1.2, -9.0}) - 1.44) < 1e-14);
    const double y = 1.2;
    double value = 0.0;
    interpolant.evaluate(nullptr, &y, nullptr, &value, 1);
    CHECK(std::abs(value - 1.44) < 1e-14);
    CHECK(Interpolant::node({2.0, 4.0}, 0, 1) == 3.0);
}

TEST_CASE("any number of points gives the bits of one by one") {
    const Interpolant interpolant(kBox, {5, 6, 7}, smooth);
    for (const std::size_t count : {1u, 63u, 64u, 65u, 130u, 200u}) {
        std::vector<double> x, y, z, out(count + 1, -1.0);
        for (std::size_t i = 0; i < count; ++i) {
            const Point p = place(static_cast<int>(i), static_cast<int>(count));
            x.push_back(p[0]), y.push_back(p[1]), z.push_back(p[2]);
        }
        interpolant.evaluate(x.data(), y.data(), z.data(), out.data(), count);
        for (std::size_t i = 0; i < count; ++i) REQUIRE(out[i] == interpolant({x[i], y[i], z[i]}));
        CHECK(out[count] == -1.0);
    }
}

TEST_CASE("values come in the order of the nodes, the last variable running fastest") {
    std::vector<double> values;
    for (int a = 0; a < 3; ++a) {
        for (int b = 0; b < 4; ++b) {
            for (int c = 0; c < 5; ++c) {
                values.push_back(smooth({Interpolant::node(kBox[0], a, 3), Interpolant::node(kBox[1], b, 4),
                                         Interpolant::node(kBox[2], c, 5)}));
            }
        }
    }
    const Interpolant from_values(kBox, {3, 4, 5}, values), from_function(kBox, {3, 4, 5}, smooth);
    CHECK(from_values(place(3, 10)) == from_function(place(3, 10)));
}

TEST_CASE("64 nodes on an axis work") {
    const auto wave = [](const Point& p) { return std::sin(8.0 * p[0]); };
    const Interpolant interpolant({kBox[0], Interval{}, Interval{}}, {64, 1, 1}, wave);
    CHECK(worst_error(interpolant, wave) < 1e-12);
}

TEST_CASE("planes of an interpolant are the function at their places, whichever thread asks first") {
    const Interpolant whole(kBox, {24, 12, 8}, smooth);
    const std::vector<double> places{kBox[0].low, 0.3 * kBox[0].low + 0.7 * kBox[0].high, kBox[0].high};
    constexpr double tolerance = 1e-6;
    const InterpolantPlanes planes(whole, places, tolerance);
    std::vector<std::thread> threads;
    std::array<const Interpolant*, 8> seen{};
    for (std::size_t k = 0; k < seen.size(); ++k) threads.emplace_back([&, k] { seen[k] = &planes.plane(1); });
    for (std::thread& thread : threads) thread.join();
    for (const Interpolant* plane : seen) CHECK(plane == &InterpolantPlanes(planes).plane(1));
    for (std::size_t i = 0; i < places.size(); ++i) {
        for (double y = kBox[1].low; y < kBox[1].high; y += 0.17 * (kBox[1].high - kBox[1].low)) {
            const double z = 0.4 * kBox[2].low + 0.6 * kBox[2].high;
            CHECK(std::abs(planes.plane(i)({0.0, y, z}) - whole({places[i], y, z})) <= tolerance);
        }
    }
}

TEST_CASE("lines in powers have the values of the polynomials, to the last bit alike in chunks of any size") {
    for (int terms = 1; terms <= 16; ++terms) {
        const Interpolant whole(kBox, {1, 8, terms}, smooth), trimmed = whole.trimmed(0.0);
        std::vector<double> y, z;
        for (int i = 0; i < 150; ++i) {
            const Point p = place(i, 150);
            y.push_back(p[1]), z.push_back(p[2]);
        }
        std::vector<double> all(y.size()), some(y.size());
        trimmed.evaluate(nullptr, y.data(), z.data(), all.data(), y.size());
        CAPTURE(terms);
        for (std::size_t i = 0; i < y.size(); ++i) CHECK(std::abs(all[i] - whole({0.5, y[i], z[i]})) < 1e-10);
        for (const std::size_t size :
             {std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{17}, std::size_t{64}, std::size_t{65}}) {
            for (std::size_t first = 0; first < y.size(); first += size)
                trimmed.evaluate(nullptr, &y[first], &z[first], &some[first], std::min(size, y.size() - first));
            CHECK(some == all);
        }
    }
}

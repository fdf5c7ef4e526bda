// The states of single paths, from the equations of src/README.md and the same random words alone: a plain loop in
// double, with Random123's own generator and the library's log and cos. The kernel works in float32.
#include <Random123/threefry.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <numbers>

#include "short_run.h"

using namespace volstorm;
using namespace short_run;

namespace {

struct State {
    double x, v, m;
};

// The random words of one path: Threefry4x32, counter (path, draw, part), key (seed, stream, index); 12 rounds for the
// diffusion, which is stream 0, and 20 for the others.
class PathWords {
 public:
    PathWords(std::uint64_t seed, std::uint64_t path) : seed_(seed), path_(path) {}

    // Two words make two normals: the low 31 bits of the second are an angle within a quarter turn of 0, its top bit
    // turns both by half a turn.
    static double uniform(std::uint32_t word) { return std::ldexp(static_cast<double>(word >> 1) + 0.5, -31); }
    static double radius(std::uint32_t word) { return std::sqrt(-2.0 * std::log(uniform(word))); }
    static double angle(std::uint32_t word) {
        const double quarters = std::ldexp(static_cast<double>(static_cast<std::int32_t>(word << 1)), -31);
        return std::numbers::pi * (0.5 * quarters + (word >> 31));
    }
    static double exponential(std::uint32_t word) { return -std::log(uniform(word)); }

    std::array<std::uint32_t, 4> words(std::uint32_t stream, std::uint32_t index, std::uint32_t draw,
                                       std::uint32_t part = 0) const {
        const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
        const threefry4x32_ctr_t counter{{low(path_), low(path_ >> 32), draw, part}};
        const threefry4x32_key_t key{{low(seed_), low(seed_ >> 32), stream, index}};
        const threefry4x32_ctr_t out =
            stream == 0 ? threefry4x32_R(12, counter, key) : threefry4x32_R(20, counter, key);
        return {out.v[0], out.v[1], out.v[2], out.v[3]};
    }

    // Normal number k of the diffusion: twelve of them, for four steps, come from three draws of four words.
    double normal(std::size_t k) const {
        const auto fill = static_cast<std::uint32_t>(k / 12), part = static_cast<std::uint32_t>(k % 12 / 4);
        const auto w = words(0, 0, fill, part);
        const std::size_t pair = k % 4 / 2 * 2;
        const double turn = angle(w[pair + 1]);
        return radius(w[pair]) * (k % 2 == 0 ? std::cos(turn) : std::sin(turn));
    }

 private:
    std::uint64_t seed_, path_;
};

double mean_relative_jump(const JumpFamily& j) {
    const double mean = j.mean_log_jump + 0.5 * j.log_jump_sd * j.log_jump_sd;
    return std::exp(mean) / (1.0 - j.mean_variance_jump * j.variance_jump_slope) - 1.0;
}

// One path, the entry first, by equations 1 and 6.
std::vector<State> simulate(const Experiment& e, std::uint64_t path) {
    const bool physical = e.scenario.sampling.measure == Measure::physical;
    const Parameters& p = physical ? e.day.model.physical : e.day.model.pricing;
    const double growth =
        e.day.market.rate - e.day.market.dividend_yield + (physical ? e.day.model.equity_premium : 0.0);
    const PathWords random(e.scenario.sampling.seed, path);
    std::vector<double> clock;
    std::vector<std::uint32_t> jumps(p.jumps.size());
    for (std::uint32_t j = 0; j < p.jumps.size(); ++j) {
        clock.push_back(PathWords::exponential(random.words(1, j, 0)[0]));
    }
    std::vector<State> states{{0.0, e.day.state.v, e.day.state.m}};
    for (std::size_t step = 0; step < e.timeline.size(); ++step) {
        const Step& s = e.timeline[step];
        State to = states.back();
        const double dt = s.variance_time.value, v = std::max(to.v, 0.0), m = std::max(to.m, 0.0);
        const double dw_x = std::sqrt(dt) * random.normal(3 * step), dw_m = std::sqrt(dt) * random.normal(3 * step + 2);
        const double dw_v = p.rho * dw_x + std::sqrt(1.0 - p.rho * p.rho) * std::sqrt(dt) * random.normal(3 * step + 1);
        to.x += growth * s.rate_time.value - 0.5 * v * dt + std::sqrt(v) * dw_x;
        if (v > 0.0) to.x += 0.25 * p.sigma_v * (dw_x * dw_v - p.rho * dt);
        to.v += p.kappa_v * (m - v) * dt + p.sigma_v * std::sqrt(v) * dw_v;
        to.m += (p.kappa_m * (p.theta_m - m) + p.pull_m * (v - m)) * dt + p.sigma_m * std::sqrt(m) * dw_m;
        for (std::uint32_t j = 0; j < p.jumps.size(); ++j) {
            const JumpFamily& family = p.jumps[j];
            const double hazard = (family.intensity + family.intensity_per_variance * v) * dt;
            to.x -= hazard * mean_relative_jump(family);
            for (clock[j] -= hazard; clock[j] < 0.0;) {
                const auto w = random.words(1, j, ++jumps[j]);
                const double jump_v = family.mean_variance_jump * PathWords::exponential(w[0]);
                const double normal = PathWords::radius(w[1]) * std::cos(PathWords::angle(w[2]));
                to.x += family.mean_log_jump + family.variance_jump_slope * jump_v + family.log_jump_sd * normal;
                to.v += jump_v;
                clock[j] += PathWords::exponential(w[3]);
            }
        }
        if (s.event != kNoEvent) {
            const Event& event = e.day.events[static_cast<std::size_t>(s.event)];
            const auto w = random.words(2, static_cast<std::uint32_t>(s.event), 0);
            const double sd = physical ? event.physical_sd : event.spx_move_sd;
            const double mean = physical ? event.physical_mean : -0.5 * sd * sd;
            to.x += mean + sd * PathWords::radius(w[0]) * std::cos(PathWords::angle(w[1]));
            if (to.v > 0.0) to.v *= 1.0 - event.variance_drop;
        }
        states.push_back(to);
    }
    return states;
}

// VIX by equation 4, with no event ahead: the mean of v by Runge-Kutta over the 30 days.
double vix(const Parameters& p, const State& state) {
    constexpr int kSteps = 60;
    const double tau = 30.0 / 365.0, h = tau / kSteps;
    struct Mean {
        double v, m, integral;
    };
    const auto slope = [&](const Mean& y) {
        Mean d{p.kappa_v * (y.m - y.v), p.kappa_m * (p.theta_m - y.m) + p.pull_m * (y.v - y.m), y.v};
        for (const JumpFamily& j : p.jumps) {
            d.v += (j.intensity + j.intensity_per_variance * y.v) * j.mean_variance_jump;
        }
        return d;
    };
    const auto moved = [](const Mean& y, const Mean& d, double by) {
        return Mean{y.v + by * d.v, y.m + by * d.m, y.integral + by * d.integral};
    };
    Mean y{std::max(state.v, 0.0), std::max(state.m, 0.0), 0.0};
    for (int i = 0; i < kSteps; ++i) {
        const Mean a = slope(y), b = slope(moved(y, a, 0.5 * h)), c = slope(moved(y, b, 0.5 * h)),
                   d = slope(moved(y, c, h));
        y = moved(moved(moved(moved(y, a, h / 6.0), b, h / 3.0), c, h / 3.0), d, h / 6.0);
    }
    double squared = y.integral / tau;
    for (const JumpFamily& j : p.jumps) {
        const double mean = j.mean_log_jump + j.variance_jump_slope * j.mean_variance_jump;
        squared += 2.0 * (j.intensity + j.intensity_per_variance * y.integral / tau) * (mean_relative_jump(j) - mean);
    }
    return 100.0 * std::sqrt(squared);
}

struct Distance {
    double x = 0.0, v = 0.0, m = 0.0, vix = 0.0, pnl = 0.0;
};

// Largest differences from the kernel over a whole block, at every step; the outcome of each path at the end.
Distance distance(const Experiment& e, std::uint64_t first) {
    Distance worst;
    std::vector<std::uint64_t> paths;
    std::vector<std::vector<State>> states;
    for (std::uint64_t path = first; path < first + kBlockPaths; ++path) {
        paths.push_back(path);
        states.push_back(simulate(e, path));
    }
    const auto widen = [](double& most, double a, double b) { most = std::max(most, std::abs(a - b)); };
    PathColumns c;
    Simulator(e).trace(paths, c, [&](std::size_t i, std::size_t step, const PathPoint& point) {
        widen(worst.x, point.x, states[i][step].x);
        widen(worst.v, point.v, states[i][step].v);
        widen(worst.m, point.m, states[i][step].m);
    });
    const auto& k = e.condor->strike;
    for (std::size_t i = 0; i < kBlockPaths; ++i) {
        const double spx = e.day.market.spx * std::exp(states[i].back().x);
        widen(worst.vix, c.vix_end[i], vix(e.day.model.pricing, states[i].back()));
        const double paid = std::clamp(k[1] - spx, 0.0, k[1] - k[0]) + std::clamp(spx - k[2], 0.0, k[3] - k[2]);
        widen(worst.pnl, c.pnl[0][i], 100.0 * (e.condor->credit.value - paid) - 4.0 * 0.65);
    }
    return worst;
}

Text busy(double vix, const std::string& measure) {
    Text text;
    text.vix = vix;
    text.time = "2025-06-17T15:45:00";
    text.sampling = "seed = 987654321987654321\nmethod = \"plain\"\nmeasure = \"" + measure + "\"\n";
    text.rest =
        "[[event]]\nname = \"CPI\"\ntime = 2025-06-18T08:30:00\nspx_move_sd = 0.006\nvariance_drop = 0.2\n"
        "[[event]]\nname = \"FOMC\"\ntime = 2025-06-18T14:02:00\nspx_move_sd = 0.0075\nphysical_mean = 0.001\n";
    return text;
}

}  // namespace

TEST_CASE("the kernel's states are those of the equations, path by path") {
    const double vix = GENERATE(14.0, 40.0);
    const std::string measure = GENERATE("physical", "pricing");
    // The second block lies beyond 2^33: both words of the path number count.
    const std::uint64_t first = GENERATE(std::uint64_t{0}, (std::uint64_t{1} << 33) + 77 * 512);
    const auto e = prepare(busy(vix, measure));
    const Distance worst = distance(*e, first);
    CAPTURE(vix, measure, first);
    CHECK(worst.x < 1e-6);
    CHECK(worst.v < 1e-6);
    CHECK(worst.m < 4e-6 * e->day.state.m);  // m is a float whose steps are rounded to 6e-8 of it
    CHECK(worst.vix < 1e-3);
    CHECK(worst.pnl < 0.5);  // dollars of one condor: 1e-6 of SPX
}
